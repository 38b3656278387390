"""Taking a citizen's words out of the conversation tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import column, delete, func, inspect, select, table, update
from sqlalchemy.engine import Connection

from xiaoxiao.store import custody, form_keeping
from xiaoxiao.store.conversation import Author, Delivery
from xiaoxiao.store.form_state import NO_FORM
from xiaoxiao.store.records import Holdings
from xiaoxiao.store.rules import content_free, outlives_erasure
from xiaoxiao.store.tables import conversations, events, messages, outbox

#: the dialogue engine's memory (extensions/tracker_store.py); it makes its table itself, in the same database
_TRACKERS = table("dialogue_trackers", column("sender_id"))


def holdings(connection: Connection, conversation_id: int) -> Holdings:
    said, answers, lines = (_count(connection, kept, conversation_id) for kept in (messages, outbox, events))
    return Holdings(said, answers, lines, _trackers(connection, conversation_id))


def forget(connection: Connection, conversation_id: int, except_messages: Sequence[int]) -> Holdings:
    conversation = custody.lock(connection, conversation_id)
    of_hers = messages.c.conversation_id == conversation_id
    gone = of_hers, messages.c.handled_at.is_not(None), messages.c.id.not_in(list(except_messages))
    answers = _drop_answers(connection, conversation_id, select(messages.c.id).where(*gone))
    said = connection.execute(delete(messages).where(*gone)).rowcount
    form_keeping.keep(connection, conversation_id, NO_FORM)
    _empty_trail(connection, conversation_id)
    connection.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(topic=None, choices=[], misunderstood=0)
    )
    return Holdings(said, answers, 0, _drop_trackers(connection, conversation.contact))


def _drop_answers(connection: Connection, conversation_id: int, gone: Any) -> int:
    """How many. Those that still have to leave no longer say which message they answer."""
    of_hers = outbox.c.conversation_id == conversation_id
    rows = connection.execute(
        select(outbox.c.id, outbox.c.state, outbox.c.author, outbox.c.message_id).where(of_hers)
    )
    over = [
        row.id
        for row in rows
        if not outlives_erasure(Delivery(row.state), Author(row.author), row.message_id)
    ]
    connection.execute(delete(outbox).where(of_hers, outbox.c.id.in_(over)))
    connection.execute(update(outbox).where(of_hers, outbox.c.message_id.in_(gone)).values(message_id=None))
    return len(over)


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
