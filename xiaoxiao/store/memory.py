"""The store's twin in memory: the same contract, for tests and for trying things out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from xiaoxiao.errors import Conflict, NotFound
from xiaoxiao.store.contents import Contents, after_last, latest, one
from xiaoxiao.store.conversation import (
    Answer,
    Author,
    Conversation,
    Delivery,
    Event,
    Incoming,
    Message,
    Outgoing,
    Receipt,
    Status,
    Trigger,
    Window,
)
from xiaoxiao.store.form_state import NO_FORM, FormState
from xiaoxiao.store.medium import medium_of
from xiaoxiao.store.memory_work import MemoryWork
from xiaoxiao.store.port import Composer
from xiaoxiao.store.records import Work
from xiaoxiao.store.rules import (
    HELD_BY_STAFF,
    UNSENT,
    UNSETTLED,
    after_answering,
    after_posting,
    after_receiving,
    after_transition,
    gives_back,
    legible,
    passive_order,
    settled_state,
    spent,
    transition_data,
    unfollows,
)

_Method = TypeVar("_Method", bound=Callable[..., Any])
_Item = TypeVar("_Item")


def _transaction(method: _Method) -> _Method:
    """One at a time, as the lock on a conversation has it."""

    @wraps(method)
    def alone(self: MemoryStore, *args: Any, **kwargs: Any) -> Any:
        with self._lock:
            return method(self, *args, **kwargs)

    return cast(_Method, alone)


class MemoryStore:
    """Implements ConversationStore."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._all = Contents()

    # --- incoming

    @_transaction
    def receive(self, incoming: Incoming, *, worker: str, now: datetime) -> Receipt:
        incoming = replace(incoming, text=legible(incoming.text))
        first = self._all.by_key.get((incoming.account, incoming.key))
        if first is not None:
            known = self._all.messages[first]
            return Receipt(known, self._all.conversations[known.conversation_id], is_new=False)
        before = self._all.conversation_of(incoming, now)
        message = Message(after_last(self._all.messages), before.id, incoming, received_at=now)
        self._all.messages[message.id] = message
        self._all.by_key[incoming.account, incoming.key] = message.id
        self._all.leases[message.id] = (worker, now)
        if (medium := medium_of(incoming, message.id, before.id, now)) is not None:
            self._all.add(medium)
        after = self._all.conversations[before.id] = after_receiving(before, incoming, now)
        dropped = self._all.drop(before.id) if unfollows(incoming) else 0
        if incoming.trigger is not Trigger.NONE and not unfollows(incoming):
            self._all.change(before.id, Delivery.HELD, Delivery.QUEUED)
        if after.status is not before.status:
            data = transition_data(before, after, incoming.event or incoming.kind, dropped)
            self._all.add_event(before.id, "citizen", "transition", now, **data)
        return Receipt(message, after, is_new=True)

    @_transaction
    def lease(self, message_id: int, *, worker: str, now: datetime, lapse: timedelta) -> bool:
        message = self._all.messages.get(message_id)
        if message is None or message.handled_at or self._all.leases[message_id][1] > now - lapse:
            return False
        self._all.leases[message_id] = (worker, now)
        return True

    @_transaction
    def unhandled(self, *, now: datetime, lapse: timedelta, limit: int = 100) -> list[Receipt]:
        lapsed = [
            message
            for message in self._all.messages.values()
            if message.handled_at is None and self._all.leases[message.id][1] <= now - lapse
        ]
        return [Receipt(m, self._all.conversations[m.conversation_id], False) for m in lapsed[:limit]]

    @_transaction
    def message(self, message_id: int) -> Message:
        return one(self._all.messages, message_id)

    # --- answers

    @_transaction
    def answer(
        self,
        message_id: int,
        answers: Sequence[tuple[Author, Answer]],
        *,
        now: datetime,
        intent: str | None = None,
        confidence: float | None = None,
        danger: str | None = None,
        topic: str | None = None,
        understood: bool | None = None,
        handled: bool = True,
        form: FormState | None = None,
    ) -> list[Outgoing]:
        message = one(self._all.messages, message_id)
        answered = any(row.message_id == message_id for row in self._all.outbox.values())
        if message.handled_at is not None or (answered and not handled):
            return []
        findings = {"intent": intent, "confidence": confidence, "danger": danger}
        known: dict[str, Any] = {name: value for name, value in findings.items() if value is not None}
        self._all.messages[message_id] = replace(message, **known, handled_at=now if handled else None)
        conversation = self._all.conversations[message.conversation_id]
        self._all.conversations[conversation.id] = after_answering(conversation, understood, topic)
        if form is not None:
            self._all.keep_form(conversation.id, form)
        return [self._all.insert(conversation, message_id, author, given, now) for author, given in answers]

    @_transaction
    def compose(self, message_id: int, composer: Composer, *, now: datetime) -> str:
        message = one(self._all.messages, message_id)
        if message.reply is not None:
            return message.reply
        conversation = self._all.conversations[message.conversation_id]
        rows = [row for row in self._all.rows(conversation.id) if row.state in UNSENT]
        made = composer(passive_order(rows, message_id)) if rows else None
        if made is None or not made.text:
            return ""
        sent: dict[str, Any] = {
            "state": Delivery.SENT,
            "carrier": "passive",
            "sent_at": now,
            "error": None,
        }
        for row_id in made.carried:
            self._all.outbox[row_id] = replace(self._all.outbox[row_id], **sent)
        for row_id, carried in made.remaining.items():
            self._all.outbox[row_id] = replace(self._all.outbox[row_id], carried=carried)
        self._all.messages[message_id] = replace(message, reply=made.text)
        self._all.conversations[conversation.id] = replace(conversation, choices=tuple(made.choices))
        return made.text

    @_transaction
    def post(
        self, conversation_id: int, author: Author, answer: Answer, *, actor: str, now: datetime
    ) -> Outgoing:
        conversation = one(self._all.conversations, conversation_id)
        self._all.conversations[conversation_id] = after_posting(conversation, author)
        row = self._all.insert(conversation, None, author, answer, now)
        self._all.add_event(conversation_id, actor, "post", now, outgoing=row.id, author=author.value)
        return row

    # --- outbox

    @_transaction
    def due(
        self, *, now: datetime, settle: timedelta, limit: int = 100
    ) -> list[tuple[Outgoing, Conversation]]:
        found = []
        for conversation in self._all.conversations.values():
            queue = [row for row in self._all.rows(conversation.id) if row.state is Delivery.QUEUED]
            first = min(queue, key=lambda row: (row.author is not Author.SAFETY, row.id), default=None)
            if first and first.created_at <= now - settle and self._all.may_leave(first, now):
                found.append((first, conversation))
        return sorted(found, key=lambda pair: (pair[0].created_at, pair[0].id))[:limit]

    @_transaction
    def sending(self, outgoing_id: int, *, now: datetime, window: Window | None = None) -> bool:
        row = one(self._all.outbox, outgoing_id)
        due = row.next_attempt_at is None or row.next_attempt_at <= now
        if row.state is not Delivery.QUEUED or not due or self._all.busy(row.conversation_id):
            return False
        self._all.outbox[row.id] = replace(row, state=Delivery.SENDING, attempts=row.attempts + 1)
        self._all.attempts[row.id] = (now, window)
        conversation = self._all.conversations[row.conversation_id]
        self._all.conversations[conversation.id] = spent(conversation, window, 1)
        return True

    @_transaction
    def settle(
        self,
        outgoing_id: int,
        state: Delivery,
        *,
        now: datetime,
        error: str | None = None,
        next_attempt_at: datetime | None = None,
        carrier: str | None = None,
        carried: int | None = None,
    ) -> None:
        row = one(self._all.outbox, outgoing_id)
        if row.state not in UNSETTLED:
            return
        conversation = self._all.conversations[row.conversation_id]
        attempted_at, window = self._all.attempts.get(row.id, (now, None))
        attempted = row.state is Delivery.SENDING
        state = settled_state(state, conversation, attempted_at if attempted else now)
        settled = replace(row, state=state, error=error, next_attempt_at=next_attempt_at)
        if carried is not None:
            settled = replace(settled, carried=carried, attempts=0)
        if state is Delivery.SENT:
            settled = replace(settled, sent_at=now, carrier=carrier)
        self._all.outbox[row.id] = settled
        if state is Delivery.HELD:
            self._all.change(conversation.id, Delivery.QUEUED, Delivery.HELD)
        if attempted and gives_back(state, carried):
            conversation = spent(conversation, window, -1)
        if state is Delivery.SENT and row.answer.buttons:
            conversation = replace(conversation, choices=row.answer.buttons)
        self._all.conversations[conversation.id] = conversation

    @_transaction
    def recover(self, *, now: datetime, lapse: timedelta = timedelta(0)) -> int:
        stuck = [
            row
            for row in self._all.outbox.values()
            if row.state is Delivery.SENDING and self._all.attempts[row.id][0] <= now - lapse
        ]
        for row in stuck:
            state = Delivery.QUEUED if row.author is Author.SAFETY else Delivery.UNCERTAIN
            self._all.outbox[row.id] = replace(row, state=state)
        return len(stuck)

    # --- conversations

    @_transaction
    def conversation(self, conversation_id: int) -> Conversation:
        return one(self._all.conversations, conversation_id)

    @_transaction
    def find(self, contact: str, *, channel: str | None = None) -> Conversation:
        found = [
            conversation
            for conversation in self._all.conversations.values()
            if conversation.contact == contact and channel in (None, conversation.channel)
        ]
        if not found:
            raise NotFound
        return max(found, key=lambda conversation: (conversation.updated_at, conversation.id))

    @_transaction
    def conversations(self, *, status: Status | None = None, limit: int = 50) -> list[Conversation]:
        found = [c for c in self._all.conversations.values() if status in (None, c.status)]
        waiting = sorted((c.waiting_since, c.id, c) for c in found if c.waiting_since is not None)
        others = sorted(
            (c for c in found if c.waiting_since is None), key=lambda c: (c.updated_at, c.id), reverse=True
        )
        return [*(c for _, _, c in waiting), *others][:limit]

    @_transaction
    def transition(
        self,
        conversation_id: int,
        status: Status,
        *,
        actor: str,
        reason: str,
        now: datetime,
        assignee: str | None = None,
        expected: Sequence[Status] | None = None,
    ) -> Conversation:
        before = one(self._all.conversations, conversation_id)
        if expected is not None and before.status not in expected:
            raise Conflict
        after = self._all.conversations[before.id] = after_transition(before, status, now, assignee)
        dropped = self._all.drop(before.id, only=Author.BOT) if status in HELD_BY_STAFF else 0
        self._all.add_event(
            before.id, actor, "transition", now, **transition_data(before, after, reason, dropped)
        )
        return after

    @_transaction
    def messages(self, conversation_id: int, *, limit: int = 200) -> list[Message]:
        return latest(self._all.messages.values(), conversation_id, limit)

    @_transaction
    def outgoing(self, conversation_id: int, *, limit: int = 200) -> list[Outgoing]:
        return latest(self._all.outbox.values(), conversation_id, limit)

    @_transaction
    def events(self, conversation_id: int, *, limit: int = 200) -> list[Event]:
        return latest(self._all.events, conversation_id, limit)

    @_transaction
    def record(self, conversation_id: int, *, actor: str, name: str, now: datetime, **data: object) -> Event:
        one(self._all.conversations, conversation_id)
        return self._all.add_event(conversation_id, actor, name, now, **data)

    # --- forms

    @_transaction
    def form(self, conversation_id: int) -> FormState:
        return self._all.forms.get(conversation_id, NO_FORM)

    @_transaction
    def forget_forms(self, *, before: datetime) -> int:
        old = [whose for whose, form in self._all.forms.items() if form.touched_at < before]
        for whose in old:
            del self._all.forms[whose]
        return len(old)

    # --- case work

    @contextmanager
    def work(self, *, only_reads: bool = False) -> Iterator[Work]:
        """Alone; what was done before an error is undone."""
        with self._lock:
            before = self._all.copy()
            try:
                yield MemoryWork(self._all)
            except BaseException:
                self._all = before
                raise

    # --- shared facts

    @_transaction
    def remember(self, key: str, value: str, *, now: datetime, expires_at: datetime | None = None) -> None:
        self._all.facts[key] = (value, expires_at)

    @_transaction
    def recall(self, key: str, *, now: datetime) -> str | None:
        value, expires_at = self._all.facts.get(key, (None, None))
        return None if expires_at is not None and expires_at <= now else value

    @_transaction
    def try_lock(self, key: str, *, worker: str, now: datetime, lapse: timedelta) -> bool:
        holder, taken_at = self._all.locks.get(key, (worker, now))
        if holder != worker and taken_at > now - lapse:
            return False
        self._all.locks[key] = (worker, now)
        return True

    @_transaction
    def unlock(self, key: str, *, worker: str) -> None:
        if self._all.locks.get(key, ("", None))[0] == worker:
            del self._all.locks[key]

    def ping(self) -> None:
        """Memory always answers."""

    def close(self) -> None:
        """Nothing to give back."""
