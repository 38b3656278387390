"""`xiaoxiao run` (database, model, server) and `xiaoxiao serve` (server only)."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from xiaoxiao.commands.sample import put_sample
from xiaoxiao.services import Services, build_services
from xiaoxiao.store.migration import migrate
from xiaoxiao.training import fitting_model, train


def execute(options: argparse.Namespace) -> int:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads that fight cost more than they bring
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    services = build_services()
    migrate(services.settings.database_url.reveal())
    if put_sample(services):
        print("  查询用的是虚构的样例区数据(sample/),导入真实数据后自动清掉", flush=True)
    if options.command == "run":
        _train(services)
        _ = services.detector  # fitted here if its examples changed, not once in every worker
    _announce(services)
    from xiaoxiao.serve import serve

    serve(services)
    return 0


def _train(services: Services) -> None:
    models = services.settings.model
    if models.suffix == ".gz":
        return  # a particular model was asked for
    if fitting_model(Path.cwd(), models) is None:
        print("▸ 训练(数据变了才需要,约五到七分钟)", flush=True)
    train(Path.cwd(), models)


def _announce(services: Services) -> None:
    settings, persona = services.settings, services.persona
    address = f"http://{settings.host}:{settings.port}"
    print(f"▸ 启动{persona.name}({persona.office}),约几秒……", flush=True)
    if settings.simulated:
        print(f"  没有配置公众号,用模拟器:{address}/simulator", flush=True)
    else:
        print(
            f"  公众号 {settings.wechat_app_id or '(未填 AppID)'} 的回调:{address}/webhooks/wechat/webhook",
            flush=True,
        )
        if not settings.wechat_aes_key:
            print(
                "  注意:明文模式的签名不包括正文,建议改用安全模式(见 docs/howto/connect-wechat.md)",
                flush=True,
            )
    print(f"  健康检查:{address}/health    停止:Ctrl-C", flush=True)
