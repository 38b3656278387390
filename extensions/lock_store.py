"""One turn at a time per conversation, without Rasa's polling once a second.

Rasa's ticket lock is asked again after a whole second, so four quick messages of one person wait a second
each; and its Redis variant reads and writes the ticket list in two steps, so two workers may draw the same
number. Here a waiting turn is woken at once inside one process, and Redis's own lock decides between
processes.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore, LockError, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError as RedisLockError

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.02


class LocalLockStore(InMemoryLockStore):
    """For one process: first come, first served."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        super().__init__()
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: Counter[str] = Counter()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = _POLL_SECONDS,
    ) -> AsyncGenerator[TicketLock, None]:
        """Raises LockError when the turn before this one has not ended within `lock_lifetime` seconds."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._users[conversation_id] += 1
        try:
            await _acquire(lock, conversation_id, lock_lifetime)
            try:
                yield TicketLock(conversation_id)
            finally:
                lock.release()
        finally:
            self._leave(conversation_id)

    def _leave(self, conversation_id: str) -> None:
        self._users[conversation_id] -= 1
        if not self._users[conversation_id]:
            del self._users[conversation_id], self._locks[conversation_id]


async def _acquire(lock: asyncio.Lock, conversation_id: str, lifetime: float) -> None:
    if not lock.locked():  # nobody to wait for: spare the timer
        await lock.acquire()
        return
    try:
        await asyncio.wait_for(lock.acquire(), lifetime)
    except asyncio.TimeoutError:
        raise LockError(f"The turn before this one in '{conversation_id}' does not end.") from None


class RedisTurnLockStore(LockStore):
    """For several processes. In endpoints.yml: `lock_store: {type: …RedisTurnLockStore, url: redis://…}`."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, url: str | None = None) -> None:
        super().__init__()
        address = url or (endpoint_config.url if endpoint_config else None) or "redis://127.0.0.1:6379/1"
        self._redis: Redis[bytes] = Redis.from_url(address, socket_timeout=10)

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = _POLL_SECONDS,
    ) -> AsyncGenerator[TicketLock, None]:
        """Raises LockError as above. A lock whose process died lapses after `lock_lifetime` seconds."""
        lock = self._redis.lock(
            f"xiaoxiao:turn:{conversation_id}",
            timeout=lock_lifetime,
            sleep=min(wait_time_in_seconds, _POLL_SECONDS),
            blocking_timeout=lock_lifetime,
        )
        if not await lock.acquire():
            raise LockError(f"The turn before this one in '{conversation_id}' does not end.")
        try:
            yield TicketLock(conversation_id)
        finally:
            await _release(lock, conversation_id)

    async def close(self) -> None:
        await self._redis.close()


async def _release(lock: Lock, conversation_id: str) -> None:
    try:
        await lock.release()
    except RedisLockError:
        logger.warning("A turn in '%s' outlived its lock.", conversation_id)


def open_lock_store(redis_url: str = "") -> LockStore:
    """Redis when an address is given, else this process's own."""
    return RedisTurnLockStore(url=redis_url) if redis_url else LocalLockStore()
