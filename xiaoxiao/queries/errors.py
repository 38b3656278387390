"""What can go wrong with a query. No message carries a plate, a number or a word of the citizen's."""

from __future__ import annotations

import asyncio
from datetime import datetime

from xiaoxiao.errors import NotFound, QueryUnavailable, XiaoxiaoError

__all__ = [
    "UNAVAILABLE",
    "BadAnswer",
    "NoData",
    "NotFound",
    "OwnerUnproven",
    "QueryRefused",
    "QueryUnavailable",
    "TooManyTries",
]


class NoData(XiaoxiaoError):
    """本单位还没有这类数据;请走官方入口。"""


class QueryRefused(XiaoxiaoError):
    """数据后端拒绝了请求;请核对 BACKEND_URL 和 BACKEND_TOKEN。"""


class BadAnswer(QueryUnavailable):
    """数据后端的回答不合约定,没有采用;请用 xiaoxiao backend check 检查。"""


#: A back end that fails, whatever the reason: nothing she did, and another try may help.
UNAVAILABLE = (QueryUnavailable, QueryRefused, asyncio.TimeoutError)


class OwnerUnproven(XiaoxiaoError):
    """车牌与发动机号后六位对不上,或者没有这辆车。"""


class TooManyTries(XiaoxiaoError):
    """核对失败的次数太多,暂时不能再试。"""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until  #: when the next try is allowed
