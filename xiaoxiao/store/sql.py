"""The store on SQLite and PostgreSQL: one transaction a method; the work is in the modules beside this
one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from xiaoxiao.store import answering, custody, departing, form_keeping, receiving, shared
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
    Window,
)
from xiaoxiao.store.database import open_engine, reading, writing
from xiaoxiao.store.form_state import FormState
from xiaoxiao.store.port import Composer
from xiaoxiao.store.records import Work
from xiaoxiao.store.sql_work import SqlWork


class SqlStore:
    """Implements ConversationStore. `migrations.migrate(url)` makes the tables; this expects them."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)

    # --- incoming

    def receive(self, incoming: Incoming, *, worker: str, now: datetime) -> Receipt:
        try:
            with writing(self.engine) as connection:
                return receiving.receive(connection, incoming, worker, now)
        except IntegrityError:  # two deliveries at once, and the other was first
            with writing(self.engine) as connection:
                return receiving.receive(connection, incoming, worker, now)

    def lease(self, message_id: int, *, worker: str, now: datetime, lapse: timedelta) -> bool:
        with writing(self.engine) as connection:
            return receiving.lease(connection, message_id, worker, now, lapse)

    def unhandled(self, *, now: datetime, lapse: timedelta, limit: int = 100) -> list[Receipt]:
        with reading(self.engine) as connection:
            return receiving.unhandled(connection, now, lapse, limit)

    def message(self, message_id: int) -> Message:
        with reading(self.engine) as connection:
            return receiving.load_message(connection, message_id)

    # --- answers

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
        findings = {"intent": intent, "confidence": confidence, "danger": danger}
        with writing(self.engine) as connection:
            return answering.answer(
                connection,
                message_id,
                answers,
                now=now,
                findings=findings,
                topic=topic,
                understood=understood,
                handled=handled,
                form=form,
            )

    def compose(self, message_id: int, composer: Composer, *, now: datetime) -> str:
        with writing(self.engine) as connection:
            return answering.compose(connection, message_id, composer, now)

    def post(
        self, conversation_id: int, author: Author, answer: Answer, *, actor: str, now: datetime
    ) -> Outgoing:
        with writing(self.engine) as connection:
            return answering.post(connection, conversation_id, author, answer, actor, now)

    # --- outbox

    def due(
        self, *, now: datetime, settle: timedelta, limit: int = 100
    ) -> list[tuple[Outgoing, Conversation]]:
        with reading(self.engine) as connection:
            return departing.due(connection, now, settle, limit)

    def sending(self, outgoing_id: int, *, now: datetime, window: Window | None = None) -> bool:
        with writing(self.engine) as connection:
            return departing.sending(connection, outgoing_id, now, window)

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
        with writing(self.engine) as connection:
            departing.settle(
                connection,
                outgoing_id,
                state,
                now=now,
                error=error,
                next_attempt_at=next_attempt_at,
                carrier=carrier,
                carried=carried,
            )

    def recover(self, *, now: datetime, lapse: timedelta = timedelta(0)) -> int:
        with writing(self.engine) as connection:
            return departing.recover(connection, now, lapse)

    # --- conversations

    def conversation(self, conversation_id: int) -> Conversation:
        with reading(self.engine) as connection:
            return custody.load(connection, conversation_id)

    def find(self, contact: str, *, channel: str | None = None) -> Conversation:
        with reading(self.engine) as connection:
            return custody.find(connection, contact, channel)

    def conversations(self, *, status: Status | None = None, limit: int = 50) -> list[Conversation]:
        with reading(self.engine) as connection:
            return custody.listing(connection, status, limit)

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
        with writing(self.engine) as connection:
            return custody.transition(
                connection,
                conversation_id,
                status,
                actor=actor,
                reason=reason,
                now=now,
                assignee=assignee,
                expected=expected,
            )

    def messages(self, conversation_id: int, *, limit: int = 200) -> list[Message]:
        with reading(self.engine) as connection:
            return receiving.latest(connection, conversation_id, limit)

    def outgoing(self, conversation_id: int, *, limit: int = 200) -> list[Outgoing]:
        with reading(self.engine) as connection:
            return departing.latest(connection, conversation_id, limit)

    def events(self, conversation_id: int, *, limit: int = 200) -> list[Event]:
        with reading(self.engine) as connection:
            return custody.trail(connection, conversation_id, limit)

    def record(self, conversation_id: int, *, actor: str, name: str, now: datetime, **data: object) -> Event:
        with writing(self.engine) as connection:
            custody.load(connection, conversation_id)
            return custody.add_event(connection, conversation_id, actor, name, now, data)

    # --- case work

    @contextmanager
    def work(self, *, only_reads: bool = False) -> Iterator[Work]:
        with (reading if only_reads else writing)(self.engine) as connection:
            yield SqlWork(connection)

    # --- forms

    def form(self, conversation_id: int) -> FormState:
        with reading(self.engine) as connection:
            return form_keeping.load(connection, conversation_id)

    def forget_forms(self, *, before: datetime) -> int:
        with writing(self.engine) as connection:
            return form_keeping.forget(connection, before)

    # --- shared facts

    def remember(self, key: str, value: str, *, now: datetime, expires_at: datetime | None = None) -> None:
        with writing(self.engine) as connection:
            shared.remember(connection, key, value, now, expires_at)

    def recall(self, key: str, *, now: datetime) -> str | None:
        with reading(self.engine) as connection:
            return shared.recall(connection, key, now)

    def try_lock(self, key: str, *, worker: str, now: datetime, lapse: timedelta) -> bool:
        with writing(self.engine) as connection:
            return shared.try_lock(connection, key, worker, now, lapse)

    def unlock(self, key: str, *, worker: str) -> None:
        with writing(self.engine) as connection:
            shared.unlock(connection, key, worker)

    def ping(self) -> None:
        with reading(self.engine) as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()
