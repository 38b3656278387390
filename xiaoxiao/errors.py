"""Errors: the docstring of each class is the sentence an operator reads."""

from __future__ import annotations


class XiaoxiaoError(Exception):
    """小小没能做到。"""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class ConfigurationError(XiaoxiaoError):
    """有一项设置缺了或写错了。"""


class NotFound(XiaoxiaoError):
    """没有找到。"""


class InvalidRequest(XiaoxiaoError):
    """请求的格式不对。"""


class Conflict(XiaoxiaoError):
    """别人刚刚改过它;请重新看一下再试。"""


class QueryUnavailable(XiaoxiaoError):
    """数据来源没有回应。"""


class DeliveryFailed(XiaoxiaoError):
    """消息没能送出。"""


class StoreUnavailable(XiaoxiaoError):
    """数据库没有回应。第一次使用请先运行 xiaoxiao migrate;地址见设置 DATABASE_URL。"""


class StorageUnavailable(XiaoxiaoError):
    """照片、视频的存储没有回应;地址见设置 MEDIA_STORAGE。"""
