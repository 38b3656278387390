"""Two workers on one database: the turns of one contact never overlap, so that neither's form is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from tests.contract.storing import LAPSE, NOW, says
from xiaoxiao.blocking import Blocking
from xiaoxiao.clock import SettableClock
from xiaoxiao.outcome import Outcome
from xiaoxiao.schedule import Turns
from xiaoxiao.store.conversation import Conversation, Incoming, Message
from xiaoxiao.store.form_state import FormState
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.turn import Turn

OPEN = FormState("report", {}, "what", NOW, NOW)


class Adding:
    """Every message adds itself to the form that it finds, and takes its time over it."""

    def __init__(self, store: ConversationStore, blocking: Blocking) -> None:
        self.store, self.blocking = store, blocking
        self.running = self.most = 0

    async def heard(self, incoming: Incoming) -> Incoming:
        return incoming

    async def danger(
        self, message: Message, incoming: Incoming, conversation: Conversation
    ) -> Outcome | None:
        return Outcome(danger="fire") if incoming.text == "着火了" else None

    def broken(self) -> Outcome:
        return Outcome()

    async def leads_to(self, message: Message, incoming: Incoming) -> Outcome:
        self.running += 1
        self.most = max(self.most, self.running)
        form = await self.blocking.call(self.store.form, message.conversation_id)
        await asyncio.sleep(0.05)
        self.running -= 1
        said = [*form.values.get("said", ()), incoming.text]
        return Outcome(form=replace(OPEN, values={"said": said}))


@pytest.fixture
def blocking() -> Iterator[Blocking]:
    with ThreadPoolExecutor(8) as threads:
        yield Blocking(threads)


@pytest.fixture
def adding(store: ConversationStore, blocking: Blocking) -> Adding:
    return Adding(store, blocking)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


def worker(name: str, adding: Adding, clock: SettableClock, lapse: timedelta = LAPSE) -> Turns:
    turn = cast(Turn, cast(Any, adding))
    return Turns(turn, adding.store, lambda rows: cast(Any, None), clock, name, adding.blocking, lapse)


async def take(turns: Turns, key: str, contact: str = "openid-1", text: str = "") -> int:
    incoming = says(text or f"第{key}句", key=key, contact=contact)
    return (await turns.take(incoming)).message.id


async def test_what_both_workers_took_is_all_there(adding: Adding, clock: SettableClock) -> None:
    first, second = worker("w1", adding, clock), worker("w2", adding, clock)
    for key in range(0, 6, 2):
        await asyncio.gather(take(first, str(key)), take(second, str(key + 1)))
    await first.settle(seconds=10)
    await second.settle(seconds=10)
    found = adding.store.form(adding.store.find("openid-1").id)
    assert [f"第{key}句" for key in range(6)] == sorted(found.values["said"])
    assert 1 == adding.most


async def test_different_contacts_wait_for_nobody(adding: Adding, clock: SettableClock) -> None:
    first, second = worker("w1", adding, clock), worker("w2", adding, clock)
    await asyncio.gather(take(first, "1", "a"), take(second, "2", "b"))
    await first.settle(seconds=10)
    await second.settle(seconds=10)
    assert 2 == adding.most


async def test_danger_waits_for_no_other_worker(adding: Adding, clock: SettableClock) -> None:
    first, second = worker("w1", adding, clock), worker("w2", adding, clock)
    await take(first, "1")
    alarm = await take(second, "2", text="着火了")
    assert await second.wait(alarm, seconds=10)
    assert adding.store.message(alarm).handled_at is not None
    assert 0 == len(adding.store.form(adding.store.find("openid-1").id).values)
    await first.settle(seconds=10)


async def test_a_worker_that_died_keeps_nobody_waiting(adding: Adding, clock: SettableClock) -> None:
    turns = worker("w1", adding, clock)
    known = await take(turns, "1")
    await turns.settle(seconds=10)
    conversation = adding.store.message(known).conversation_id
    assert adding.store.try_lock(f"turn:{conversation}", worker="dead", now=clock.now(), lapse=LAPSE)
    clock.advance(seconds=30)
    later = await take(turns, "2")
    assert await turns.wait(later, seconds=10)
    assert ["第1句", "第2句"] == adding.store.form(conversation).values["said"]


async def test_after_a_turn_nothing_is_locked(adding: Adding, clock: SettableClock) -> None:
    turns = worker("w1", adding, clock)
    known = await take(turns, "1")
    await turns.settle(seconds=10)
    name = f"turn:{adding.store.message(known).conversation_id}"
    assert adding.store.try_lock(name, worker="w2", now=clock.now(), lapse=LAPSE)
