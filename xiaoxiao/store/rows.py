"""Rows of the tables ↔ the words every layer speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row

from xiaoxiao.store.conversation import (
    Answer,
    Author,
    Button,
    Conversation,
    Delivery,
    Event,
    Incoming,
    Message,
    Outgoing,
    Status,
    Trigger,
)
from xiaoxiao.store.tables import conversations, messages, outbox

#: a message does not repeat whose it is: its conversation says so
MESSAGE_COLUMNS = (
    *(column for column in messages.c if column.key not in ("account", "worker", "leased_at")),
    conversations.c.channel,
    conversations.c.account,
    conversations.c.contact,
)
SELECT_MESSAGE = select(*MESSAGE_COLUMNS).join_from(messages, conversations)


_CONVERSATION = tuple(column.key for column in conversations.c)
_OUTGOING = tuple(column.key for column in outbox.c)
#: columns of the outbox that only the store itself reads
_OWN = ("attempted_at", "window")


def to_conversation(row: Sequence[Any]) -> Conversation:
    """From the columns of `conversations`, in their order."""
    values = dict(zip(_CONVERSATION, row, strict=True))
    values["status"] = Status(values["status"])
    values["choices"] = tuple(Button(b["title"], b["payload"]) for b in values["choices"])
    return Conversation(**values)


def from_conversation(conversation: Conversation) -> dict[str, Any]:
    """The columns that acts change."""
    return {
        "status": conversation.status.value,
        "following": conversation.following,
        "updated_at": conversation.updated_at,
        "misunderstood": conversation.misunderstood,
        "waiting_since": conversation.waiting_since,
        "assignee": conversation.assignee,
        "choices": [{"title": b.title, "payload": b.payload} for b in conversation.choices],
        "topic": conversation.topic,
        "message_window_at": conversation.message_window_at,
        "message_window_used": conversation.message_window_used,
        "click_window_at": conversation.click_window_at,
        "click_window_used": conversation.click_window_used,
    }


def to_message(row: Row) -> Message:
    incoming = Incoming(
        channel=row.channel,
        account=row.account,
        contact=row.contact,
        key=row.key,
        kind=row.kind,
        sent_at=row.sent_at,
        text=row.text,
        event=row.event,
        fields=row.fields,
        trigger=Trigger(row.trigger),
        payload=row.payload,
    )
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        incoming=incoming,
        received_at=row.received_at,
        handled_at=row.handled_at,
        danger=row.danger,
        intent=row.intent,
        confidence=row.confidence,
        reply=row.reply,
    )


def to_outgoing(row: Sequence[Any]) -> Outgoing:
    """From the columns of `outbox`, in their order."""
    values = dict(zip(_OUTGOING, row, strict=True))
    for name in _OWN:
        del values[name]
    values["author"] = Author(values["author"])
    values["answer"] = Answer.from_json(values["answer"])
    values["state"] = Delivery(values["state"])
    return Outgoing(**values)


def to_event(row: Row) -> Event:
    return Event(row.id, row.conversation_id, row.at, row.actor, row.name, row.data)
