"""Storing what comes in, once, and knowing who works on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.engine import Connection

from xiaoxiao.errors import NotFound
from xiaoxiao.store import custody
from xiaoxiao.store.conversation import Conversation, Delivery, Incoming, Message, Receipt, Status, Trigger
from xiaoxiao.store.medium import medium_of
from xiaoxiao.store.prepared import Prepared
from xiaoxiao.store.rows import SELECT_MESSAGE, from_conversation, to_conversation, to_message
from xiaoxiao.store.rules import after_receiving, legible, transition_data, unfollows
from xiaoxiao.store.sql_work import SqlWork
from xiaoxiao.store.tables import conversations, messages, outbox, waiting

# the outer join answers in one go whether the key is known; the lock makes a second delivery wait its turn
_OF_CONTACT = Prepared(
    select(conversations, messages.c.id)
    .outerjoin(messages, and_(messages.c.account == bindparam("account"), messages.c.key == bindparam("key")))
    .where(conversations.c.contact == bindparam("contact"))
    .where(conversations.c.channel == bindparam("channel"))
    .where(conversations.c.account == bindparam("account"))
    .with_for_update(of=conversations, key_share=True)
)
_WITH_KEY = select(messages.c.id).where(
    messages.c.account == bindparam("account"), messages.c.key == bindparam("key")
)
_BY_ID = SELECT_MESSAGE.where(messages.c.id == bindparam("wanted"))
_UNHOLD = Prepared(
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
_NEW_MESSAGE = Prepared(insert(messages))
_NEW_CONVERSATION = Prepared(insert(conversations))


def receive(connection: Connection, incoming: Incoming, worker: str, now: datetime) -> Receipt:
    """IntegrityError when the same was received at the same time: then ask again, it is known by now."""
    incoming = replace(incoming, text=legible(incoming.text))
    before, known = _conversation_of(connection, incoming, now)
    if known is not None:
        first = load_message(connection, known)
        return Receipt(first, custody.load(connection, first.conversation_id), is_new=False)
    message_id = _insert(connection, before.id, incoming, worker, now)
    if (medium := medium_of(incoming, message_id, before.id, now)) is not None:
        SqlWork(connection).add(medium)
    after = after_receiving(before, incoming, now)
    custody.save(connection, after)
    dropped = custody.drop(connection, before.id, now) if unfollows(incoming) else 0
    if incoming.trigger is not Trigger.NONE and not unfollows(incoming):
        _UNHOLD.run(connection, {"wanted": before.id})
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


def _conversation_of(
    connection: Connection, incoming: Incoming, now: datetime
) -> tuple[Conversation, int | None]:
    """Her conversation, made if need be, and the id of the message with this key if it is known."""
    whose = {"contact": incoming.contact, "channel": incoming.channel, "account": incoming.account}
    row = _OF_CONTACT.first(connection, {**whose, "key": incoming.key})
    if row is not None:
        return to_conversation(row[:-1]), row[-1]
    known = connection.execute(_WITH_KEY, {"account": incoming.account, "key": incoming.key}).scalar()
    new = Conversation(
        id=0,
        channel=incoming.channel,
        account=incoming.account,
        contact=incoming.contact,
        status=Status.BOT,
        following=True,
        created_at=now,
        updated_at=now,
    )
    if known is None:
        values = {**whose, "created_at": now, **from_conversation(new)}
        new = replace(new, id=_NEW_CONVERSATION.insert(connection, values))
    return new, known


def _insert(
    connection: Connection, conversation_id: int, incoming: Incoming, worker: str, now: datetime
) -> int:
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
    return _NEW_MESSAGE.insert(connection, values)
