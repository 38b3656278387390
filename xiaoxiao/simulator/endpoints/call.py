"""A call of the WeChat API and its answer, without HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: `\uXXXX` of a printable character: the platform does not decode it (40033)
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[01][0-9a-fA-F])[0-9a-fA-F]{4}")


class ApiError(Exception):
    """The call is refused with this errcode."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg


@dataclass(frozen=True)
class Call:
    method: str
    path: str  #: below /cgi-bin/
    query: Mapping[str, str]
    body: bytes = b""
    content_type: str = ""

    def json(self) -> dict[str, Any]:
        """The body as an object. Raises ApiError 44002, 40033, 47001."""
        if not self.body.strip():
            raise ApiError(44002, "empty post data")
        if _ESCAPED.search(self.body):
            raise ApiError(
                40033, r"invalid charset. please check your request, if include \uxxxx will create fail!"
            )
        try:
            data = json.loads(self.body)
        except ValueError as exc:
            raise ApiError(47001, "data format error") from exc
        if not isinstance(data, dict):
            raise ApiError(47001, "data format error")
        return data


def part(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object below `name`. Raises ApiError 47001."""
    value = data.get(name)
    if not isinstance(value, dict):
        raise ApiError(47001, f"data format error, {name} missing")
    return value


def text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
