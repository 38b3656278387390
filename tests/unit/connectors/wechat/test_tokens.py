"""The access_token: one renewal at a time, in a worker and among workers."""

from __future__ import annotations

import asyncio

import pytest

from connectors.wechat.tokens import LOCK_SECONDS, AccessTokens, MemoryTokenStore

from .fake_wechat import Clock

KEY = "access_token:wx1"


class Platform:
    """Issues tokens; `gate` holds a request until the test opens it."""

    def __init__(self, *, always_the_same: bool = False, expires_in: float = 7200) -> None:
        self.asked = 0
        self.expires_in = expires_in
        self.called = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.failure: Exception | None = None
        self._same = always_the_same

    async def issue(self) -> tuple[str, float]:
        self.asked += 1
        self.called.set()
        number = 1 if self._same else self.asked
        await self.gate.wait()
        if self.failure:
            raise self.failure
        return f"tok-{number}", self.expires_in


def worker(platform: Platform, store: MemoryTokenStore, clock: Clock) -> AccessTokens:
    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        await asyncio.sleep(0)

    return AccessTokens("wx1", platform.issue, store, clock=clock, sleep=sleep)


async def test_a_token_is_kept_until_five_minutes_before_it_expires() -> None:
    clock, platform = Clock(), Platform()
    tokens = worker(platform, MemoryTokenStore(clock), clock)

    assert await tokens.current() == "tok-1"
    clock.now += 7200 - 301
    assert await tokens.current() == "tok-1"
    clock.now += 1
    assert await tokens.current() == "tok-2"


async def test_a_token_near_its_end_is_kept_for_half_of_what_remains() -> None:
    clock, platform = Clock(), Platform(expires_in=200)
    tokens = worker(platform, MemoryTokenStore(clock), clock)

    await tokens.current()
    clock.now += 99
    assert await tokens.current() == "tok-1"
    clock.now += 1
    assert await tokens.current() == "tok-2"


async def test_twenty_callers_cause_one_request() -> None:
    clock, platform = Clock(), Platform()
    tokens = worker(platform, MemoryTokenStore(clock), clock)

    assert ["tok-1"] * 20 == await asyncio.gather(*(tokens.current() for _ in range(20)))
    assert platform.asked == 1


async def test_twenty_callers_with_one_refused_token_cause_one_renewal() -> None:
    clock, platform = Clock(), Platform()
    tokens = worker(platform, MemoryTokenStore(clock), clock)
    await tokens.current()

    assert ["tok-2"] * 20 == await asyncio.gather(*(tokens.current("tok-1") for _ in range(20)))
    assert platform.asked == 2


async def test_five_workers_cause_one_request() -> None:
    clock, platform = Clock(), Platform()
    store = MemoryTokenStore(clock)
    workers = [worker(platform, store, clock) for _ in range(5)]

    assert ["tok-1"] * 5 == await asyncio.gather(*(tokens.current() for tokens in workers))
    assert platform.asked == 1


async def test_a_worker_takes_the_token_that_another_has_renewed() -> None:
    clock, platform = Clock(), Platform()
    store = MemoryTokenStore(clock)
    one, other = worker(platform, store, clock), worker(platform, store, clock)
    await one.current()

    assert await one.current("tok-1") == "tok-2"
    assert await other.current("tok-1") == "tok-2"
    assert platform.asked == 2


async def test_the_same_token_again_is_not_asked_for_twice_in_half_a_minute() -> None:
    clock, platform = Clock(), Platform(always_the_same=True)
    tokens = worker(platform, MemoryTokenStore(clock), clock)
    await tokens.current()

    for _ in range(10):
        assert await tokens.current("tok-1") == "tok-1"
    assert platform.asked == 2

    clock.now += 31
    assert await tokens.current("tok-1") == "tok-1"
    assert platform.asked == 3


async def test_a_lock_left_behind_by_a_dead_worker_lapses() -> None:
    clock, platform = Clock(), Platform()
    store = MemoryTokenStore(clock)
    await store.try_lock(KEY, LOCK_SECONDS)

    assert await worker(platform, store, clock).current() == "tok-1"
    assert round(sum(clock.slept)) == LOCK_SECONDS


async def test_a_lock_that_never_opens_does_not_stop_the_service() -> None:
    clock, platform = Clock(), Platform()

    class Stuck(MemoryTokenStore):
        async def try_lock(self, key: str, lapse_seconds: float) -> bool:
            return False

    assert await worker(platform, Stuck(clock), clock).current() == "tok-1"


async def test_a_failure_is_shared_once_and_then_tried_again() -> None:
    clock, platform = Clock(), Platform()
    store = MemoryTokenStore(clock)
    tokens = worker(platform, store, clock)
    platform.failure = RuntimeError("down")

    outcomes = await asyncio.gather(*(tokens.current() for _ in range(5)), return_exceptions=True)

    assert ["down"] * 5 == [str(outcome) for outcome in outcomes]
    assert platform.asked == 1
    assert await store.try_lock(KEY, 1), "the lock is given back"
    await store.unlock(KEY)
    platform.failure = None
    assert await tokens.current() == "tok-2"


async def test_a_caller_that_gives_up_does_not_stop_the_others() -> None:
    clock, platform = Clock(), Platform()
    tokens = worker(platform, MemoryTokenStore(clock), clock)
    platform.gate.clear()
    first, second = asyncio.create_task(tokens.current()), asyncio.create_task(tokens.current())
    await platform.called.wait()

    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    platform.gate.set()

    assert await second == "tok-1"
    assert platform.asked == 1


async def test_the_memory_store_forgets_in_time_and_locks_once() -> None:
    clock = Clock()
    store = MemoryTokenStore(clock)
    await store.set("k", "v", 10)

    assert await store.get("k") == "v"
    assert await store.get("other") is None
    clock.now += 10
    assert await store.get("k") is None

    assert await store.try_lock("k", 5)
    assert not await store.try_lock("k", 5)
    assert await store.try_lock("other", 5)
    await store.unlock("k")
    assert await store.try_lock("k", 5)
    clock.now += 5
    assert await store.try_lock("k", 5)
