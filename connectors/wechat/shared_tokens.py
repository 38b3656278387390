"""The access_token in the store that all workers share."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from xiaoxiao.clock import Clock
from xiaoxiao.store.port import ConversationStore


class SharedTokens:
    """A TokenStore of connectors/wechat/tokens.py on the conversation store's key-value table."""

    def __init__(self, store: ConversationStore, clock: Clock, worker: str) -> None:
        self._store, self._clock, self._worker = store, clock, worker

    async def get(self, key: str) -> str | None:
        return await asyncio.to_thread(self._store.recall, key, now=self._clock.now())

    async def set(self, key: str, value: str, ttl_seconds: float) -> None:
        now = self._clock.now()
        expires_at = now + timedelta(seconds=ttl_seconds)
        await asyncio.to_thread(self._store.remember, key, value, now=now, expires_at=expires_at)

    async def try_lock(self, key: str, lapse_seconds: float) -> bool:
        lapse = timedelta(seconds=lapse_seconds)
        return await asyncio.to_thread(
            self._store.try_lock, key, worker=self._worker, now=self._clock.now(), lapse=lapse
        )

    async def unlock(self, key: str) -> None:
        await asyncio.to_thread(self._store.unlock, key, worker=self._worker)
