"""What an HTTP answer of the WeChat API means. Errors come with status 200; no JSON object is a failure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from connectors.wechat.errors import WeChatError, WeChatUncertain, WeChatUnreachable
from connectors.wechat.redaction import redact

_RID = re.compile(r"[\s,]*\brid:\s*([0-9A-Za-z-]+)")


@dataclass(frozen=True)
class Answer:
    status: int  #: of HTTP
    content_type: str
    content: bytes

    @property
    def successful(self) -> bool:
        return 200 <= self.status < 300


def interpret(answer: Answer, path: str, *secrets: str) -> dict[str, Any]:
    """The JSON object of a successful call.

    Raises WeChatError for an errcode, WeChatUnreachable when something else refused the request (a proxy's
    403), WeChatUncertain when what came back tells nothing about the outcome.
    """
    data = json_object(answer.content)
    if data is None:
        raise no_answer(answer, path)
    refusal = refused(data, *secrets)
    if refusal:
        raise refusal
    if not answer.successful:
        raise no_answer(answer, path)
    return data


def json_object(content: bytes) -> dict[str, Any] | None:
    """The object in a body, None when there is none. Byte-order mark and control characters are tolerated."""
    try:
        data = json.loads(content.decode("utf-8-sig"), strict=False)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def refused(data: dict[str, Any], *secrets: str) -> WeChatError | WeChatUncertain | None:
    """The error an object stands for; None for success (errcode 0 or absent)."""
    code = data.get("errcode", 0)
    try:
        code = int(code)
    except (TypeError, ValueError):
        return WeChatUncertain("The errcode is not a number.")
    if code == 0:
        return None
    text = redact(str(data.get("errmsg", "")), *secrets)
    rid = _RID.search(text)
    return WeChatError(code, _RID.sub("", text).strip(), rid.group(1) if rid else "")


def no_answer(answer: Answer, path: str) -> WeChatUnreachable | WeChatUncertain:
    """The failure that an answer without a usable object is."""
    if 300 <= answer.status < 500:
        return WeChatUnreachable(f"{path}: HTTP {answer.status} from something that is not WeChat.")
    return WeChatUncertain(f"{path}: HTTP {answer.status} without the expected content.")
