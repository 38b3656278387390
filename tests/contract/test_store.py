"""One contract for every store: memory, SQLite, PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.contract.storing import (
    LAPSE,
    NOW,
    SECOND,
    Made,
    all_rows,
    answered,
    at_once,
    event,
    receive,
    says,
    states,
)
from xiaoxiao.store.conversation import (
    Answer,
    Author,
    Button,
    Delivery,
    Message,
    Status,
    Trigger,
)
from xiaoxiao.store.port import ConversationStore

# --- incoming


def test_a_message_is_kept_as_it_came(store: ConversationStore) -> None:
    incoming = says("着火了 😀", payload="/help", trigger=Trigger.MENU)
    receipt = receive(store, incoming)
    assert receipt.is_new
    assert Message(receipt.message.id, receipt.conversation.id, incoming, NOW) == receipt.message
    assert receipt.message == store.message(receipt.message.id)
    assert receipt.conversation == store.conversation(receipt.conversation.id)


def test_moments_come_back_aware(store: ConversationStore) -> None:
    china = NOW.astimezone(timezone(timedelta(hours=8)))
    receipt = receive(store, says(sent_at=china), china)
    message = store.message(receipt.message.id)
    assert [NOW, NOW] == [message.received_at, message.incoming.sent_at]
    assert None is not message.received_at.tzinfo


def test_a_repeated_delivery_changes_nothing(store: ConversationStore) -> None:
    first = receive(store)
    again = store.receive(says(), worker="w2", now=NOW + SECOND)
    assert not again.is_new
    assert (first.message, first.conversation) == (again.message, again.conversation)


def test_the_same_key_of_another_account_is_another_message(store: ConversationStore) -> None:
    receive(store)
    assert receive(store, says(account="wx2")).is_new


def test_of_simultaneous_deliveries_exactly_one_is_new(store: ConversationStore) -> None:
    receipts = at_once(*[lambda: receive(store)] * 4)
    assert 1 == sum(receipt.is_new for receipt in receipts)
    assert 1 == len({receipt.message.id for receipt in receipts})


def test_simultaneous_messages_of_one_new_contact_share_a_conversation(store: ConversationStore) -> None:
    receipts = at_once(*[lambda n=n: receive(store, says(key=str(n))) for n in range(4)])
    assert [True] * 4 == [receipt.is_new for receipt in receipts]
    assert 1 == len({receipt.conversation.id for receipt in receipts})


def test_what_no_database_stores_is_taken_out_of_the_text(store: ConversationStore) -> None:
    receipt = receive(store, says("救\x00命\ud83d", fields={"Content": "救\x00命\ud83d"}))
    assert "救命" == store.message(receipt.message.id).incoming.text


def test_a_very_long_key_is_no_reason_to_lose_a_message(store: ConversationStore) -> None:
    assert receive(store, says(key="https://example.org/" + "x" * 1100)).is_new


@pytest.mark.parametrize(
    ("trigger", "windows"),
    [
        (Trigger.MESSAGE, (NOW, None)),
        (Trigger.MENU, (None, NOW)),
        (Trigger.FOLLOW, (None, NOW)),
        (Trigger.SCAN, (None, NOW)),
        (Trigger.NONE, (None, None)),
    ],
)
def test_an_act_opens_its_window(
    store: ConversationStore, trigger: Trigger, windows: tuple[datetime | None, datetime | None]
) -> None:
    conversation = receive(store, says(trigger=trigger)).conversation
    assert windows == (conversation.message_window_at, conversation.click_window_at)


def test_a_message_to_a_resolved_conversation_goes_to_the_bot(store: ConversationStore) -> None:
    conversation = receive(store).conversation
    store.transition(conversation.id, Status.RESOLVED, actor="li", reason="done", now=NOW, assignee="li")
    assert Status.RESOLVED is receive(store, event("location", "2")).conversation.status
    reopened = receive(store, says(key="3")).conversation
    assert (Status.BOT, None) == (reopened.status, reopened.assignee)


def test_a_message_wakes_a_snoozed_conversation(store: ConversationStore) -> None:
    conversation = receive(store).conversation
    store.transition(conversation.id, Status.SNOOZED, actor="li", reason="waiting", now=NOW)
    woken = receive(store, says(key="2"), NOW + SECOND).conversation
    assert (Status.OPEN, NOW + SECOND) == (woken.status, woken.waiting_since)


def test_unfollowing_resolves_and_drops_but_keeps_history(store: ConversationStore) -> None:
    message = answered(store, "a", "b")
    store.post(message.conversation_id, Author.STAFF, Answer("c"), actor="li", now=NOW)
    left = receive(store, event("unsubscribe", "2")).conversation
    assert (False, Status.RESOLVED, None) == (left.following, left.status, left.message_window_at)
    assert [Delivery.DROPPED] * 3 == states(store)
    assert ["a", "b", "c"] == [row.answer.text for row in store.outgoing(left.id)]
    assert receive(store, event("subscribe", "3", Trigger.FOLLOW)).conversation.following


# --- leases


def test_a_message_in_work_is_leased_to_nobody_else(store: ConversationStore) -> None:
    message = receive(store).message
    assert not store.lease(message.id, worker="w2", now=NOW + LAPSE - SECOND, lapse=LAPSE)
    assert [] == store.unhandled(now=NOW + LAPSE - SECOND, lapse=LAPSE)


def test_an_abandoned_message_is_leased_to_exactly_one(store: ConversationStore) -> None:
    message = receive(store).message
    late = NOW + LAPSE
    assert [message.id] == [receipt.message.id for receipt in store.unhandled(now=late, lapse=LAPSE)]
    won = at_once(
        *[lambda n=n: store.lease(message.id, worker=f"w{n}", now=late, lapse=LAPSE) for n in range(4)]
    )
    assert 1 == sum(won)
    assert [] == store.unhandled(now=late, lapse=LAPSE)


def test_a_handled_message_is_leased_no_more(store: ConversationStore) -> None:
    message = answered(store)
    assert not store.lease(message.id, worker="w2", now=NOW + LAPSE, lapse=LAPSE)
    assert [] == store.unhandled(now=NOW + LAPSE, lapse=LAPSE)


# --- answers


def test_an_answer_is_queued_with_what_was_understood(store: ConversationStore) -> None:
    message = receive(store).message
    answer = Answer("开窗", (Button("好", "/ok"),), "https://example.org/gas")
    rows = store.answer(
        message.id,
        [(Author.BOT, answer)],
        now=NOW,
        intent="ask",
        confidence=0.5,
        danger="gas",
        topic="gas_leak",
    )
    assert [(answer, Delivery.QUEUED, message.id)] == [(r.answer, r.state, r.message_id) for r in rows]
    assert rows == store.outgoing(message.conversation_id)
    kept = store.message(message.id)
    assert (NOW, "ask", 0.5, "gas") == (kept.handled_at, kept.intent, kept.confidence, kept.danger)
    assert "gas_leak" == store.conversation(message.conversation_id).topic


def test_a_message_is_answered_once_whatever_the_number_of_workers(store: ConversationStore) -> None:
    message = receive(store).message
    given = [(Author.BOT, Answer("a"))]
    rows = at_once(*[lambda: store.answer(message.id, given, now=NOW, understood=False)] * 4)
    assert 1 == sum(len(made) for made in rows)
    assert [Delivery.QUEUED] == states(store)
    assert 1 == store.conversation(message.conversation_id).misunderstood


def test_the_safety_answer_leaves_the_turn_open_and_is_given_once(store: ConversationStore) -> None:
    message = receive(store).message
    danger = [(Author.SAFETY, Answer("离开"))]
    assert 1 == len(store.answer(message.id, danger, now=NOW, danger="gas", handled=False))
    assert [] == store.answer(message.id, danger, now=NOW, danger="gas", handled=False)
    assert None is store.message(message.id).handled_at
    assert 1 == len(store.answer(message.id, [(Author.BOT, Answer("a"))], now=NOW))
    assert "gas" == store.message(message.id).danger


@pytest.mark.parametrize("understood", [(False, 2), (True, 0), (None, 1)])
def test_misunderstandings_in_a_row_are_counted(
    store: ConversationStore, understood: tuple[bool | None, int]
) -> None:
    for key, value in (("1", False), ("2", understood[0])):
        message = receive(store, says(key=key)).message
        store.answer(message.id, [], now=NOW, understood=value)
    assert understood[1] == store.conversation(message.conversation_id).misunderstood


@pytest.mark.parametrize("status", [Status.OPEN, Status.SNOOZED])
def test_a_bot_answer_after_a_takeover_is_withheld(store: ConversationStore, status: Status) -> None:
    message = receive(store).message
    store.transition(message.conversation_id, status, actor="li", reason="takeover", now=NOW)
    authors = [Author.BOT, Author.SAFETY, Author.SYSTEM]
    store.answer(message.id, [(author, Answer("a")) for author in authors], now=NOW)
    assert [Delivery.DROPPED, Delivery.QUEUED, Delivery.QUEUED] == states(store)


def test_a_bot_answer_while_a_person_is_asked_for_is_queued(store: ConversationStore) -> None:
    message = receive(store).message
    store.transition(message.conversation_id, Status.PENDING, actor="bot", reason="asked", now=NOW)
    store.answer(message.id, [(Author.BOT, Answer("正在转接"))], now=NOW)
    assert [Delivery.QUEUED] == states(store)


# --- passive replies


def test_a_passive_reply_carries_by_precedence(store: ConversationStore) -> None:
    answered(store, "older")
    conversation_id = store.find("openid-1").id
    store.post(conversation_id, Author.SYSTEM, Answer("notice"), actor="system", now=NOW)
    store.post(conversation_id, Author.STAFF, Answer("staff"), actor="li", now=NOW)
    message = receive(store, says(key="2")).message
    store.answer(message.id, [(Author.BOT, Answer("own")), (Author.SAFETY, Answer("danger"))], now=NOW)
    assert "danger|staff|own|older|notice" == store.compose(message.id, all_rows, now=NOW)


def test_a_passive_reply_counts_as_sent_and_is_offered_again(store: ConversationStore) -> None:
    message = answered(store, "a", "b")
    assert "a|b" == store.compose(message.id, all_rows, now=NOW)
    rows = store.outgoing(message.conversation_id)
    assert [(Delivery.SENT, "passive", NOW)] * 2 == [(r.state, r.carrier, r.sent_at) for r in rows]
    later = receive(store, says(key="2")).message
    store.answer(later.id, [(Author.BOT, Answer("c"))], now=NOW)
    assert "a|b" == store.compose(message.id, all_rows, now=NOW)
    assert "a|b" == store.message(message.id).reply
    assert "c" == store.compose(later.id, all_rows, now=NOW)


def test_of_simultaneous_connections_all_carry_the_same_reply(store: ConversationStore) -> None:
    message = answered(store, "a")
    assert ["a"] * 4 == at_once(*[lambda: store.compose(message.id, all_rows, now=NOW)] * 4)


def test_nothing_to_say_is_not_remembered(store: ConversationStore) -> None:
    message = receive(store).message
    assert "" == store.compose(message.id, all_rows, now=NOW)
    store.answer(message.id, [(Author.BOT, Answer("a"))], now=NOW)
    assert "" == store.compose(message.id, lambda rows: Made(""), now=NOW)
    assert [Delivery.QUEUED] == states(store)
    assert "a" == store.compose(message.id, all_rows, now=NOW)


def test_a_row_carried_in_part_goes_on_with_the_rest(store: ConversationStore) -> None:
    message = answered(store, "一二三四")
    made = store.compose(message.id, lambda rows: Made("一二", remaining={rows[0].id: 2}), now=NOW)
    assert "一二" == made
    (row,) = store.outgoing(message.conversation_id)
    assert ("一二三四", "三四", Delivery.QUEUED) == (row.answer.text, row.rest.text, row.state)


def test_the_choices_are_those_of_the_last_reply(store: ConversationStore) -> None:
    choices = (Button("是", "/yes"), Button("否", "/no"))
    message = answered(store, "a")
    store.compose(message.id, lambda rows: Made("a", [rows[0].id], choices=choices), now=NOW)
    assert choices == store.find("openid-1").choices
    store.compose(answered(store, "b", key="2").id, all_rows, now=NOW)
    assert () == store.find("openid-1").choices


# --- shared facts


def test_a_fact_is_replaced_and_expires(store: ConversationStore) -> None:
    assert None is store.recall("k", now=NOW)
    store.remember("k", "old", now=NOW)
    store.remember("k", "new", now=NOW, expires_at=NOW + SECOND)
    assert "new" == store.recall("k", now=NOW)
    assert None is store.recall("k", now=NOW + SECOND)


def test_a_name_is_locked_by_one_until_unlocked_or_lapsed(store: ConversationStore) -> None:
    def take(worker: str, now: datetime = NOW) -> bool:
        return store.try_lock("token", worker=worker, now=now, lapse=LAPSE)

    assert 1 == sum(at_once(*[lambda n=n: take(f"w{n}") for n in range(4)]))
    assert take("late", NOW + LAPSE)
    assert take("late", NOW + LAPSE)
    store.unlock("token", worker="somebody else")
    assert not take("other", NOW + LAPSE)
    store.unlock("token", worker="late")
    assert take("other", NOW + LAPSE)


def test_a_store_that_answers_pings(store: ConversationStore) -> None:
    store.ping()
