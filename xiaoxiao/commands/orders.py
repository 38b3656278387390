"""Orders as an operator reads them."""

from __future__ import annotations

from datetime import datetime

from xiaoxiao.clock import CHINA
from xiaoxiao.desk.orders import Order

_ACTS = {"close": "停用", "open": "恢复", "declare": "进入应急状态", "lift": "解除应急状态"}


def readable(order: Order) -> str:
    """11-24 09:30:00  停用  faq/gas_leak  王主任(cli:li)  号码过期"""
    parts = (local(order.at), _ACTS[order.act], order.topic, order.by, order.note)
    return "  ".join(part for part in parts if part)


def local(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
