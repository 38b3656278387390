"""What the store in memory holds, and the steps its transactions are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from xiaoxiao.errors import NotFound
from xiaoxiao.store.conversation import (
    Answer,
    Author,
    Conversation,
    Delivery,
    Event,
    Incoming,
    Message,
    Outgoing,
    Status,
    Window,
)
from xiaoxiao.store.form_state import FormState
from xiaoxiao.store.rules import UNSENT, first_state, legible, posted_state

_Item = TypeVar("_Item")


@dataclass
class Contents:
    conversations: dict[int, Conversation] = field(default_factory=dict)
    by_contact: dict[tuple[str, str, str], int] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    by_key: dict[tuple[str, str], int] = field(default_factory=dict)
    leases: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    outbox: dict[int, Outgoing] = field(default_factory=dict)
    attempts: dict[int, tuple[datetime, Window | None]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    facts: dict[str, tuple[str, datetime | None]] = field(default_factory=dict)
    locks: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    records: dict[type, dict[int, Any]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    forms: dict[int, FormState] = field(default_factory=dict)

    def copy(self) -> Contents:
        """As it is now, whatever is added, changed or taken away later."""
        parts = {each.name: copy(getattr(self, each.name)) for each in fields(self)}
        parts["records"] = {kind: dict(rows) for kind, rows in self.records.items()}
        return Contents(**parts)

    def add(self, record: _Item) -> _Item:
        rows = self.records.setdefault(type(record), {})
        made: _Item = replace(record, id=after_last(rows))  # type: ignore[type-var]
        rows[made.id] = made  # type: ignore[attr-defined]
        return made

    def keep_form(self, conversation_id: int, form: FormState) -> None:
        """As a database would give it back."""
        self.forms.pop(conversation_id, None)
        if form.is_open:
            self.forms[conversation_id] = replace(form, values=json.loads(json.dumps(dict(form.values))))

    def conversation_of(self, incoming: Incoming, now: datetime) -> Conversation:
        whose = (incoming.channel, incoming.account, incoming.contact)
        if whose in self.by_contact:
            return self.conversations[self.by_contact[whose]]
        new_id = len(self.conversations) + 1
        new = Conversation(new_id, *whose, status=Status.BOT, following=True, created_at=now, updated_at=now)
        self.by_contact[whose] = new_id
        return self.conversations.setdefault(new_id, new)

    def rows(self, conversation_id: int) -> list[Outgoing]:
        return [row for row in self.outbox.values() if row.conversation_id == conversation_id]

    def busy(self, conversation_id: int) -> bool:
        return any(row.state is Delivery.SENDING for row in self.rows(conversation_id))

    def may_leave(self, row: Outgoing, now: datetime) -> bool:
        if row.next_attempt_at is not None and row.next_attempt_at > now:
            return False
        if self.busy(row.conversation_id):
            return False
        free = row.message_id is None or row.author is Author.SAFETY
        return free or self.messages[cast(int, row.message_id)].handled_at is not None

    def insert(
        self,
        conversation: Conversation,
        message_id: int | None,
        author: Author,
        answer: Answer,
        now: datetime,
    ) -> Outgoing:
        answer = replace(answer, text=legible(answer.text))
        posted = message_id is None
        state = posted_state(author, conversation) if posted else first_state(author, conversation.status)
        row_id = after_last(self.outbox)
        row = Outgoing(row_id, conversation.id, message_id, author, answer, state, created_at=now)
        return self.outbox.setdefault(row_id, row)

    def drop(self, conversation_id: int, *, only: Author | None = None) -> int:
        lost = [
            row
            for row in self.rows(conversation_id)
            if row.state in UNSENT and (only is None or row.author is only)
        ]
        for row in lost:
            self.outbox[row.id] = replace(row, state=Delivery.DROPPED)
        return len(lost)

    def change(self, conversation_id: int, old: Delivery, new: Delivery) -> None:
        for row in self.rows(conversation_id):
            if row.state is old:
                self.outbox[row.id] = replace(row, state=new)

    def add_event(self, conversation_id: int, actor: str, name: str, now: datetime, **data: object) -> Event:
        event = Event(len(self.events) + 1, conversation_id, now, actor, name, data)
        self.events.append(event)
        return event


def after_last(rows: dict[int, Any]) -> int:
    return next(reversed(rows), 0) + 1


def one(items: dict[int, _Item], item_id: int) -> _Item:
    if item_id not in items:
        raise NotFound
    return items[item_id]


def latest(items: Iterable[Any], conversation_id: int, limit: int) -> list[Any]:
    return [item for item in items if item.conversation_id == conversation_id][-limit:]
