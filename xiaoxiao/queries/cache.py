"""Answers kept for some seconds, and one question at a time: a thousand citizens asking at once are one request."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from xiaoxiao.clock import Clock

MOST = 200


class Cache:
    """Failures are shared by those who wait, never kept. Nothing old is given for something new."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[datetime, Any]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Any]] = {}

    async def get(self, key: str, keep: timedelta, ask: Callable[[], Awaitable[Any]]) -> Any:
        """What is kept under the key, else what `ask` returns. `keep` zero: always asks."""
        if not keep:
            return await ask()
        known = self._kept.get(key)
        if known is not None and self._clock.now() < known[0]:
            return known[1]
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.ensure_future(self._ask(key, keep, ask))
            task.add_done_callback(_seen)
        return await asyncio.shield(task)  # who gives up does not take the answer from the others

    async def _ask(self, key: str, keep: timedelta, ask: Callable[[], Awaitable[Any]]) -> Any:
        try:
            answer = await ask()
            self._kept[key] = (self._clock.now() + keep, answer)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            return answer
        finally:
            self._asking.pop(key, None)


def _seen(task: asyncio.Task[Any]) -> None:
    """A failure for which nobody waits any more is none to be logged."""
    if not task.cancelled():
        task.exception()
