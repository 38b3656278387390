"""Turns of one conversation come one after the other; other conversations do not wait."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

from extensions.lock_store import LocalLockStore, RedisTurnLockStore, open_lock_store


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.redis)])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[LockStore]:
    if request.param == "local":
        yield LocalLockStore()
        return
    url = os.environ.get("TEST_REDIS_URL")
    if not url:
        pytest.skip("TEST_REDIS_URL is not set")
    redis = RedisTurnLockStore(url=url)
    yield redis
    await redis.close()


async def test_two_turns_of_one_conversation_never_overlap(store: LockStore) -> None:
    inside: list[str] = []

    async def turn(name: str) -> None:
        async with store.lock("wang"):
            inside.append(f"{name} in")
            await asyncio.sleep(0)
            inside.append(f"{name} out")

    await asyncio.gather(*(turn(name) for name in "abcd"))
    pairs = list(zip(inside[::2], inside[1::2], strict=True))
    assert [(f"{first[0]} in", f"{first[0]} out") for first, _ in pairs] == pairs


async def test_another_conversation_does_not_wait(store: LockStore) -> None:
    async with store.lock("wang"), store.lock("li"):
        pass


async def test_a_turn_that_does_not_end_is_an_error_for_the_next(store: LockStore) -> None:
    async with store.lock("wang"):
        with pytest.raises(LockError):
            async with store.lock("wang", lock_lifetime=0.05):
                pass


async def test_a_failed_turn_leaves_no_lock_behind(store: LockStore) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.lock("wang"):
            raise ZeroDivisionError
    async with store.lock("wang", lock_lifetime=0.05):
        pass


async def test_the_local_store_forgets_conversations_without_a_turn() -> None:
    store = LocalLockStore()
    async with store.lock("wang"):
        pass
    assert store._locks == {}


async def test_local_turns_come_in_the_order_they_were_asked_for() -> None:
    store, order = LocalLockStore(), []

    async def turn(number: int) -> None:
        async with store.lock("wang"):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(turn(number) for number in range(5)))
    assert order == [0, 1, 2, 3, 4]


def test_endpoints_yml_can_name_the_stores() -> None:
    named = EndpointConfig(type="extensions.lock_store.RedisTurnLockStore", url="redis://127.0.0.1:1/0")
    assert isinstance(LockStore.create(named), RedisTurnLockStore)
    assert isinstance(
        LockStore.create(EndpointConfig(type="extensions.lock_store.LocalLockStore")), LocalLockStore
    )


def test_without_redis_the_lock_is_local() -> None:
    assert isinstance(open_lock_store(""), LocalLockStore)
