"""Whatever happens in whatever order: memory and SQLite agree, and the promises of delivery hold."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.contract.storing import Made
from xiaoxiao.errors import Conflict
from xiaoxiao.store.conversation import (
    Answer,
    Author,
    Button,
    Conversation,
    Delivery,
    Incoming,
    Outgoing,
    Status,
    Trigger,
    Window,
)
from xiaoxiao.store.memory import MemoryStore
from xiaoxiao.store.migration import migrate
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.sql import SqlStore

START = datetime(2026, 7, 1, tzinfo=timezone.utc)
OUTCOMES = [Delivery.SENT, Delivery.HELD, Delivery.QUEUED, Delivery.UNCERTAIN, Delivery.FAILED]


def two_at_most(rows: Sequence[Outgoing]) -> Made:
    """Carries two rows and a character of the third."""
    carried, third = rows[:2], rows[2:3]
    partly = {row.id: row.carried + 1 for row in third if len(row.rest.text) > 1}
    return Made("|".join(row.rest.text for row in carried), [row.id for row in carried], partly)


class Statuses(RuleBasedStateMachine):
    """One citizen, some staff, one bot, an outbox that is interrupted at will."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        url = f"sqlite:///{self.folder / 'store.db'}"
        migrate(url)
        self.stores: list[ConversationStore] = [MemoryStore(), SqlStore(url)]
        self.now = START
        self.messages: list[int] = []

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        shutil.rmtree(self.folder)

    def both(self, act: Callable[[ConversationStore], Any]) -> Any:
        """The act's result, which is the same from every store."""
        self.now += timedelta(seconds=1)
        first, second = (_outcome(act, store) for store in self.stores)
        assert first == second
        return first

    @initialize()
    def first_message(self) -> None:
        self.says(Trigger.MESSAGE, "")

    @rule(trigger=st.sampled_from(Trigger), event=st.sampled_from(["", "", "", "subscribe", "unsubscribe"]))
    def says(self, trigger: Trigger, event: str) -> None:
        trigger = Trigger.NONE if event == "unsubscribe" else trigger
        key = str(len(self.messages))
        incoming = Incoming(
            "wechat", "wx1", "openid-1", key, "text", self.now, "?", event=event, trigger=trigger
        )
        receipt = self.both(lambda store: store.receive(incoming, worker="w", now=self.now))
        assert receipt.is_new
        self.messages.append(receipt.message.id)

    @rule(
        data=st.data(),
        authors=st.lists(st.sampled_from(Author), max_size=3),
        handled=st.booleans(),
        understood=st.sampled_from([None, True, False]),
    )
    def answers(
        self, data: st.DataObject, authors: list[Author], handled: bool, understood: bool | None
    ) -> None:
        message_id = data.draw(st.sampled_from(self.messages))
        answers = [(author, Answer("一二三", (Button("是", "/yes"),))) for author in authors]
        self.both(
            lambda store: store.answer(
                message_id, answers, now=self.now, handled=handled, understood=understood
            )
        )

    @rule(data=st.data())
    def composes(self, data: st.DataObject) -> None:
        message_id = data.draw(st.sampled_from(self.messages))
        text = self.both(lambda store: store.compose(message_id, two_at_most, now=self.now))
        assert (
            text == self.both(lambda store: store.compose(message_id, two_at_most, now=self.now)) or not text
        )

    @rule(author=st.sampled_from(Author))
    def posts(self, author: Author) -> None:
        self.both(lambda store: store.post(1, author, Answer("四五六"), actor="li", now=self.now))

    @rule(
        status=st.sampled_from(Status),
        expected=st.none() | st.lists(st.sampled_from(Status)),
        assignee=st.sampled_from([None, "li", "zhao"]),
    )
    def changes(self, status: Status, expected: list[Status] | None, assignee: str | None) -> None:
        before = [row for row in self.rows() if row.author in (Author.SAFETY, Author.STAFF)]
        self.both(
            lambda store: store.transition(
                1,
                status,
                actor="li",
                reason="x",
                now=self.now,
                assignee=assignee,
                expected=expected,
            )
        )
        assert before == [row for row in self.rows() if row.author in (Author.SAFETY, Author.STAFF)]

    @rule(
        window=st.none() | st.sampled_from(Window),
        outcome=st.none() | st.sampled_from(OUTCOMES),
        part=st.booleans(),
    )
    def sends(self, window: Window | None, outcome: Delivery | None, part: bool) -> None:
        """Outcome None: the worker dies in between."""
        due = self.both(lambda store: store.due(now=self.now, settle=timedelta(0)))
        assert len(due) <= 1
        for row, conversation in due:
            assert not (row.author is Author.BOT and conversation.status in (Status.OPEN, Status.SNOOZED))
            assert self.both(lambda store, r=row: store.sending(r.id, now=self.now, window=window))
            if outcome is not None:
                carried = 1 if outcome is Delivery.QUEUED and part else None
                self.both(
                    lambda store, r=row, c=carried: store.settle(r.id, outcome, now=self.now, carried=c)
                )

    @precondition(lambda self: any(row.state is Delivery.SENDING for row in self.rows()))
    @rule()
    def recovers(self) -> None:
        self.both(lambda store: store.recover(now=self.now))
        assert not any(row.state is Delivery.SENDING for row in self.rows())

    @invariant()
    def the_stores_agree(self) -> None:
        if not self.messages:
            return
        for read in (
            lambda store: store.conversation(1),
            lambda store: store.outgoing(1),
            lambda store: store.messages(1),
            lambda store: [(e.actor, e.name, dict(e.data)) for e in store.events(1)],
        ):
            assert read(self.stores[0]) == read(self.stores[1])

    @invariant()
    def a_person_is_awaited_exactly_when_somebody_asked(self) -> None:
        if self.messages:
            conversation: Conversation = self.stores[0].conversation(1)
            if conversation.status is Status.PENDING:
                assert conversation.waiting_since is not None
            if conversation.status in (Status.BOT, Status.RESOLVED):
                assert conversation.waiting_since is None

    def rows(self) -> list[Outgoing]:
        return self.stores[0].outgoing(1) if self.messages else []


def _outcome(act: Callable[[ConversationStore], Any], store: ConversationStore) -> Any:
    try:
        return act(store)
    except Conflict:
        return Conflict


TestStatuses = Statuses.TestCase
TestStatuses.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
