"""The office's orders on every store: known to all workers at once, none lost, each on record."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.contract.storing import LAPSE, NOW
from xiaoxiao.clock import SettableClock
from xiaoxiao.desk.orders import Orders
from xiaoxiao.errors import Conflict
from xiaoxiao.store.migration import migrate
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.sql import SqlStore


def worker(store: ConversationStore, name: str, clock: SettableClock | None = None) -> Orders:
    return Orders(store, clock or SettableClock(NOW), name)


def test_what_one_worker_is_told_holds_in_the_other_at_once(store: ConversationStore) -> None:
    one, other = worker(store, "one"), worker(store, "other")
    order = one.close("faq/gas_leak", by="王主任(cli:li)", note="电话换了")
    assert {"faq/gas_leak": order} == dict(other.standing().closed)
    other.open("faq/gas_leak", by="li")
    assert {} == dict(one.standing().closed)
    declared = other.declare(by="li", note="全市防汛Ⅱ级响应")
    assert declared == one.standing().emergency
    one.lift(by="li")
    assert None is other.standing().emergency
    assert ["close", "open", "declare", "lift"] == [line.act for line in one.log()]


def test_another_process_on_the_same_database_reads_them(database_url: str) -> None:
    migrate(database_url)
    one, other = SqlStore(database_url), SqlStore(database_url)
    try:
        assert {} == dict(worker(other, "other").standing().closed)
        order = worker(one, "one").close("query_violation", by="li")
        assert {"query_violation": order} == dict(worker(other, "other").standing().closed)
    finally:
        one.close()
        other.close()


def test_orders_given_at_the_same_moment_are_kept_or_refused_but_never_lost(store: ConversationStore) -> None:
    orders = worker(store, "one")
    barrier = threading.Barrier(4)

    def give(number: int) -> str | None:
        barrier.wait(10)
        try:
            return orders.close(f"faq/card_{number}", by="li").topic
        except Conflict:
            return None

    with ThreadPoolExecutor(4) as threads:
        given = {topic for topic in threads.map(give, range(4)) if topic}
    assert given
    assert given == set(orders.standing().closed) == {line.topic for line in orders.log()}


def test_who_is_at_it_keeps_others_out_until_done_or_lost(store: ConversationStore) -> None:
    clock = SettableClock(NOW)
    store.try_lock("orders", worker="a process that died", now=NOW, lapse=LAPSE)
    with pytest.raises(Conflict):
        worker(store, "one", clock).declare(by="li")
    clock.advance(seconds=10)
    worker(store, "one", clock).declare(by="li")
