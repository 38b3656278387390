"""What a citizen sees in the chat, and the links WeChat makes of the text inside."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Side(str, Enum):
    CITIZEN = "citizen"  #: she sent it (green, right)
    ACCOUNT = "account"  #: the account sent it (white, left)
    NOTICE = "notice"  #: the platform says it (grey, centre)


@dataclass(frozen=True)
class Segment:
    """A run of text; a link when `say` or `url` is set."""

    text: str
    say: str | None = None  #: tapping sends this text in her place …
    menu_id: str | None = None  #: … with this bizmsgmenuid
    url: str | None = None  #: tapping opens this page (http or https)


@dataclass(frozen=True)
class Bubble:
    id: int
    at: datetime
    side: Side
    kind: str  #: text image voice video music news location link file msgmenu template card notice …
    text: str  #: everything readable in it, as text
    data: Mapping[str, Any] = field(default_factory=dict)  #: what the page needs besides, JSON-able
    exchange: int | None = None  #: the trace entry that brought it

    @property
    def segments(self) -> tuple[Segment, ...]:
        if self.side is not Side.ACCOUNT or self.kind not in ("text", "msgmenu"):
            return (Segment(self.text),)
        return tuple(segments(self.text)) + tuple(
            Segment(item["content"], say=item["content"], menu_id=str(item["id"]))
            for item in self.data.get("list", ())
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "side": self.side.value,
            "kind": self.kind,
            "text": self.text,
            "segments": [vars(s) for s in self.segments],
            "data": dict(self.data),
            "exchange": self.exchange,
        }


_LINK = re.compile(
    r"<a\s[^>]*?href\s*=\s*(?P<quote>[\"'])(?P<href>.*?)(?P=quote)[^>]*>(?P<label>.*?)</a>"
    r"|(?P<bare>https?://[\w\-.~:/?#@!$&*+,;=%]+)",
    re.DOTALL | re.IGNORECASE | re.ASCII,
)


def segments(text: str) -> Iterator[Segment]:
    """Cut text at `<a href>` and bare addresses: all that WeChat renders; other tags stay as typed."""
    position = 0
    for match in _LINK.finditer(text):
        if match.start() > position:
            yield Segment(text[position : match.start()])
        if match["bare"]:
            yield Segment(match["bare"], url=match["bare"])
        else:
            yield _link(html.unescape(match["label"]), match["href"].replace("&amp;", "&").strip())
        position = match.end()
    if position < len(text):
        yield Segment(text[position:])


def _link(label: str, href: str) -> Segment:
    try:
        parts = urlsplit(href)
    except ValueError:
        return Segment(label)
    if parts.scheme == "weixin" and parts.netloc == "bizmsgmenu":
        query = parse_qs(parts.query.replace("+", "%2B"), keep_blank_values=True)
        content = query.get("msgmenucontent", [label])[0]
        return Segment(label, say=content, menu_id=query.get("msgmenuid", [""])[0])
    if parts.scheme in ("http", "https"):
        return Segment(label, url=href)
    return Segment(label)
