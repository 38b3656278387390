"""One turn of a contact at a time over all workers: what one has learnt of her is there when the next begins."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from xiaoxiao.blocking import Blocking
from xiaoxiao.clock import Clock
from xiaoxiao.errors import XiaoxiaoError
from xiaoxiao.store.port import ConversationStore

log = logging.getLogger(__name__)

_POLL_SECONDS = 0.05


@dataclass
class ContactLock:
    """A lease in the store. Without a `lapse` there are no other workers, and it costs nothing."""

    store: ConversationStore
    blocking: Blocking
    clock: Clock
    worker: str
    lapse: timedelta
    _held: set[str] = field(default_factory=set)

    @asynccontextmanager
    async def alone(self, conversation_id: int) -> AsyncIterator[None]:
        """Waits for the other worker; goes on without it when that takes twice the lapse: she must be answered."""
        if not self.lapse:
            yield
            return
        name = f"turn:{conversation_id}"
        await self._wait(name)
        self._held.add(name)
        try:
            yield
        finally:
            self._held.discard(name)
            await self._free(name)

    async def renew(self) -> None:
        """The turns that run here are alive, however long they take."""
        for name in tuple(self._held):
            await self._take(name)

    async def _wait(self, name: str) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + 2 * self.lapse.total_seconds()
        while not await self._take(name):
            if loop.time() >= end:
                log.warning("a turn of another worker does not end", extra={"lock": name})
                return
            await asyncio.sleep(_POLL_SECONDS)

    async def _take(self, name: str) -> bool:
        return await self.blocking.call(
            self.store.try_lock, name, worker=self.worker, now=self.clock.now(), lapse=self.lapse
        )

    async def _free(self, name: str) -> None:
        try:
            await self.blocking.call(self.store.unlock, name, worker=self.worker)
        except XiaoxiaoError:  # it lapses
            log.warning("a lock was not given back", extra={"lock": name}, exc_info=True)
