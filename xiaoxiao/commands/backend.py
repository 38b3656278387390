"""`xiaoxiao backend`: serve the imported data under the contract; check an office's own back end against it."""

from __future__ import annotations

import argparse
import asyncio
import os

from xiaoxiao.errors import ConfigurationError, InvalidRequest
from xiaoxiao.queries.backend_check import Finding, check
from xiaoxiao.queries.plate_types import PlateType, possible_types
from xiaoxiao.queries.plates import parse_plate
from xiaoxiao.queries.violations import OwnerClaim, read_engine_tail
from xiaoxiao.services import build_services
from xiaoxiao.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    serving = actions.add_parser("serve", help="按 docs/reference/backends.yaml 提供已导入的数据")
    serving.add_argument("--host", default="127.0.0.1", help="监听地址,默认只在本机")
    serving.add_argument("--port", type=int, default=5006, help="监听端口,默认 5006")
    checking = actions.add_parser("check", help="逐项试一遍单位自己的后端,列出哪里不合约定")
    checking.add_argument("url", metavar="URL", help="后端地址,如 https://data.example.gov.cn/v1")
    checking.add_argument("--plate", help="一辆已录入的车,用来试违章查询,如 沪A12345")
    checking.add_argument("--plate-type", default="02", help="号牌种类代码,默认 02 小型汽车")
    checking.add_argument("--engine", help="这辆车发动机号后六位")
    checking.add_argument("--code", help="一个已录入的 20 位追溯码")


def execute(options: argparse.Namespace) -> int:
    return _serve(options) if options.action == "serve" else _check(options)


def _serve(options: argparse.Namespace) -> int:
    from xiaoxiao.web.backend_server import create_app

    services = build_services()
    token = services.settings.backend_token
    if not token:
        raise ConfigurationError("请先设置 BACKEND_TOKEN(至少 16 位):没有令牌,谁都能来查。")
    services.store.ping()
    app = create_app(services.own_data, token)
    address = f"http://{options.host}:{options.port}/v1"

    async def announce(*_: object) -> None:
        print(f"✓ 数据后端已就绪:{address}    停止:Ctrl-C", flush=True)

    app.register_listener(announce, "after_server_start")
    try:
        app.run(options.host, options.port, access_log=False, motd=False)
    except OSError as problem:
        raise ConfigurationError(
            f"端口 {options.port} 打不开({problem.strerror})。换一个:--port"
        ) from problem
    return 0


def _check(options: argparse.Namespace) -> int:
    # the address is checked as the setting is
    settings = Settings.read({**os.environ, "BACKEND_URL": options.url})
    findings = asyncio.run(
        check(
            settings.backend_url,
            settings.backend_token.reveal(),
            settings.backend_timeout,
            claim=_claim(options),
            code=options.code,
        )
    )
    for finding in findings:
        print(_line(finding))
    wrong = sum(bool(finding.problem) for finding in findings)
    print(f"共 {len(findings)} 项," + (f"{wrong} 项有问题。" if wrong else "都合约定。"))
    return 1 if wrong else 0


def _claim(options: argparse.Namespace) -> OwnerClaim | None:
    if not options.plate or not options.engine:
        return None
    plate = parse_plate(options.plate)
    if plate is None or options.plate_type not in {kind.value for kind in possible_types(plate)}:
        raise InvalidRequest("--plate 不是车牌号,或与 --plate-type 不符。")
    return OwnerClaim(plate, PlateType(options.plate_type), read_engine_tail(options.engine))


def _line(finding: Finding) -> str:
    mark = "✗" if finding.problem else "✓"
    return f"{mark} {finding.label}({finding.operation})  {finding.problem or finding.note}"
