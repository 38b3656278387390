"""`xiaoxiao menu push | show | delete`: the account's menu, from menu.yml."""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import Any

from xiaoxiao.errors import ConfigurationError, XiaoxiaoError
from xiaoxiao.services import Services, build_services


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("push", "show", "delete"), metavar="push|show|delete")


def execute(options: argparse.Namespace) -> int:
    services = build_services()
    if not services.settings.wechat_app_secret:
        raise ConfigurationError(
            "菜单接口需要 WECHAT_APP_ID 和 WECHAT_APP_SECRET,见 docs/howto/connect-wechat.md。"
        )
    return asyncio.run(_execute(services, options.action))


async def _execute(services: Services, action: str) -> int:
    from connectors.wechat.assembly import open_client
    from connectors.wechat.errors import CallFailed
    from connectors.wechat.menus import MenuInvalid, menu_body

    client = open_client(services)
    try:
        if action == "push":
            await client.create_menu(menu_body(services.menu.describe()))
            print("  菜单已推送;手机上约五分钟内更新,取消关注再关注可立刻看到。")
        elif action == "delete":
            await client.delete_menu()
            print("  菜单已删除。")
        else:
            shown: Any = await client.get_menu()
            print(json.dumps(shown, ensure_ascii=False, indent=2))
    except (MenuInvalid, CallFailed) as problem:
        raise XiaoxiaoError(f"微信没有接受:{problem}") from problem
    finally:
        await client.aclose()
    return 0
