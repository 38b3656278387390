"""What the platform pushes: an ordered list of XML fields, rendered with the bytes seen on the wire.

Sources: WeChat pages 接收普通消息 and 接收事件推送; the layout was taken from real signed traffic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union

#: text → CDATA; int and float → bare; a sequence → nested elements
Value = Union[str, int, float, Sequence["Field"]]  # noqa: UP007 - "Field" is not defined yet
Field = tuple[str, Value]


@dataclass(frozen=True)
class Push:
    """One thing to be told to the account's server; repeated deliveries carry the same fields."""

    openid: str
    kind: str  #: MsgType, or the Event's name
    fields: tuple[Field, ...]
    shown: bool = True  #: a passive reply to it is shown to the citizen
    articles: int = 1  #: news items a passive reply may have: 1 for messages, 8 for events


def message(openid: str, gh_id: str, *, at: int, msg_id: int, kind: str, fields: Sequence[Field]) -> Push:
    """A common message (text, image, voice, …); bizmsgmenuid comes after MsgId."""
    own = [f for f in fields if f[0] != "bizmsgmenuid"]
    tail = [f for f in fields if f[0] == "bizmsgmenuid"]
    return Push(openid, kind, (*_common(openid, gh_id, at, kind), *own, ("MsgId", msg_id), *tail))


#: events whose passive reply the citizen never sees
_UNSEEN = frozenset({"unsubscribe", "LOCATION", "VIEW", "view_miniprogram"})


def event(openid: str, gh_id: str, *, at: int, name: str, fields: Sequence[Field] = ()) -> Push:
    """An event: no MsgId. Job reports and the like are not shown either: only acts of the citizen are."""
    shown = (
        name not in _UNSEEN and "JOBFINISH" not in name and not name.startswith(("subscribe_msg", "user_"))
    )
    head = (*_common(openid, gh_id, at, "event"), ("Event", name))
    return Push(openid, name, (*head, *fields), shown=shown, articles=8)


def render(fields: Sequence[Field], *, bare: bool = False) -> bytes:
    """`<xml>` with the first element on the same line, line feeds between, none at the end."""
    inner = "\n".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields)
    return (inner if bare else f"<xml>{inner}\n</xml>").encode("utf-8", "surrogatepass")


def cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _value(value: Value) -> str:
    if isinstance(value, str):
        return cdata(value)
    if isinstance(value, (int, float)):
        return str(value)
    return render(value, bare=True).decode("utf-8", "surrogatepass") + "\n"


def _common(openid: str, gh_id: str, at: int, kind: str) -> tuple[Field, ...]:
    return (("ToUserName", gh_id), ("FromUserName", openid), ("CreateTime", at), ("MsgType", kind))
