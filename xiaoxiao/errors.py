"""Errors: the docstring of each class is the sentence an operator reads."""

from __future__ import annotations


class XiaoxiaoError(Exception):
    """小小 could not do this."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class ConfigurationError(XiaoxiaoError):
    """A setting is missing or wrong."""


class NotFound(XiaoxiaoError):
    """Nothing is stored under this name."""


class InvalidRequest(XiaoxiaoError):
    """The request does not have the expected form."""


class Conflict(XiaoxiaoError):
    """Somebody else changed this at the same time; read it again and retry."""


class QueryUnavailable(XiaoxiaoError):
    """The data source does not answer."""


class DeliveryFailed(XiaoxiaoError):
    """The message could not be delivered."""


class StoreUnavailable(XiaoxiaoError):
    """The database does not answer."""
