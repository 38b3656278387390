"""The port behind which conversations are kept: one contract, an in-memory twin, SQLite and PostgreSQL.

Every method is one transaction. Methods are synchronous; the caller decides on which thread they run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

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
    Receipt,
    Status,
)

#: Takes the rows that may be carried now, in order of precedence; returns the text to send and the ids it
#: carries whole. A row that only fits in part is replaced by its `rest`: {row id: answer that remains}.
Composer = Callable[[Sequence[Outgoing]], "Composition"]


class Composition(Protocol):
    text: str
    carried: Sequence[int]
    remaining: dict[int, Answer]
    choices: Sequence[Button]


class ConversationStore(Protocol):
    # --- incoming -----------------------------------------------------------------------------------
    def receive(self, incoming: Incoming, *, worker: str, now: datetime) -> Receipt:
        """Store before anything else. Unique on (account, key); a repeat returns the first with is_new=False.

        Creates contact and conversation; a message to a RESOLVED conversation sets it to BOT; updates the
        quota windows by `incoming.trigger`; subscribe/unsubscribe set `following` (unsubscribe also resolves and
        drops what is queued); a new message makes HELD rows QUEUED again. The new message is leased to `worker`.
        """

    def lease(self, message_id: int, *, worker: str, now: datetime, lapse: timedelta) -> bool:
        """Take over an unhandled message whose worker is gone: True when `worker` may handle it now."""

    def unhandled(self, *, now: datetime, lapse: timedelta) -> list[Receipt]:
        """Messages stored but not handled whose lease is older than `lapse`, oldest first."""

    def message(self, message_id: int) -> Message: ...

    # --- answers ------------------------------------------------------------------------------------
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
    ) -> list[Outgoing]:
        """Put answers into the outbox and mark the message handled, once: a second call changes nothing.

        BOT answers are not queued when the conversation is OPEN or SNOOZED (a person took over meanwhile).
        `understood` False counts a misunderstanding, True resets the count, None leaves it. With handled=False
        (the safety answer, given before the turn) the message stays open for the rest of the turn.
        """

    def compose(self, message_id: int, composer: Composer, *, now: datetime) -> str:
        """Carry queued rows in the passive reply to this message and remember its text; "" when nothing waits.

        The rows go to the composer in the order: SAFETY, STAFF, this message's own, SYSTEM and older rest.
        Called again for the same message it returns the same text (the earlier connection died).
        """

    def post(
        self, conversation_id: int, author: Author, answer: Answer, *, actor: str, now: datetime
    ) -> Outgoing:
        """Queue a message that answers no particular one (staff reply, notice)."""

    # --- outbox -------------------------------------------------------------------------------------
    def due(self, *, now: datetime, settle: timedelta, limit: int = 100) -> list[tuple[Outgoing, Conversation]]:
        """QUEUED rows ready to leave by the API: due, older than `settle` (a passive reply had its chance),
        not answering a message still in work; oldest first, at most one per conversation (order matters)."""

    def sending(self, outgoing_id: int, *, now: datetime) -> bool:
        """QUEUED → SENDING, exactly one caller gets True; counts one attempt and one of the window's quota."""

    def settle(
        self,
        outgoing_id: int,
        state: Delivery,
        *,
        now: datetime,
        error: str | None = None,
        next_attempt_at: datetime | None = None,
        carrier: str | None = None,
    ) -> None:
        """Record the outcome of a sending. State QUEUED with next_attempt_at means: try again then."""

    def recover(self, *, now: datetime) -> int:
        """At start: rows left SENDING by a dead worker become UNCERTAIN (SAFETY rows: QUEUED). Returns how many."""

    # --- conversations ------------------------------------------------------------------------------
    def conversation(self, conversation_id: int) -> Conversation: ...

    def find(self, contact: str, *, channel: str | None = None) -> Conversation:
        """The conversation of an openid. NotFound when there is none."""

    def conversations(self, *, status: Status | None = None, limit: int = 50) -> list[Conversation]:
        """Those waiting longest first, then the most recently active."""

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
        """Change who answers, under a row lock, with an Event. Conflict when the present status is not in
        `expected`. OPEN drops queued BOT rows; BOT clears misunderstood, waiting_since and assignee."""

    def messages(self, conversation_id: int, *, limit: int = 200) -> list[Message]:
        """The latest `limit` incoming messages, oldest first."""

    def outgoing(self, conversation_id: int, *, limit: int = 200) -> list[Outgoing]:
        """The latest `limit` outbox rows, oldest first."""

    def events(self, conversation_id: int, *, limit: int = 200) -> list[Event]: ...

    def record(self, conversation_id: int, *, actor: str, name: str, now: datetime, **data: object) -> Event:
        """Add a line to the audit trail."""

    # --- shared facts about the account (rights learnt from error codes, access tokens) -----------------
    def remember(self, key: str, value: str, *, now: datetime, expires_at: datetime | None = None) -> None:
        """A small shared key-value table: `customer_service:<app id>` → "no" and the like."""

    def recall(self, key: str, *, now: datetime) -> str | None: ...

    def try_lock(self, key: str, *, worker: str, now: datetime, lapse: timedelta) -> bool:
        """A lease on a name shared by all workers (one token refresh at a time)."""

    def unlock(self, key: str, *, worker: str) -> None: ...

    def ping(self) -> None:
        """Raise when the database does not answer."""

    def close(self) -> None: ...
