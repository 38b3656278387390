"""What changed, numbered: the page asks for everything after the last number it has seen."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    number: int
    kind: str  #: bubble typing following citizen menu exchange
    openid: str
    data: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {"number": self.number, "kind": self.kind, "openid": self.openid, "data": dict(self.data)}


class Feed:
    def __init__(self, *, limit: int = 2_000) -> None:
        self._changes: deque[Change] = deque(maxlen=limit)
        self._waiting: set[asyncio.Future[None]] = set()
        self.number = 0

    def publish(self, kind: str, openid: str = "", data: Mapping[str, Any] | None = None) -> None:
        self.number += 1
        self._changes.append(Change(self.number, kind, openid, data or {}))
        self.wake()

    def wake(self) -> None:
        """Release everybody who waits (also when the server stops)."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    def since(self, number: int) -> list[Change] | None:
        """Changes after `number`; None when some are forgotten: then the whole state must be read again."""
        if number > self.number or (self._changes and number < self._changes[0].number - 1):
            return None
        return [c for c in self._changes if c.number > number]

    async def wait(self, number: int, *, seconds: float) -> None:
        """Until there is something after `number`, at most `seconds`."""
        if self.number != number:
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except asyncio.TimeoutError:
            self._waiting.discard(waiter)
