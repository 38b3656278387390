from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.acceptance.scripted_office import START, Office, says
from xiaoxiao.clock import SettableClock
from xiaoxiao.engine import Reply
from xiaoxiao.hearing import Hearing
from xiaoxiao.schedule import Turns
from xiaoxiao.store.conversation import Answer, Incoming
from xiaoxiao.store.memory import MemoryStore


@pytest.fixture
def office() -> Office:
    office = Office(MemoryStore(), SettableClock(START))
    office.engine.otherwise = says("嗯")
    return office


@pytest.fixture
def turns(office: Office) -> Turns:
    return office.application.turns


@pytest.fixture
def threads(turns: Turns) -> Iterator[None]:
    with ThreadPoolExecutor(2) as executor:
        turns.blocking.executor = executor
        yield


def text(said: str, key: str = "1", **details: Any) -> Incoming:
    return Incoming("wechat", "wx", "openid-1", key, details.pop("kind", "text"), START, said, **details)


async def done(turns: Turns, *incoming: Incoming) -> list[str]:
    """Take them one right after the other; the replies."""
    receipts = [await turns.take(one) for one in incoming]
    return [
        await turns.compose(r.message.id) if await turns.wait(r.message.id, seconds=30) else ""
        for r in receipts
    ]


async def test_a_contacts_queue_is_forgotten_with_its_last_turn(office: Office, turns: Turns) -> None:
    held = office.engine.hold("一")
    first, second = [await turns.take(text(said, said)) for said in "一二"]
    await office.engine.asked.wait()
    assert ["openid-1"] == list(turns._order)
    held.set()
    assert [True, True] == [await turns.wait(r.message.id, seconds=30) for r in (first, second)]
    assert ({}, {}) == (turns._order, turns._running)


async def test_a_waiting_turn_that_is_cancelled_leaves_nothing_behind(office: Office, turns: Turns) -> None:
    held = office.engine.hold("一")
    first, second = [await turns.take(text(said, said)) for said in "一二"]
    await office.engine.asked.wait()
    turns._running[second.message.id].cancel()
    held.set()
    await turns.wait(first.message.id, seconds=30)
    assert {} == turns._order


async def test_the_engine_reads_a_thousand_characters_and_the_store_keeps_all(
    office: Office, turns: Turns
) -> None:
    await done(turns, text("长" * 5000))
    assert (1000, 5000) == (len(office.engine.turns[0][1]), len(turns.store.message(1).incoming.text))


@pytest.mark.usefixtures("threads")
async def test_a_message_stored_by_a_caller_who_hung_up_has_its_turn(office: Office, turns: Turns) -> None:
    taking = asyncio.ensure_future(turns.take(text("您好")))
    await asyncio.sleep(0)
    taking.cancel()
    await asyncio.gather(*turns._arriving)
    assert await turns.wait(1, seconds=30)
    assert ["您好"] == [said for _, said, _ in office.engine.turns]


@pytest.mark.usefixtures("threads")
async def test_what_waits_here_longer_than_the_lapse_is_not_taken_by_others(
    office: Office, turns: Turns
) -> None:
    turns.lapse = timedelta(seconds=30)
    held = office.engine.hold("一")
    receipt = await turns.take(text("一"))
    await office.engine.asked.wait()
    office.clock.advance(seconds=31)
    assert 0 == await turns.resume()
    now = office.clock.now()
    assert not turns.store.lease(receipt.message.id, worker="other", now=now, lapse=turns.lapse)
    held.set()
    await turns.settle(seconds=30)


class _Recogniser:
    def __init__(self, heard: str | Exception | None) -> None:
        self._heard = heard

    async def recognise(self, incoming: Incoming) -> str:
        if self._heard is None:
            await asyncio.Event().wait()
        if isinstance(self._heard, Exception):
            raise self._heard
        return str(self._heard)


async def test_a_recognised_voice_is_answered_and_looked_at_for_danger(office: Office, turns: Turns) -> None:
    turns.turn.hearing = Hearing(_Recogniser("家里煤气漏了"))
    assert "119" in (await done(turns, text("", kind="voice")))[0]
    assert "gas" == turns.store.message(1).danger


@pytest.mark.parametrize("heard", [None, RuntimeError("broken")])
async def test_a_recogniser_that_hangs_or_breaks_leaves_a_voice_message(
    turns: Turns, heard: Exception | None
) -> None:
    turns.turn.hearing = Hearing(_Recogniser(heard), 0.01)
    assert "语音收到" in (await done(turns, text("", kind="voice")))[0]


async def test_a_short_message_brings_the_last_card_and_a_tap_or_a_story_does_not(
    office: Office, turns: Turns
) -> None:
    card = Reply((Answer("伏地"),), intent="faq/quake_indoor", topic="quake_indoor")
    office.engine.replies = {"地震躲哪": card}
    story = "我想把家里的旧家具都捐出去请问你们那边能上门来收吗"
    await done(turns, *(text(said, said) for said in ("地震躲哪", "那老人呢", story)))
    topics = [metadata.get("topic", "-") for metadata in office.engine.told]
    assert [None, "quake_indoor", "-"] == topics


async def test_more_is_asked_of_the_engine_where_a_card_was_answered(office: Office, turns: Turns) -> None:
    office.engine.replies = {"地震躲哪": Reply((Answer("伏地"),), intent="faq/quake_indoor")}
    assert "后面没有了" in (await done(turns, text("还有呢", "1")))[0]
    await done(turns, text("地震躲哪", "2"))
    await done(turns, text("还有呢", "3"))
    assert ["地震躲哪", "还有呢"] == [said for _, said, _ in office.engine.turns]
