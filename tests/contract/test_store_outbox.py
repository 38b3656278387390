"""One contract for the outbox of every store: what leaves, in which order, and once."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.contract.storing import (
    NO_WAIT,
    NOW,
    SECOND,
    all_rows,
    answered,
    at_once,
    event,
    receive,
    says,
    send,
    states,
)
from xiaoxiao.store.conversation import (
    Answer,
    Author,
    Button,
    Delivery,
    Window,
)
from xiaoxiao.store.port import ConversationStore

# --- the outbox


def due(store: ConversationStore, now: datetime = NOW, settle: timedelta = NO_WAIT) -> list[str]:
    return [row.rest.text for row, _ in store.due(now=now, settle=settle)]


def test_a_passive_reply_has_its_chance_first(store: ConversationStore) -> None:
    answered(store, "a")
    assert [] == due(store, NOW + SECOND, settle=2 * SECOND)
    assert ["a"] == due(store, NOW + 2 * SECOND, settle=2 * SECOND)


def test_what_answers_a_message_in_work_waits_unless_it_is_danger(store: ConversationStore) -> None:
    message = receive(store).message
    store.answer(message.id, [(Author.BOT, Answer("hold on"))], now=NOW, handled=False)
    assert [] == due(store)
    other = receive(store, says(key="2", contact="openid-2")).message
    store.answer(other.id, [(Author.SAFETY, Answer("离开"))], now=NOW, handled=False)
    assert ["离开"] == due(store)


def test_one_row_of_a_conversation_leaves_at_a_time_in_order(store: ConversationStore) -> None:
    answered(store, "1", "2")
    answered(store, "危险", author=Author.SAFETY, key="2")
    left = []
    while found := store.due(now=NOW, settle=NO_WAIT):
        ((row, _),) = found
        assert store.sending(row.id, now=NOW)
        assert [] == store.due(now=NOW, settle=NO_WAIT)
        store.settle(row.id, Delivery.SENT, now=NOW, carrier="customer_service")
        left.append(row.answer.text)
    assert ["危险", "1", "2"] == left


def test_the_oldest_of_all_conversations_comes_first_within_the_limit(store: ConversationStore) -> None:
    for n in range(3):
        message = receive(store, says(contact=f"openid-{n}", key=str(n))).message
        store.answer(message.id, [(Author.BOT, Answer(str(n)))], now=NOW - n * SECOND)
    assert ["2", "1"] == [row.answer.text for row, _ in store.due(now=NOW, settle=NO_WAIT, limit=2)]


def test_a_row_is_sent_by_exactly_one(store: ConversationStore) -> None:
    answered(store, "a", "b")
    first, second = (row.id for row in store.outgoing(store.find("openid-1").id))
    won = at_once(*[lambda: store.sending(first, now=NOW, window=Window.MESSAGE)] * 4)
    assert 1 == sum(won)
    assert not store.sending(second, now=NOW)
    assert 1 == store.find("openid-1").message_window_used
    assert 1 == store.outgoing(store.find("openid-1").id)[0].attempts


def test_a_row_in_sending_is_not_carried_by_a_passive_reply(store: ConversationStore) -> None:
    message = answered(store, "a")
    ((row, _),) = store.due(now=NOW, settle=NO_WAIT)
    store.sending(row.id, now=NOW)
    assert "" == store.compose(message.id, all_rows, now=NOW)


def test_a_sent_row_offers_its_buttons(store: ConversationStore) -> None:
    message = receive(store).message
    buttons = (Button("是", "/yes"),)
    store.answer(message.id, [(Author.BOT, Answer("a", buttons)), (Author.BOT, Answer("b"))], now=NOW)
    send(store, Delivery.SENT, carrier="customer_service")
    send(store, Delivery.SENT, carrier="customer_service")
    assert buttons == store.find("openid-1").choices
    assert ["customer_service"] * 2 == [r.carrier for r in store.outgoing(message.conversation_id)]


def test_a_row_to_be_tried_again_waits_and_so_do_those_behind_it(store: ConversationStore) -> None:
    answered(store, "a", "b")
    send(store, Delivery.QUEUED, error="busy", next_attempt_at=NOW + SECOND)
    assert [] == due(store)
    first = store.outgoing(store.find("openid-1").id)[0]
    assert ("busy", 1) == (first.error, first.attempts)
    assert not store.sending(first.id, now=NOW)
    assert ["a"] == due(store, NOW + SECOND)


def test_only_what_left_is_taken_from_the_window(store: ConversationStore) -> None:
    answered(store, "a", "b", "c")
    send(store, Delivery.QUEUED, error="busy")
    assert 0 == store.find("openid-1").message_window_used
    send(store, Delivery.SENT)
    send(store, Delivery.UNCERTAIN)
    assert 2 == store.find("openid-1").message_window_used


def test_a_part_that_left_lets_the_rest_follow_at_once(store: ConversationStore) -> None:
    answered(store, "一二三四")
    send(store, Delivery.QUEUED, carried=2)
    assert ["三四"] == due(store)
    assert 1 == store.find("openid-1").message_window_used


def test_what_cannot_leave_is_held_until_she_acts_and_is_carried_then(store: ConversationStore) -> None:
    answered(store, "a", "b")
    send(store, Delivery.HELD, error="45047")
    assert [Delivery.HELD] * 2 == states(store)
    assert [] == due(store)
    receive(store, event("location", "2"))
    assert [Delivery.HELD] * 2 == states(store)
    message = receive(store, says(key="3")).message
    assert [Delivery.QUEUED] * 2 == states(store)
    assert "a|b" == store.compose(message.id, all_rows, now=NOW)


def test_a_passive_reply_carries_held_rows(store: ConversationStore) -> None:
    message = answered(store, "a")
    send(store, Delivery.HELD)
    assert "a" == store.compose(message.id, all_rows, now=NOW)


def test_a_refusal_older_than_her_last_act_holds_nothing(store: ConversationStore) -> None:
    answered(store, "a")
    ((row, _),) = store.due(now=NOW, settle=NO_WAIT)
    store.sending(row.id, now=NOW)
    receive(store, says(key="2"), NOW + SECOND)
    store.settle(row.id, Delivery.HELD, now=NOW + 2 * SECOND)
    assert [Delivery.QUEUED] == states(store)


def test_what_is_settled_stays_settled(store: ConversationStore) -> None:
    answered(store, "a")
    send(store, Delivery.SENT)
    (row,) = store.outgoing(store.find("openid-1").id)
    store.settle(row.id, Delivery.FAILED, now=NOW, error="late")
    assert row == store.outgoing(store.find("openid-1").id)[0]


def test_after_a_crash_nothing_is_repeated_but_danger(store: ConversationStore) -> None:
    for contact, author in (("openid-1", Author.BOT), ("openid-2", Author.SAFETY)):
        message = receive(store, says(key=contact, contact=contact)).message
        (row,) = store.answer(message.id, [(author, Answer("a"))], now=NOW)
        store.sending(row.id, now=NOW)
    assert 0 == store.recover(now=NOW + SECOND, lapse=2 * SECOND)
    assert 2 == store.recover(now=NOW + SECOND)
    found = [store.outgoing(store.find(contact).id)[0].state for contact in ("openid-1", "openid-2")]
    assert [Delivery.UNCERTAIN, Delivery.QUEUED] == found
