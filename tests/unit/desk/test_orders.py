from __future__ import annotations

from datetime import timedelta

import pytest

from tests.acceptance.scripted_office import START
from xiaoxiao.clock import SettableClock
from xiaoxiao.desk.orders import LONGEST_NOTE, Orders, Standing
from xiaoxiao.errors import InvalidRequest, NotFound
from xiaoxiao.store.memory import MemoryStore


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(START)


@pytest.fixture
def orders(clock: SettableClock) -> Orders:
    return Orders(MemoryStore(), clock, "w")


def test_without_an_order_nothing_is_closed_and_no_emergency_in_force(orders: Orders) -> None:
    assert (Standing(), []) == (orders.standing(), orders.log())


def test_closed_again_the_newer_reason_stands_and_both_are_on_record(
    orders: Orders, clock: SettableClock
) -> None:
    orders.close("faq/gas_leak", by="li", note="号码\n旧了")
    clock.advance(minutes=1)
    orders.close("faq/gas_leak", by="wang", note="步骤错了")
    (order,) = orders.standing().closed.values()
    assert ("wang", "步骤错了", clock.now()) == (order.by, order.note, order.at)
    assert [("li", "号码 旧了"), ("wang", "步骤错了")] == [(o.by, o.note) for o in orders.log()]


@pytest.mark.parametrize("what", ["topic", "emergency"])
def test_what_is_not_in_force_cannot_be_ended_and_leaves_no_line(orders: Orders, what: str) -> None:
    orders.close("faq/flu_fever", by="li")
    with pytest.raises(NotFound):
        orders.open("faq/gas_leak", by="li") if what == "topic" else orders.lift(by="li")
    assert ["close"] == [order.act for order in orders.log()]
    orders.open("faq/flu_fever", by="li")  # the failure left no lock behind


def test_a_topic_and_an_emergency_stand_side_by_side(orders: Orders) -> None:
    orders.close("query_violation", by="li")
    orders.declare(by="wang", note="全市防汛Ⅱ级响应。")
    standing = orders.standing()
    assert (["query_violation"], "全市防汛Ⅱ级响应") == (
        list(standing.closed),
        standing.emergency and standing.emergency.note,
    )
    orders.lift(by="wang")
    assert (["query_violation"], None) == (list(orders.standing().closed), orders.standing().emergency)


def test_a_note_longer_than_a_line_is_refused(orders: Orders) -> None:
    orders.declare(by="li", note="汛" * LONGEST_NOTE)
    with pytest.raises(InvalidRequest, match=str(LONGEST_NOTE)):
        orders.declare(by="li", note="汛" * (LONGEST_NOTE + 1))


def test_what_was_read_is_kept_no_longer_than_told_and_ones_own_order_holds_at_once() -> None:
    store, clock = MemoryStore(), SettableClock(START)
    one, other = (Orders(store, clock, name, keep=timedelta(seconds=1)) for name in ("one", "other"))
    assert {} == dict(other.standing().closed)
    one.close("faq/gas_leak", by="li")
    assert ["faq/gas_leak"] == list(one.standing().closed)
    clock.advance(seconds=1)
    assert ["faq/gas_leak"] == list(other.standing().closed)


def test_a_clock_that_was_set_back_makes_no_order_wait() -> None:
    store, clock = MemoryStore(), SettableClock(START)
    one, other = (Orders(store, clock, name, keep=timedelta(seconds=1)) for name in ("one", "other"))
    other.standing()
    clock.advance(hours=-1)
    one.declare(by="li")
    assert None is not other.standing().emergency


def test_an_order_given_on_what_was_read_before_keeps_what_others_ordered_since() -> None:
    store, clock = MemoryStore(), SettableClock(START)
    one, other = (Orders(store, clock, name, keep=timedelta(hours=1)) for name in ("one", "other"))
    other.standing()
    one.close("faq/gas_leak", by="li")
    other.close("faq/flu_fever", by="li")
    assert ["faq/gas_leak", "faq/flu_fever"] == list(other.standing().closed)
