"""Who answers: reading a conversation under its lock, changing it, and the trail of who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection

from xiaoxiao.errors import Conflict, NotFound
from xiaoxiao.store.conversation import Author, Conversation, Delivery, Event, Status
from xiaoxiao.store.prepared import Prepared
from xiaoxiao.store.rows import from_conversation, to_conversation, to_event
from xiaoxiao.store.rules import HELD_BY_STAFF, UNSENT, after_transition, transition_data
from xiaoxiao.store.tables import conversations, events, outbox, waiting

_BY_ID = select(conversations).where(conversations.c.id == bindparam("wanted"))
# NO KEY: adding a row that refers to the conversation (an event) need not wait for this lock
_LOCKED = Prepared(_BY_ID.with_for_update(key_share=True))
_SAVE = Prepared(update(conversations).where(conversations.c.id == bindparam("wanted")))
_LATEST_EVENTS = (
    select(events)
    .where(events.c.conversation_id == bindparam("wanted"))
    .order_by(events.c.id.desc())
    .limit(bindparam("most"))
)
_IN_ORDER_OF_WAITING = conversations.c.waiting_since, conversations.c.id
_IN_ORDER_OF_ACTIVITY = conversations.c.updated_at.desc(), conversations.c.id.desc()


def load(connection: Connection, conversation_id: int) -> Conversation:
    return _one(connection.execute(_BY_ID, {"wanted": conversation_id}).first())


def lock(connection: Connection, conversation_id: int) -> Conversation:
    """Every transaction locks the conversation before it touches its messages or rows: so none deadlock."""
    return _one(_LOCKED.first(connection, {"wanted": conversation_id}))


def save(connection: Connection, conversation: Conversation) -> None:
    _SAVE.run(connection, {"wanted": conversation.id, **from_conversation(conversation)})


def find(connection: Connection, contact: str, channel: str | None) -> Conversation:
    query = select(conversations).where(conversations.c.contact == contact)
    if channel is not None:
        query = query.where(conversations.c.channel == channel)
    return _one(connection.execute(query.order_by(*_IN_ORDER_OF_ACTIVITY).limit(1)).first())


def listing(connection: Connection, status: Status | None, limit: int) -> list[Conversation]:
    """Two indexed queries instead of one sort over all conversations."""
    query = select(conversations)
    if status is not None:
        query = query.where(conversations.c.status == status.value)
    waiting = query.where(conversations.c.waiting_since.is_not(None)).order_by(*_IN_ORDER_OF_WAITING)
    others = query.where(conversations.c.waiting_since.is_(None)).order_by(*_IN_ORDER_OF_ACTIVITY)
    found = [to_conversation(row) for row in connection.execute(waiting.limit(limit))]
    if len(found) < limit:
        found += [to_conversation(row) for row in connection.execute(others.limit(limit - len(found)))]
    return found


def transition(
    connection: Connection,
    conversation_id: int,
    status: Status,
    *,
    actor: str,
    reason: str,
    now: datetime,
    assignee: str | None,
    expected: Sequence[Status] | None,
) -> Conversation:
    before = lock(connection, conversation_id)
    if expected is not None and before.status not in expected:
        raise Conflict
    after = after_transition(before, status, now, assignee)
    save(connection, after)
    dropped = drop(connection, conversation_id, now, only=Author.BOT) if status in HELD_BY_STAFF else 0
    add_event(
        connection, conversation_id, actor, "transition", now, transition_data(before, after, reason, dropped)
    )
    return after


def drop(connection: Connection, conversation_id: int, now: datetime, *, only: Author | None = None) -> int:
    """Withdraw what has not left."""
    statement = (
        update(outbox)
        .where(outbox.c.conversation_id == conversation_id)
        .where(waiting(outbox), outbox.c.state.in_([state.value for state in UNSENT]))
    )
    if only is not None:
        statement = statement.where(outbox.c.author == only.value)
    return int(connection.execute(statement.values(state=Delivery.DROPPED.value)).rowcount)


def add_event(
    connection: Connection,
    conversation_id: int,
    actor: str,
    name: str,
    now: datetime,
    data: Mapping[str, Any],
) -> Event:
    values = {"conversation_id": conversation_id, "at": now, "actor": actor, "name": name, "data": dict(data)}
    event_id = connection.execute(insert(events), values).inserted_primary_key[0]
    return Event(event_id, conversation_id, now, actor, name, dict(data))


def trail(connection: Connection, conversation_id: int, limit: int) -> list[Event]:
    rows = connection.execute(_LATEST_EVENTS, {"wanted": conversation_id, "most": limit}).all()
    return [to_event(row) for row in reversed(rows)]


def _one(row: Any) -> Conversation:
    if row is None:
        raise NotFound
    return to_conversation(row)
