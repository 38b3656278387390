"""One contract for every store on who answers a conversation."""

from __future__ import annotations

import pytest

from tests.contract.storing import (
    NO_WAIT,
    NOW,
    SECOND,
    all_rows,
    answered,
    at_once,
    open_it,
    receive,
    says,
    send,
    states,
)
from xiaoxiao.errors import Conflict, NotFound
from xiaoxiao.store.conversation import (
    Answer,
    Author,
    Delivery,
    Status,
)
from xiaoxiao.store.port import ConversationStore

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
