"""Open forms on every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from xiaoxiao.store.conversation import Answer, Author, Incoming, Message
from xiaoxiao.store.form_state import NO_FORM, FormState
from xiaoxiao.store.port import ConversationStore

NOW = datetime(2026, 7, 1, 0, 30, 0, 123456, tzinfo=timezone.utc)
DAY = timedelta(days=1)
VALUES = {
    "plate": "沪A12345",
    "photos": [3, 4],
    "where": {"latitude": 31.5, "name": "〈广场〉 😀"},
    "phone": None,
}
OPEN = FormState("report", VALUES, "what", NOW, NOW + DAY, misread=2, reminded=True)


def message(store: ConversationStore, key: str = "1", contact: str = "openid-1") -> Message:
    incoming = Incoming("wechat", "wx1", contact, key, "text", NOW, "说")
    return store.receive(incoming, worker="w1", now=NOW).message


def opened(store: ConversationStore, state: FormState = OPEN, key: str = "1") -> Message:
    made = message(store, key)
    store.answer(made.id, [(Author.BOT, Answer("问"))], now=NOW, form=state)
    return made


def test_nobody_has_a_form_at_first(store: ConversationStore) -> None:
    assert NO_FORM == store.form(message(store).conversation_id)


def test_a_form_comes_back_as_it_was_kept(store: ConversationStore) -> None:
    made = opened(store)
    assert OPEN == store.form(made.conversation_id)
    assert None is not store.form(made.conversation_id).touched_at.tzinfo
    assert NO_FORM == store.form(message(store, "2", "openid-2").conversation_id)


def test_what_is_kept_does_not_change_with_what_the_caller_still_holds(store: ConversationStore) -> None:
    values = {"photos": [1]}
    made = opened(store, replace(OPEN, values=values))
    values["photos"].append(2)
    assert {"photos": [1]} == store.form(made.conversation_id).values


def test_a_later_state_takes_its_place_and_no_state_leaves_it(store: ConversationStore) -> None:
    opened(store)
    later = replace(OPEN, values={}, asked="place", misread=0)
    made = opened(store, later, "2")
    store.answer(message(store, "3").id, [], now=NOW)
    assert later == store.form(made.conversation_id)


def test_it_is_closed_by_none_open(store: ConversationStore) -> None:
    opened(store)
    made = opened(store, NO_FORM, "2")
    assert NO_FORM == store.form(made.conversation_id)


def test_a_message_changes_the_form_once_however_often_it_is_answered(store: ConversationStore) -> None:
    made = opened(store)
    assert [] == store.answer(made.id, [], now=NOW, form=NO_FORM)
    assert OPEN == store.form(made.conversation_id)


def test_what_nobody_has_touched_is_forgotten(store: ConversationStore) -> None:
    made = opened(store)
    assert 0 == store.forget_forms(before=NOW + DAY)
    assert 1 == store.forget_forms(before=NOW + 2 * DAY)
    assert NO_FORM == store.form(made.conversation_id)


def test_who_has_her_data_erased_has_no_form(store: ConversationStore) -> None:
    made = opened(store)
    with store.work() as work:
        work.forget(made.conversation_id, except_messages=(), now=NOW)
    assert NO_FORM == store.form(made.conversation_id)
