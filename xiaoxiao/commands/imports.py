"""`xiaoxiao import`: the office's data from files, and what is there already."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path
from typing import Any

from xiaoxiao.clock import CHINA
from xiaoxiao.errors import ConfigurationError, InvalidRequest
from xiaoxiao.queries.examination import KINDS, Examination, examine, headings, write_report
from xiaoxiao.queries.files import read_rows
from xiaoxiao.queries.findings import Origin
from xiaoxiao.queries.kinds import Kind
from xiaoxiao.queries.sample import load_sample
from xiaoxiao.queries.values import Unreadable, moment
from xiaoxiao.services import Services, build_services

#: rows of the report that are also shown
SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="kind", metavar="种类", required=True)
    for kind in KINDS.values():
        one = actions.add_parser(kind.name, help=kind.label)
        one.add_argument("file", type=Path, help="csv、json 或 xlsx 文件")
        one.add_argument(
            "--source", metavar="名称", help="数据是谁的,会告诉市民;不写就用 persona.yml 里的单位"
        )
        one.add_argument("--as-of", metavar="时间", help="数据截止到何时;不写就是现在")
        one.add_argument("--append", action="store_true", help="补充,不替换;同一条以新的为准")
        one.add_argument("--dry-run", action="store_true", help="只检查,不导入")
    template = actions.add_parser("template", help="写出一种数据的表头(CSV)")
    template.add_argument("of", choices=tuple(KINDS), metavar="种类")
    actions.add_parser("sample", help="放入虚构的样例区数据,试用时用;有真实数据时不放")
    actions.add_parser("status", help="现有哪些数据:来源、时间、条数")


def execute(options: argparse.Namespace) -> int:
    if options.kind == "template":
        line = io.StringIO()
        csv.writer(line).writerow(headings(KINDS[options.of]))
        print(line.getvalue().strip())
        return 0
    services = build_services()
    if options.kind == "status":
        return _status(services)
    if options.kind == "sample":
        return _sample(services)
    return _import(services, KINDS[options.kind], options)


def _import(services: Services, kind: Kind[Any], options: argparse.Namespace) -> int:
    origin = _origin(services, options)
    found = examine(kind, read_rows(options.file))
    _report(found, options.file)
    if not found.records:
        raise InvalidRequest(f"{options.file.name} 没有一行可以导入,原有数据不变。")
    if options.dry_run:
        print(f"只检查,没有导入。{kind.label}可导入 {len(found.records)} 条。")
    else:
        write = services.records.append if options.append else services.records.replace
        write(kind, found.records, origin)
        print(
            f"已{'补充' if options.append else '导入'}{kind.label} {len(found.records)} 条,来源:{origin.source}。"
        )
    return 2 if found.rejected else 0


def _origin(services: Services, options: argparse.Namespace) -> Origin:
    source = (options.source or services.persona.office).strip()
    if not 1 <= len(source) <= 80:
        raise InvalidRequest("--source 应为 1 到 80 个字。")
    try:
        as_of = moment(options.as_of) if options.as_of else services.clock.now()
    except Unreadable as problem:
        raise InvalidRequest(f"--as-of {problem}。") from None
    return Origin(source, as_of)


def _report(found: Examination[Any], file: Path) -> None:
    path = file.with_name(f"{file.name}.rejected.csv")
    if not found.rejected:
        path.unlink(missing_ok=True)  # of an earlier try
        return
    write_report(found.rejected, path)
    print(f"有 {found.rejected_rows} 行没有采用,全部列在 {path}:")
    for one in found.rejected[:SHOWN]:
        print(f"  第 {one.row} 行  {one.column}:{one.problem}")


def _sample(services: Services) -> int:
    if not services.settings.on_simulator or services.settings.backend_url:
        raise ConfigurationError("示例数据只能在模拟器里用:已配置了公众号或数据后端。")
    loaded = load_sample(services.root / "sample", services.records, now=services.clock.now())
    print(f"已放入样例区的示例数据:{sum(loaded.values())} 条。导入任何真实数据时,它会全部清掉。")
    return 0


def _status(services: Services) -> int:
    origins = services.records.origins()
    for name, kind in KINDS.items():
        if name not in origins:
            print(f"{name:12} {kind.label}:没有")
            continue
        origin, count = origins[name]
        as_of = origin.as_of.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        print(f"{name:12} {kind.label}:{count} 条,{as_of},{origin.source}")
    return 0
