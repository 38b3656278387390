"""Taking a citizen's words out of the conversation tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import column, delete, func, inspect, select, table, update
from sqlalchemy.engine import Connection

from xiaoxiao.store import custody, form_keeping
from xiaoxiao.store.form_state import NO_FORM
from xiaoxiao.store.records import Holdings
from xiaoxiao.store.rules import UNSENT, UNSETTLED, content_free
from xiaoxiao.store.tables import conversations, events, messages, outbox

#: the dialogue engine's memory (extensions/tracker_store.py); it makes its table itself, in the same database
_TRACKERS = table("dialogue_trackers", column("sender_id"))
_IN_WORK = [state.value for state in UNSENT | UNSETTLED]


def holdings(connection: Connection, conversation_id: int) -> Holdings:
    said, answers, lines = (_count(connection, kept, conversation_id) for kept in (messages, outbox, events))
    return Holdings(said, answers, lines, _trackers(connection, conversation_id))


def forget(connection: Connection, conversation_id: int, except_messages: Sequence[int]) -> Holdings:
    conversation = custody.lock(connection, conversation_id)
    of_hers = outbox.c.conversation_id == conversation_id
    answers = connection.execute(delete(outbox).where(of_hers, outbox.c.state.not_in(_IN_WORK))).rowcount
    still_wanted = select(outbox.c.message_id).where(of_hers, outbox.c.message_id.is_not(None))
    said = connection.execute(
        delete(messages).where(
            messages.c.conversation_id == conversation_id,
            messages.c.handled_at.is_not(None),
            messages.c.id.not_in(list(except_messages)),
            messages.c.id.not_in(still_wanted),
        )
    ).rowcount
    form_keeping.keep(connection, conversation_id, NO_FORM)
    _empty_trail(connection, conversation_id)
    connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(topic=None, choices=[], misunderstood=0)
    )
    return Holdings(said, answers, 0, _drop_trackers(connection, conversation.contact))


def _empty_trail(connection: Connection, conversation_id: int) -> None:
    lines = select(events.c.id, events.c.data).where(events.c.conversation_id == conversation_id)
    for event_id, data in connection.execute(lines).all():
        if (left := content_free(data)) != data:
            connection.execute(update(events).where(events.c.id == event_id).values(data=left))


def _count(connection: Connection, kept: Any, conversation_id: int) -> int:
    query = select(func.count()).select_from(kept).where(kept.c.conversation_id == conversation_id)
    return int(connection.execute(query).scalar_one())


def _trackers(connection: Connection, conversation_id: int) -> int:
    if not inspect(connection).has_table(_TRACKERS.name):
        return 0
    whose = select(conversations.c.contact).where(conversations.c.id == conversation_id).scalar_subquery()
    query = select(func.count()).select_from(_TRACKERS).where(_TRACKERS.c.sender_id == whose)
    return int(connection.execute(query).scalar_one())


def _drop_trackers(connection: Connection, contact: str) -> int:
    if not inspect(connection).has_table(_TRACKERS.name):
        return 0
    return int(connection.execute(delete(_TRACKERS).where(_TRACKERS.c.sender_id == contact)).rowcount)
