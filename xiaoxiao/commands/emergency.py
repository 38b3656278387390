"""`xiaoxiao emergency on | off | status`: while a response is in force 小小 makes no small talk."""

from __future__ import annotations

import argparse

from xiaoxiao.commands.actor import actor, add_by
from xiaoxiao.commands.orders import readable
from xiaoxiao.desk.orders import LONGEST_NOTE, Orders
from xiaoxiao.services import build_services


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    on = actions.add_parser("on", help="进入应急状态;再运行一次就换说明")
    on.add_argument(
        "--note", default="", help=f"市民会读到的说明,最多 {LONGEST_NOTE} 字,例如 全市防汛Ⅱ级响应"
    )
    add_by(on)
    add_by(actions.add_parser("off", help="解除应急状态"))
    status = actions.add_parser("status", help="现在是不是应急状态")
    status.add_argument("--history", action="store_true", help="历次进入和解除:谁、何时、说明")


def execute(options: argparse.Namespace) -> int:
    orders = build_services().orders
    if options.action == "on":
        orders.declare(by=actor(options.by), note=options.note)
    elif options.action == "off":
        orders.lift(by=actor(options.by))
    elif options.history:
        print("\n".join(readable(o) for o in orders.log() if not o.topic) or "还没有过应急状态。")
        return 0
    print(_status(orders))
    return 0


def _status(orders: Orders) -> str:
    emergency = orders.standing().emergency
    return readable(emergency) if emergency else "现在不在应急状态。"
