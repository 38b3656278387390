"""The access_token: one for all workers, renewed by one of them at a time.

Source: 获取稳定版接口调用凭据 (/doc/service/api/base/api_getstableaccesstoken.html). stable_token hands every
caller the same token until shortly before it expires: nobody's renewal invalidates somebody else's token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

MARGIN_SECONDS = 300  #: a token is given up this long before it expires; the platform renews it then
LOCK_SECONDS = 15  #: a worker that died while renewing blocks the others no longer than this
POLL_SECONDS = 0.2
CONFIRMED_SECONDS = 30  #: asked about a refused token, WeChat gave the same one: do not ask again so soon


class TokenStore(Protocol):
    """A place all workers share. `MemoryTokenStore` is its twin for one process and for tests."""

    async def get(self, key: str) -> str | None: ...

    async def set(self, key: str, value: str, ttl_seconds: float) -> None: ...

    async def try_lock(self, key: str, lapse_seconds: float) -> bool:
        """True for exactly one caller, until `unlock` or until the lock lapses."""

    async def unlock(self, key: str) -> None: ...


class MemoryTokenStore:
    """Keeps tokens in this process only. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._values: dict[str, tuple[str, float]] = {}
        self._locks: dict[str, float] = {}

    async def get(self, key: str) -> str | None:
        value, expires = self._values.get(key, ("", 0.0))
        return value if value and self._clock() < expires else None

    async def set(self, key: str, value: str, ttl_seconds: float) -> None:
        self._values[key] = (value, self._clock() + ttl_seconds)

    async def try_lock(self, key: str, lapse_seconds: float) -> bool:
        if self._locks.get(key, float("-inf")) > self._clock():
            return False
        self._locks[key] = self._clock() + lapse_seconds
        return True

    async def unlock(self, key: str) -> None:
        self._locks.pop(key, None)


class AccessTokens:
    """Hands out the current token. `fetch` asks WeChat and returns (token, seconds until it expires)."""

    def __init__(
        self,
        app_id: str,
        fetch: Callable[[], Awaitable[tuple[str, float]]],
        store: TokenStore,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._key = f"access_token:{app_id}"
        self._fetch = fetch
        self._store = store
        self._clock = clock
        self._sleep = sleep
        self._flight: asyncio.Task[str] | None = None
        self._confirmed = ("", float("-inf"))

    async def current(self, refused: str | None = None) -> str:
        """A token to use now; not `refused` (one that WeChat just rejected) if there is any other."""
        cached = await self._usable(refused)
        return cached or await self._join(refused)

    async def _usable(self, refused: str | None) -> str | None:
        cached = await self._store.get(self._key)
        return cached if cached != refused else None

    async def _join(self, refused: str | None) -> str:
        """Callers that come while a renewal runs share its outcome, its failure too."""
        if self._flight is None:
            self._flight = asyncio.create_task(self._renew(refused))
            self._flight.add_done_callback(self._landed)
        return await asyncio.shield(self._flight)

    def _landed(self, flight: asyncio.Task[str]) -> None:
        self._flight = None
        if not flight.cancelled():
            flight.exception()  # seen, even when every caller has gone

    async def _renew(self, refused: str | None) -> str:
        locked = await self._lock_or_wait(refused)
        try:
            # another worker may have renewed it while we waited
            return await self._usable(refused) or await self._ask(refused)
        finally:
            if locked:
                await self._store.unlock(self._key)

    async def _lock_or_wait(self, refused: str | None) -> bool:
        for _ in range(int(2 * LOCK_SECONDS / POLL_SECONDS)):
            if await self._store.try_lock(self._key, LOCK_SECONDS):
                return True
            await self._sleep(POLL_SECONDS)
            if await self._usable(refused):
                return False
        return False

    async def _ask(self, refused: str | None) -> str:
        confirmed, since = self._confirmed
        if refused == confirmed and self._clock() - since < CONFIRMED_SECONDS:
            return confirmed
        token, expires_in = await self._fetch()
        lifetime = expires_in - MARGIN_SECONDS if expires_in > 2 * MARGIN_SECONDS else expires_in / 2
        await self._store.set(self._key, token, lifetime)
        if token == refused:
            self._confirmed = (token, self._clock())
        return token
