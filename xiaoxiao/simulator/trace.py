"""Every exchange between platform and server, kept per citizen and bounded: for the drawer and for tests."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

_HIDDEN = ("access_token", "secret")


@dataclass(frozen=True)
class Exchange:
    id: int
    at: datetime
    openid: str  #: "" for calls that concern nobody in particular (token, menu)
    kind: str  #: "push" or "api"
    title: str  #: MsgType or Event; or the API's path
    query: Mapping[str, str]
    sent: str = ""  #: push: the body as it went over the wire · api: the body received
    plain: str = ""  #: push: the XML before encryption
    status: int | None = (
        None  #: HTTP status of the answer; None while waiting, on time-out, on a lost connection
    )
    answer: str = ""  #: the answer's body as received
    answer_plain: str = ""  #: push: the passive reply after decryption
    attempt: int = 1  #: push: 1–3
    outcome: str = "等待回应"  #: one sentence for people
    milliseconds: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "at": self.at.isoformat(), "query": dict(self.query)}


class Trace:
    """The latest exchanges of each citizen. `listener` hears of every entry and every change."""

    def __init__(self, *, limit: int = 200, listener: Callable[[Exchange], None] | None = None) -> None:
        self._limit = limit
        self._listener = listener
        self._kept: dict[str, deque[Exchange]] = {}
        self._next = 1

    @property
    def upcoming(self) -> int:
        """The id that the next entry will have."""
        return self._next

    def add(self, *, at: datetime, openid: str, kind: str, title: str, **details: Any) -> Exchange:
        exchange = Exchange(id=self._next, at=at, openid=openid, kind=kind, title=title, **_hide(details))
        self._next += 1
        self._kept.setdefault(openid, deque(maxlen=self._limit)).append(exchange)
        self._tell(exchange)
        return exchange

    def update(self, exchange: Exchange, **details: Any) -> Exchange:
        changed = replace(exchange, **details)
        kept = self._kept.setdefault(exchange.openid, deque(maxlen=self._limit))
        for position, present in enumerate(kept):
            if present.id == exchange.id:
                kept[position] = changed
        self._tell(changed)
        return changed

    def of(self, openid: str = "") -> list[Exchange]:
        """Oldest first."""
        return list(self._kept.get(openid, ()))

    def pushes(self, openid: str) -> list[Exchange]:
        return [e for e in self.of(openid) if e.kind == "push"]

    def calls(self, openid: str = "", path: str | None = None) -> list[Exchange]:
        return [e for e in self.of(openid) if e.kind == "api" and path in (None, e.title)]

    def _tell(self, exchange: Exchange) -> None:
        if self._listener:
            self._listener(exchange)


def _hide(details: dict[str, Any]) -> dict[str, Any]:
    query = details.get("query", {})
    shown = {k: v[:4] + "…" if k in _HIDDEN else v for k, v in query.items()}
    return {**details, "query": shown}
