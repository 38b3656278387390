"""Case work, rewards, ratings and media as records: one transaction at a time, on every store.

    with store.work() as work:
        case = work.one(Case, where("number", number))
        work.save(replace(case, state=CaseState.ACCEPTED))
        work.post(case.conversation_id, Author.SYSTEM, answer, actor="system", now=now)

What one `with` block does happens whole or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from xiaoxiao.store.conversation import Answer, Author, Conversation, Outgoing

R = TypeVar("R")  #: Case, CaseEvent, Reward, Rating or Medium
Operator = Literal["is", "in", "from", "until", "not"]


@dataclass(frozen=True)
class Condition:
    column: str
    operator: Operator
    value: Any


def where(column: str, value: Any, operator: Operator = "is") -> Condition:
    """`value` None with "is" and "not" means (not) empty; "from" and "until" include the value; empty never fits."""
    return Condition(column, operator, value)


class Work(Protocol):
    """What may be done within one transaction."""

    def alone(self, name: str) -> None:
        """Wait until no other transaction is alone under this name; until the end of this one."""

    def next_number(self, day: str) -> int:
        """1, 2, 3 … of a day, over all workers."""

    def add(self, record: R) -> R:
        """With the id it got."""

    def save(self, record: R) -> None:
        """By its id."""

    def one(self, kind: type[R], *conditions: Condition) -> R:
        """Locked until the transaction ends. NotFound when there is none."""

    def all(
        self, kind: type[R], *conditions: Condition, limit: int | None = None, latest: bool = False
    ) -> list[R]:
        """In the order of their ids; `latest` takes the last `limit` of them, in the same order."""

    def count(self, kind: type[R], *conditions: Condition) -> int: ...

    def remove(self, kind: type[R], *conditions: Condition) -> int:
        """How many there were."""

    def conversation(self, conversation_id: int) -> Conversation:
        """Locked. NotFound when there is none."""

    def find(self, contact: str) -> Conversation:
        """The conversation of an openid, the latest active if accounts share it. NotFound without one."""

    def post(
        self, conversation_id: int, author: Author, answer: Answer, *, actor: str, now: datetime
    ) -> Outgoing:
        """As ConversationStore.post, within this transaction."""

    def holdings(self, conversation_id: int) -> Holdings: ...

    def forget(self, conversation_id: int, *, except_messages: Sequence[int], now: datetime) -> Holdings:
        """Erase what was said and answered, but for messages still in work and those named; what the audit
        trail says of contents; and the dialogue engine's memory. Returns how much it was.
        """


@dataclass(frozen=True)
class Holdings:
    """How much of a citizen the conversation tables hold."""

    messages: int
    answers: int
    events: int
    trackers: int


class Records(Protocol):
    def work(self, *, only_reads: bool = False) -> AbstractContextManager[Work]:
        """One transaction; StoreUnavailable when the database does not answer."""
