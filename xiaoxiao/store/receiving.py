"""Storing what comes in, once, and knowing who works on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from xiaoxiao.errors import NotFound
from xiaoxiao.store import custody
from xiaoxiao.store.conversation import Conversation, Delivery, Incoming, Message, Receipt, Status, Trigger
from xiaoxiao.store.rows import SELECT_MESSAGE, from_conversation, to_conversation, to_message
from xiaoxiao.store.rules import after_receiving, legible, transition_data, unfollows
from xiaoxiao.store.tables import conversations, messages, outbox, waiting

_OF_CONTACT = (
    select(conversations)
    .where(conversations.c.contact == bindparam("contact"))
    .where(conversations.c.channel == bindparam("channel"))
    .where(conversations.c.account == bindparam("account"))
    .with_for_update(key_share=True)
)
_BY_ID = SELECT_MESSAGE.where(messages.c.id == bindparam("wanted"))
_BY_KEY = SELECT_MESSAGE.where(messages.c.account == bindparam("account"), messages.c.key == bindparam("key"))
_UNHOLD = (
    update(outbox)
    .where(
        outbox.c.conversation_id == bindparam("wanted"),
        outbox.c.state == Delivery.HELD.value,
        waiting(outbox),
    )
    .values(state=Delivery.QUEUED.value)
)
_UNHANDLED = (
    SELECT_MESSAGE.where(messages.c.handled_at.is_(None), messages.c.leased_at <= bindparam("lapsed"))
    .order_by(messages.c.id)
    .limit(bindparam("most"))
)
_LEASE = update(messages).where(
    messages.c.id == bindparam("wanted"),
    messages.c.handled_at.is_(None),
    messages.c.leased_at <= bindparam("lapsed"),
)
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_NEW_MESSAGE = {name: insert(messages).on_conflict_do_nothing() for name, insert in _INSERTS.items()}
_NEW_CONVERSATION = {
    name: insert(conversations).on_conflict_do_nothing() for name, insert in _INSERTS.items()
}


def receive(connection: Connection, incoming: Incoming, worker: str, now: datetime) -> Receipt:
    incoming = replace(incoming, text=legible(incoming.text))
    before = _conversation_of(connection, incoming, now)
    message_id = _insert(connection, before.id, incoming, worker, now)
    if message_id is None:
        first = _first_with_key(connection, incoming)
        return Receipt(first, custody.load(connection, first.conversation_id), is_new=False)
    after = after_receiving(before, incoming, now)
    custody.save(connection, after)
    dropped = custody.drop(connection, before.id, now) if unfollows(incoming) else 0
    if incoming.trigger is not Trigger.NONE and not unfollows(incoming):
        connection.execute(_UNHOLD, {"wanted": before.id})
    if after.status is not before.status:
        data = transition_data(before, after, incoming.event or incoming.kind, dropped)
        custody.add_event(connection, before.id, "citizen", "transition", now, data)
    return Receipt(Message(message_id, before.id, incoming, received_at=now), after, is_new=True)


def lease(connection: Connection, message_id: int, worker: str, now: datetime, lapse: timedelta) -> bool:
    values = {"wanted": message_id, "lapsed": now - lapse, "worker": worker, "leased_at": now}
    return bool(connection.execute(_LEASE, values).rowcount == 1)


def unhandled(connection: Connection, now: datetime, lapse: timedelta, limit: int) -> list[Receipt]:
    found = [
        to_message(row) for row in connection.execute(_UNHANDLED, {"lapsed": now - lapse, "most": limit})
    ]
    return [Receipt(message, custody.load(connection, message.conversation_id), False) for message in found]


def load_message(connection: Connection, message_id: int) -> Message:
    row = connection.execute(_BY_ID, {"wanted": message_id}).first()
    if row is None:
        raise NotFound
    return to_message(row)


def latest(connection: Connection, conversation_id: int, limit: int) -> list[Message]:
    query = SELECT_MESSAGE.where(messages.c.conversation_id == conversation_id)
    rows = connection.execute(query.order_by(messages.c.id.desc()).limit(limit)).all()
    return [to_message(row) for row in reversed(rows)]


def _conversation_of(connection: Connection, incoming: Incoming, now: datetime) -> Conversation:
    whose = {"contact": incoming.contact, "channel": incoming.channel, "account": incoming.account}
    row = connection.execute(_OF_CONTACT, whose).first()
    if row is None:
        new = Conversation(0, **whose, status=Status.BOT, following=True, created_at=now, updated_at=now)
        values = {**whose, "created_at": now, **from_conversation(new)}
        connection.execute(_NEW_CONVERSATION[connection.dialect.name], values)
        row = connection.execute(_OF_CONTACT, whose).one()
    return to_conversation(row)


def _insert(
    connection: Connection, conversation_id: int, incoming: Incoming, worker: str, now: datetime
) -> int | None:
    """The new message's id, or None when its key is known already."""
    values: dict[str, Any] = {
        "conversation_id": conversation_id,
        "account": incoming.account,
        "key": incoming.key,
        "kind": incoming.kind,
        "sent_at": incoming.sent_at,
        "text": incoming.text,
        "event": incoming.event,
        "fields": dict(incoming.fields),
        "trigger": incoming.trigger.value,
        "payload": incoming.payload,
        "received_at": now,
        "worker": worker,
        "leased_at": now,
    }
    result = connection.execute(_NEW_MESSAGE[connection.dialect.name], values)
    if result.rowcount != 1:
        return None
    return int(result.inserted_primary_key[0])


def _first_with_key(connection: Connection, incoming: Incoming) -> Message:
    row = connection.execute(_BY_KEY, {"account": incoming.account, "key": incoming.key}).one()
    return to_message(row)
