from __future__ import annotations

from datetime import datetime, timezone

import pytest

from xiaoxiao.clock import SettableClock
from xiaoxiao.desk.conversations import Conversations
from xiaoxiao.errors import Conflict, InvalidRequest
from xiaoxiao.store.conversation import Answer, Author, Delivery, Incoming, Message, Status
from xiaoxiao.store.memory import MemoryStore

START = datetime(2026, 7, 1, tzinfo=timezone.utc)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(START)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def desk(store: MemoryStore, clock: SettableClock) -> Conversations:
    return Conversations(store, clock)


@pytest.fixture
def message(store: MemoryStore) -> Message:
    incoming = Incoming("wechat", "wx1", "openid-1", "1", "text", START, "转人工")
    return store.receive(incoming, worker="w", now=START).message


def names(store: MemoryStore, message: Message) -> list[str]:
    return [event.data.get("reason", event.name) for event in store.events(message.conversation_id)]


def test_a_handoff_starts_the_waiting_clock_once(
    desk: Conversations, store: MemoryStore, clock: SettableClock, message: Message
) -> None:
    asked = desk.hand_off(message.conversation_id, "asked")
    assert (Status.PENDING, START) == (asked.status, asked.waiting_since)
    clock.advance(minutes=5)
    assert asked == desk.hand_off(message.conversation_id, "asked again")
    assert ["asked"] == names(store, message)
    assert [asked] == desk.waiting()


def test_a_handoff_does_not_take_a_conversation_from_staff(desk: Conversations, message: Message) -> None:
    desk.take_over(message.conversation_id, "li")
    assert Status.OPEN is desk.hand_off(message.conversation_id, "asked").status


def test_a_takeover_belongs_to_one(desk: Conversations, store: MemoryStore, message: Message) -> None:
    taken = desk.take_over(message.conversation_id, "li")
    assert (Status.OPEN, "li") == (taken.status, taken.assignee)
    assert taken == desk.take_over(message.conversation_id, "li")
    with pytest.raises(Conflict):
        desk.take_over(message.conversation_id, "zhao")
    assert ["take_over"] == names(store, message)


def test_a_takeover_drops_what_the_bot_has_queued(
    desk: Conversations, store: MemoryStore, message: Message
) -> None:
    store.answer(message.id, [(Author.BOT, Answer("a"))], now=START)
    desk.take_over(message.conversation_id, "li")
    assert [Delivery.DROPPED] == [row.state for row in store.outgoing(message.conversation_id)]


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_reply_is_refused_and_changes_nothing(
    desk: Conversations, store: MemoryStore, message: Message, text: str
) -> None:
    with pytest.raises(InvalidRequest):
        desk.reply(message.conversation_id, "li", text)
    assert Status.BOT is store.conversation(message.conversation_id).status


def test_a_reply_takes_over_and_ends_the_waiting(
    desk: Conversations, store: MemoryStore, message: Message
) -> None:
    desk.hand_off(message.conversation_id, "asked")
    row = desk.reply(message.conversation_id, "li", " 您好,请讲。\n")
    assert (Author.STAFF, "您好,请讲。", Delivery.QUEUED) == (row.author, row.answer.text, row.state)
    conversation = store.conversation(message.conversation_id)
    assert (Status.OPEN, "li", None) == (
        conversation.status,
        conversation.assignee,
        conversation.waiting_since,
    )
    assert ["asked", "take_over", "post"] == names(store, message)


def test_a_colleague_may_answer_in_a_conversation_taken_over(
    desk: Conversations, store: MemoryStore, message: Message
) -> None:
    desk.take_over(message.conversation_id, "li")
    desk.reply(message.conversation_id, "zhao", "我来补充")
    assert "li" == store.conversation(message.conversation_id).assignee
    assert "zhao" == store.events(message.conversation_id)[-1].actor


def test_a_released_conversation_is_the_bots_again(
    desk: Conversations, store: MemoryStore, message: Message
) -> None:
    desk.take_over(message.conversation_id, "li")
    released = desk.release(message.conversation_id, "li")
    assert (Status.BOT, None) == (released.status, released.assignee)
    desk.release(message.conversation_id, "li")
    assert ["take_over", "release"] == names(store, message)


def test_a_conversation_is_resolved_once(desk: Conversations, store: MemoryStore, message: Message) -> None:
    desk.hand_off(message.conversation_id, "asked")
    resolved = desk.resolve(message.conversation_id, "li")
    assert (Status.RESOLVED, None) == (resolved.status, resolved.waiting_since)
    desk.resolve(message.conversation_id, "zhao")
    assert ["asked", "resolve"] == names(store, message)


def test_only_staff_who_have_it_snooze_it(desk: Conversations, message: Message) -> None:
    with pytest.raises(Conflict):
        desk.snooze(message.conversation_id, "li")
    desk.take_over(message.conversation_id, "li")
    assert Status.SNOOZED is desk.snooze(message.conversation_id, "li", "等燃气公司").status
    assert Status.OPEN is desk.take_over(message.conversation_id, "zhao").status


def test_who_saw_whom_is_written_down(desk: Conversations, message: Message) -> None:
    thread = desk.show(message.conversation_id, "li")
    assert [message] == thread.messages
    assert [("li", "seen", {"what": "conversation"})] == [(e.actor, e.name, e.data) for e in thread.events]


def test_the_citizen_is_told_once_until_she_is_the_bots_again(desk: Conversations, message: Message) -> None:
    which = message.conversation_id
    desk.hand_off(which, "asked")
    assert [True, False] == [desk.tell_once(which), desk.tell_once(which)]
    desk.take_over(which, "li")
    desk.snooze(which, "li")
    assert not desk.tell_once(which)
    desk.release(which, "li")
    desk.hand_off(which, "asked again")
    assert desk.tell_once(which)


def test_whom_staff_have_spoken_to_needs_no_telling(desk: Conversations, message: Message) -> None:
    desk.reply(message.conversation_id, "li", "您好")
    assert not desk.tell_once(message.conversation_id)
