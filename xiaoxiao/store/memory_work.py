"""One transaction of case work on the store in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from xiaoxiao.errors import NotFound
from xiaoxiao.store.contents import Contents, one
from xiaoxiao.store.conversation import Answer, Author, Conversation, Message, Outgoing
from xiaoxiao.store.records import Condition, Holdings, R
from xiaoxiao.store.rules import after_posting, content_free, outlives_erasure


class MemoryWork:
    """Implements Work."""

    def __init__(self, contents: Contents) -> None:
        self._all = contents

    def alone(self, name: str) -> None:
        """It is: the whole store is locked."""

    def next_number(self, day: str) -> int:
        self._all.numbers[day] = self._all.numbers.get(day, 0) + 1
        return self._all.numbers[day]

    def add(self, record: R) -> R:
        return self._all.add(record)

    def save(self, record: R) -> None:
        rows = self._all.records.get(type(record), {})
        one(rows, cast(Any, record).id)
        rows[cast(Any, record).id] = record

    def one(self, kind: type[R], *conditions: Condition) -> R:
        found = self.all(kind, *conditions)
        if not found:
            raise NotFound
        return found[0]

    def all(
        self, kind: type[R], *conditions: Condition, limit: int | None = None, latest: bool = False
    ) -> list[R]:
        rows = self._all.records.get(kind, {}).values()
        found = [row for row in rows if all(_fits(row, condition) for condition in conditions)]
        if limit is None:
            return found
        return found[-limit:] if latest else found[:limit]

    def count(self, kind: type[R], *conditions: Condition) -> int:
        return len(self.all(kind, *conditions))

    def remove(self, kind: type[R], *conditions: Condition) -> int:
        found = self.all(kind, *conditions)
        for row in found:
            del self._all.records[kind][cast(Any, row).id]
        return len(found)

    def conversation(self, conversation_id: int) -> Conversation:
        return one(self._all.conversations, conversation_id)

    def find(self, contact: str) -> Conversation:
        found = [each for each in self._all.conversations.values() if each.contact == contact]
        if not found:
            raise NotFound
        return max(found, key=lambda each: (each.updated_at, each.id))

    def post(
        self, conversation_id: int, author: Author, answer: Answer, *, actor: str, now: datetime
    ) -> Outgoing:
        conversation = one(self._all.conversations, conversation_id)
        self._all.conversations[conversation_id] = after_posting(conversation, author)
        row = self._all.insert(conversation, None, author, answer, now)
        self._all.add_event(conversation_id, actor, "post", now, outgoing=row.id, author=author.value)
        return row

    def holdings(self, conversation_id: int) -> Holdings:
        messages = [m for m in self._all.messages.values() if m.conversation_id == conversation_id]
        events = [event for event in self._all.events if event.conversation_id == conversation_id]
        return Holdings(len(messages), len(self._all.rows(conversation_id)), len(events), 0)

    def forget(self, conversation_id: int, *, except_messages: Sequence[int], now: datetime) -> Holdings:
        before = self.holdings(conversation_id)
        for row in self._all.rows(conversation_id):
            if not outlives_erasure(row.state, row.author, row.message_id):
                del self._all.outbox[row.id]
        for message in [m for m in self._all.messages.values() if m.conversation_id == conversation_id]:
            if message.handled_at is not None and message.id not in except_messages:
                self._forget_message(message)
        self._all.events[:] = [
            replace(event, data=content_free(event.data))
            if event.conversation_id == conversation_id
            else event
            for event in self._all.events
        ]
        conversation = one(self._all.conversations, conversation_id)
        self._all.conversations[conversation_id] = replace(
            conversation, topic=None, choices=(), misunderstood=0
        )
        self._all.forms.pop(conversation_id, None)
        after = self.holdings(conversation_id)
        return Holdings(before.messages - after.messages, before.answers - after.answers, 0, 0)

    def _forget_message(self, message: Message) -> None:
        del self._all.messages[message.id]
        self._all.by_key.pop((message.incoming.account, message.incoming.key), None)
        for row in self._all.rows(message.conversation_id):
            if row.message_id == message.id:
                self._all.outbox[row.id] = replace(row, message_id=None)


def _fits(record: object, condition: Condition) -> bool:
    found, wanted = getattr(record, condition.column), condition.value
    match condition.operator:
        case "is":
            return bool(found == wanted)
        case "not":
            return found is not None and bool(found != wanted)
        case "in":
            return found in wanted
        case "from":
            return found is not None and bool(found >= wanted)
        case "until":
            return found is not None and bool(found <= wanted)
