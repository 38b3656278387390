"""One contract for every store: memory, SQLite, PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import TypeVar

import pytest

from xiaoxiao.errors import Conflict, NotFound
from xiaoxiao.store.conversation import (
    Answer,
    Author,
    Button,
    Conversation,
    Delivery,
    Incoming,
    Message,
    Outgoing,
    Receipt,
    Status,
    Trigger,
    Window,
)
from xiaoxiao.store.port import ConversationStore

NOW = datetime(2026, 7, 1, 0, 30, 0, 123456, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)
LAPSE = timedelta(seconds=30)
NO_WAIT = timedelta(0)

T = TypeVar("T")


@dataclass(frozen=True)
class Made:
    text: str
    carried: Sequence[int] = ()
    remaining: Mapping[int, int] = field(default_factory=dict)
    choices: Sequence[Button] = ()


def all_rows(rows: Sequence[Outgoing]) -> Made:
    return Made("|".join(row.rest.text for row in rows), [row.id for row in rows])


def says(
    text: str = "煤气漏了怎么办", *, key: str = "1", contact: str = "openid-1", **more: object
) -> Incoming:
    incoming = Incoming("wechat", "wx1", contact, key, "text", NOW, text, fields={"MsgId": 1, "内容": [text]})
    return replace(incoming, **more)  # type: ignore[arg-type]


def event(name: str, key: str, trigger: Trigger = Trigger.NONE) -> Incoming:
    return says("", key=key, kind="event", event=name, trigger=trigger)


def receive(store: ConversationStore, incoming: Incoming | None = None, now: datetime = NOW) -> Receipt:
    return store.receive(incoming or says(), worker="w1", now=now)


def answered(
    store: ConversationStore, *texts: str, author: Author = Author.BOT, key: str = "1", now: datetime = NOW
) -> Message:
    message = receive(store, says(key=key), now).message
    store.answer(message.id, [(author, Answer(text)) for text in texts], now=now)
    return message


def states(store: ConversationStore) -> list[Delivery]:
    return [row.state for row in store.outgoing(store.find("openid-1").id)]


def open_it(store: ConversationStore, actor: str = "li") -> Conversation:
    conversation = store.find("openid-1")
    return store.transition(
        conversation.id, Status.OPEN, actor=actor, reason="takeover", now=NOW, assignee=actor
    )


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Run all at the same moment, each on a thread of its own."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        barrier.wait(10)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


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


# --- the outbox


def due(store: ConversationStore, now: datetime = NOW, settle: timedelta = NO_WAIT) -> list[str]:
    return [row.rest.text for row, _ in store.due(now=now, settle=settle)]


def send(store: ConversationStore, state: Delivery, now: datetime = NOW, **outcome: object) -> None:
    ((row, _),) = store.due(now=now, settle=NO_WAIT)
    assert store.sending(row.id, now=now, window=Window.MESSAGE)
    store.settle(row.id, state, now=now, **outcome)  # type: ignore[arg-type]


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


# --- who answers


def test_a_takeover_drops_only_what_the_bot_has_not_said(store: ConversationStore) -> None:
    message = receive(store).message
    given = [(author, Answer(author.value)) for author in Author]
    store.answer(message.id, given, now=NOW)
    open_it(store)
    kept = [row.author for row in store.outgoing(message.conversation_id) if row.state is Delivery.QUEUED]
    assert [author for author in Author if author is not Author.BOT] == kept
    assert 1 == store.events(message.conversation_id)[-1].data["dropped"]


def test_a_takeover_drops_what_was_held(store: ConversationStore) -> None:
    answered(store, "a")
    send(store, Delivery.HELD)
    open_it(store)
    assert [Delivery.DROPPED] == states(store)


def test_a_row_dropped_meanwhile_is_not_sent(store: ConversationStore) -> None:
    answered(store, "a")
    ((row, _),) = store.due(now=NOW, settle=NO_WAIT)
    open_it(store)
    assert not store.sending(row.id, now=NOW)


@pytest.mark.parametrize("status", list(Status))
def test_no_change_of_status_drops_safety_or_staff(store: ConversationStore, status: Status) -> None:
    answered(store, "danger", author=Author.SAFETY)
    conversation = store.find("openid-1")
    store.post(conversation.id, Author.STAFF, Answer("staff"), actor="li", now=NOW)
    store.transition(conversation.id, status, actor="li", reason="x", now=NOW)
    assert [Delivery.QUEUED] * 2 == states(store)


def test_of_simultaneous_takeovers_one_wins(store: ConversationStore) -> None:
    conversation = receive(store).conversation

    def take(actor: str) -> str:
        try:
            store.transition(
                conversation.id,
                Status.OPEN,
                actor=actor,
                reason="takeover",
                now=NOW,
                assignee=actor,
                expected=[Status.BOT],
            )
        except Conflict:
            return ""
        return actor

    won = [actor for actor in at_once(*[lambda n=n: take(f"s{n}") for n in range(4)]) if actor]
    assert [store.conversation(conversation.id).assignee] == won
    assert won == [event.actor for event in store.events(conversation.id)]


def test_a_takeover_during_an_answer_never_lets_the_bot_speak(store: ConversationStore) -> None:
    for n in range(8):
        contact = f"openid-{n}"
        message = receive(store, says(key=str(n), contact=contact)).message
        take = lambda m=message: store.transition(  # noqa: E731
            m.conversation_id, Status.OPEN, actor="li", reason="takeover", now=NOW
        )
        say = lambda m=message: store.answer(m.id, [(Author.BOT, Answer("a"))], now=NOW)  # noqa: E731
        at_once(take, say)
        assert [Delivery.DROPPED] == [row.state for row in store.outgoing(message.conversation_id)]


def test_a_transition_is_written_down(store: ConversationStore) -> None:
    conversation = receive(store).conversation
    open_it(store)
    (event,) = store.events(conversation.id)
    assert ("li", "transition", NOW) == (event.actor, event.name, event.at)
    assert ("bot", "open", "takeover", "li") == tuple(
        event.data[k] for k in ("from", "to", "reason", "assignee")
    )


def test_waiting_starts_with_a_handoff_and_ends_with_a_word_from_staff(store: ConversationStore) -> None:
    conversation = receive(store).conversation
    store.transition(conversation.id, Status.PENDING, actor="bot", reason="asked", now=NOW)
    assert NOW == open_it(store).waiting_since
    store.post(conversation.id, Author.STAFF, Answer("您好"), actor="li", now=NOW + SECOND)
    assert None is store.conversation(conversation.id).waiting_since
    later = NOW + 2 * SECOND
    assert later == receive(store, says(key="2"), later).conversation.waiting_since


def test_giving_back_to_the_bot_starts_afresh(store: ConversationStore) -> None:
    message = receive(store).message
    store.answer(message.id, [], now=NOW, understood=False)
    store.transition(message.conversation_id, Status.PENDING, actor="bot", reason="asked", now=NOW)
    open_it(store)
    back = store.transition(message.conversation_id, Status.BOT, actor="li", reason="release", now=NOW)
    assert (0, None, None) == (back.misunderstood, back.waiting_since, back.assignee)


def test_a_post_is_written_down(store: ConversationStore) -> None:
    conversation = receive(store).conversation
    row = store.post(conversation.id, Author.STAFF, Answer("您好"), actor="li", now=NOW)
    (event,) = store.events(conversation.id)
    assert ("li", "post", {"outgoing": row.id, "author": "staff"}) == (event.actor, event.name, event.data)
    assert None is row.message_id


def test_conversations_come_longest_waiting_first_then_latest_active(store: ConversationStore) -> None:
    ids = [
        receive(store, says(key=str(n), contact=f"openid-{n}"), NOW + n * SECOND).conversation.id
        for n in range(4)
    ]
    for n, late in ((2, 10), (0, 20)):
        store.transition(ids[n], Status.PENDING, actor="bot", reason="asked", now=NOW + late * SECOND)
    assert [ids[2], ids[0], ids[3], ids[1]] == [found.id for found in store.conversations()]
    assert [ids[2], ids[0], ids[3]] == [found.id for found in store.conversations(limit=3)]
    assert [ids[3], ids[1]] == [found.id for found in store.conversations(status=Status.BOT)]


def test_find_knows_the_channel_and_prefers_the_latest(store: ConversationStore) -> None:
    receive(store, says(key="1", channel="weibo", account="wb"), NOW)
    latest = receive(store, says(key="2"), NOW + SECOND).conversation
    assert latest == store.find("openid-1")
    assert "weibo" == store.find("openid-1", channel="weibo").channel


def test_history_is_the_latest_in_order(store: ConversationStore) -> None:
    for n in range(4):
        message = receive(store, says(str(n), key=str(n))).message
        store.answer(message.id, [(Author.BOT, Answer(str(n)))], now=NOW)
        store.record(message.conversation_id, actor="li", name="seen", now=NOW, number=n)
    found = message.conversation_id
    assert ["2", "3"] == [kept.incoming.text for kept in store.messages(found, limit=2)]
    assert ["2", "3"] == [row.answer.text for row in store.outgoing(found, limit=2)]
    assert [{"number": 2}, {"number": 3}] == [event.data for event in store.events(found, limit=2)]


def test_what_is_not_there_is_not_found(store: ConversationStore) -> None:
    for call in (
        lambda: store.message(9),
        lambda: store.conversation(9),
        lambda: store.find("nobody"),
        lambda: store.answer(9, [], now=NOW),
        lambda: store.compose(9, all_rows, now=NOW),
        lambda: store.sending(9, now=NOW),
        lambda: store.record(9, actor="li", name="seen", now=NOW),
        lambda: store.transition(9, Status.OPEN, actor="li", reason="x", now=NOW),
    ):
        with pytest.raises(NotFound):
            call()


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
