from __future__ import annotations

import asyncio

from xiaoxiao.simulator.feed import Feed


def test_changes_after_a_number_come_in_order() -> None:
    feed = Feed()
    for kind in ("citizen", "bubble", "typing"):
        feed.publish(kind, "o")
    assert ["bubble", "typing"] == [c.kind for c in feed.since(1) or []]
    assert [] == feed.since(3)


def test_forgotten_changes_ask_for_the_whole_state() -> None:
    feed = Feed(limit=2)
    for _ in range(4):
        feed.publish("bubble")
    assert feed.since(1) is None
    assert feed.since(2) is not None


def test_a_number_from_before_a_restart_asks_for_the_whole_state() -> None:
    assert Feed().since(7) is None


async def test_who_waits_is_woken_by_the_next_change() -> None:
    feed = Feed()
    waiting = asyncio.ensure_future(feed.wait(0, seconds=60))
    await asyncio.sleep(0)
    feed.publish("bubble")
    await waiting
    assert 1 == feed.number


async def test_waiting_ends_after_the_given_time_or_at_once_when_there_is_news() -> None:
    feed = Feed()
    await feed.wait(0, seconds=0)
    feed.publish("bubble")
    await feed.wait(0, seconds=60)
