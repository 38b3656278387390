"""The port behind which conversations are kept: one contract, an in-memory twin, SQLite and PostgreSQL.

Every method is one transaction. Methods are synchronous and safe on any thread; the caller decides on
which they run. StoreUnavailable when the database does not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    Window,
)
from xiaoxiao.store.form_state import FormState
from xiaoxiao.store.records import Records

#: Takes the rows that may be carried now, in order of precedence; says what the reply carries.
Composer = Callable[[Sequence[Outgoing]], "Composition"]


class Composition(Protocol):
    """What a composer made of the rows it was given."""

    @property
    def text(self) -> str:
        """The reply; "" carries nothing."""

    @property
    def carried(self) -> Sequence[int]:
        """Ids of the rows that left whole (or whose last part did)."""

    @property
    def remaining(self) -> Mapping[int, int]:
        """{id of a row that left in part: how many characters of its answer.text have left by now}."""

    @property
    def choices(self) -> Sequence[Button]:
        """The numbered options in this reply, number 1 first; they replace those offered before."""


class ConversationStore(Records, Protocol):
    # --- incoming -----------------------------------------------------------------------------------
    def receive(self, incoming: Incoming, *, worker: str, now: datetime) -> Receipt:
        """Store before anything else. Unique on (account, key); a repeat returns the first with is_new=False.

        Creates the conversation. An act of hers (any trigger but NONE) sets a RESOLVED conversation to
        BOT, opens its quota window and makes HELD rows QUEUED again; words or a tap set a SNOOZED one
        to OPEN and, while a person is awaited, start `waiting_since`. Unsubscribing resolves, closes
        the windows and drops what has not left (the rows stay as history). A repeat changes nothing.
        What she sent along (photo, video, voice) is noted as a pending Medium. The new message is leased
        to `worker`. NUL and halves of surrogate pairs are taken out of the
        text: no database stores them.
        """

    def lease(self, message_id: int, *, worker: str, now: datetime, lapse: timedelta) -> bool:
        """Take over an unhandled message whose lease is older than `lapse`: True for exactly one worker."""

    def unhandled(self, *, now: datetime, lapse: timedelta, limit: int = 100) -> list[Receipt]:
        """Messages stored but not handled whose lease is older than `lapse`, oldest first. Take each
        with `lease`.
        """

    def message(self, message_id: int) -> Message:
        """NotFound when there is none; so with every id below."""

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
        form: FormState | None = None,
    ) -> list[Outgoing]:
        """Put answers into the outbox and mark the message handled, once: a second call changes
        nothing, returns [].

        BOT answers are DROPPED at once when the conversation is OPEN or SNOOZED (a person took over
        meanwhile). `understood` False counts a misunderstanding, True resets the count, None leaves it.
        With handled=False (the safety answer, given before the turn) the message stays open for the
        rest of the turn; that, too, works once for a message. `form` becomes the conversation's open form
        (NO_FORM closes it), None leaves it: a message that is answered again after a crash finds the form
        as it was before.
        """

    def compose(self, message_id: int, composer: Composer, *, now: datetime) -> str:
        """Carry queued rows in the passive reply to this message and remember its text; "" when nothing
        waits.

        The rows (HELD ones too) go to the composer in the order: SAFETY, STAFF, this message's own,
        SYSTEM and older rest. What the text carries counts as sent. Called again for the same message
        it returns the same text (the earlier connection died).
        """

    def post(
        self, conversation_id: int, author: Author, answer: Answer, *, actor: str, now: datetime
    ) -> Outgoing:
        """Queue a message that answers no particular one (staff reply, notice), with an Event "post".

        A STAFF row ends `waiting_since` unless the conversation is still PENDING. A SYSTEM row for somebody
        who does not follow is HELD until she is back.
        """

    # --- outbox -------------------------------------------------------------------------------------
    def due(
        self, *, now: datetime, settle: timedelta, limit: int = 100
    ) -> list[tuple[Outgoing, Conversation]]:
        """Rows ready to leave by the API, oldest first: each the first of its conversation's queue
        (SAFETY before the others, then the order of their making), QUEUED, due, older than `settle` (a
        passive reply had its chance), not answering a message still in work (SAFETY does not wait for
        that), nothing else SENDING.
        """

    def sending(self, outgoing_id: int, *, now: datetime, window: Window | None = None) -> bool:
        """QUEUED → SENDING: exactly one caller gets True, nobody while another row of the conversation
        is SENDING, before it is due, or once the row was dropped. Counts one attempt and one message of
        `window`.
        """

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
        """Record the outcome of a sending; rows already SENT, FAILED or DROPPED stay as they are.

        QUEUED: again at `next_attempt_at`, or with `carried` (a part left) go on with the rest as soon
        as may be. HELD: with it every QUEUED row of the conversation is held, as they cannot leave
        either; not when she acted after the attempt began. An attempt that did not leave gives its
        message back to the window. SENT with buttons: they become the conversation's choices.
        """

    def recover(self, *, now: datetime, lapse: timedelta = timedelta(0)) -> int:
        """Rows SENDING for longer than `lapse` (their worker is dead) become UNCERTAIN (SAFETY rows:
        QUEUED, as twice is better than never). Returns how many. With several workers `lapse` must
        exceed a call's time.
        """

    # --- conversations ------------------------------------------------------------------------------
    def conversation(self, conversation_id: int) -> Conversation: ...

    def find(self, contact: str, *, channel: str | None = None) -> Conversation:
        """The conversation of an openid, the latest active if accounts share it. NotFound when there is
        none.
        """

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
        """Change who answers, under a row lock, with an Event "transition". Conflict when the present
        status is not in `expected`. OPEN and SNOOZED drop BOT rows that have not left; PENDING starts
        waiting_since; RESOLVED ends it; BOT clears misunderstood, waiting_since and assignee. Else
        `assignee` None keeps it.
        """

    def messages(self, conversation_id: int, *, limit: int = 200) -> list[Message]:
        """The latest `limit` incoming messages, oldest first."""

    def outgoing(self, conversation_id: int, *, limit: int = 200) -> list[Outgoing]:
        """The latest `limit` outbox rows, oldest first."""

    def events(self, conversation_id: int, *, limit: int = 200) -> list[Event]:
        """The latest `limit` lines of the audit trail, oldest first."""

    def record(self, conversation_id: int, *, actor: str, name: str, now: datetime, **data: object) -> Event:
        """Add a line to the audit trail."""

    # --- forms --------------------------------------------------------------------------------------
    def form(self, conversation_id: int) -> FormState:
        """The form she is in the middle of; NO_FORM when there is none."""

    def forget_forms(self, *, before: datetime) -> int:
        """Close the forms nobody has touched since. Returns how many."""

    # --- shared facts about the account (rights learnt from error codes, access tokens) -----------------
    def remember(self, key: str, value: str, *, now: datetime, expires_at: datetime | None = None) -> None:
        """A small shared key-value table: `customer_service:<app id>` → "no" and the like."""

    def recall(self, key: str, *, now: datetime) -> str | None:
        """None when nothing is known or it has expired."""

    def try_lock(self, key: str, *, worker: str, now: datetime, lapse: timedelta) -> bool:
        """A lease on a name shared by all workers (one token refresh at a time); its holder may renew it."""

    def unlock(self, key: str, *, worker: str) -> None: ...

    def ping(self) -> None:
        """Raise StoreUnavailable when the database does not answer."""

    def close(self) -> None: ...
