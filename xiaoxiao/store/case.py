"""The words of case work: what a citizen told us, where it stands, what it was worth to her.

Every report, complaint, suggestion and request is a case with one reporter. Cases about the same matter hang
below the first of them (`merged_into`); staff work the first, every reporter keeps her own number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any


class CaseType(str, Enum):
    REPORT = "report"  #: 爆料、举报
    COMPLAINT = "complaint"  #: 投诉
    SUGGESTION = "suggestion"  #: 建议、网络问政
    SERVICE = "service"  #: 求助办事


class CaseState(str, Enum):
    RECEIVED = "received"  #: 已登记
    ACCEPTED = "accepted"  #: 已受理
    ASSIGNED = "assigned"  #: 已转办
    IN_PROGRESS = "in_progress"  #: 办理中(举报:核查中)
    ANSWERED = "answered"  #: 已答复
    CLOSED = "closed"  #: 已办结
    REJECTED = "rejected"  #: 不予受理
    MERGED = "merged"  #: 并入同一件事的另一件
    REOPENED = "reopened"  #: 重新办理
    WITHDRAWN = "withdrawn"  #: 市民撤回


@dataclass(frozen=True)
class Case:
    """A row of `cases`. Free text is the citizen's own; it is never shown to another citizen."""

    number: str  #: YJ20261123-0042: day in China, counted from 1 each day
    type: CaseType
    state: CaseState
    conversation_id: int | None  #: whose it is; None once her data has been erased
    what: str
    created_at: datetime
    updated_at: datetime
    due_at: datetime  #: until when she was promised an answer
    place: str = ""
    latitude: float | None = None  #: degrees, GCJ-02 as WeChat gives them
    longitude: float | None = None
    when: str = ""  #: as she said it
    happened_at: datetime | None = None
    anonymous: bool = True
    name: str = ""
    phone: str = ""
    evidence: tuple[int, ...] = ()  #: ids of the messages that belong to it
    confirmed_by: int | None = None  #: id of the message that confirmed it: confirmed twice, filed once
    assignee: str | None = None
    answer: str = ""  #: what the office said last: the result, or why it is not taken
    verified: bool = False  #: found to be true
    extended: bool = False
    reopened: int = 0
    merged_into: int | None = None
    similar_to: int | None = None  #: suggested to staff, not yet decided
    similarity: float | None = None  #: 0 to 1
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    forget: bool = False  #: she asked for erasure: anonymised as soon as it is closed
    id: int = 0


@dataclass(frozen=True)
class CaseEvent:
    """A line of a case's audit trail: who did or saw what, when."""

    case_id: int
    at: datetime
    actor: str  #: "citizen", "system" or a member of staff
    name: str  #: filed, state, note, seen, told, evidence, merged, similar, extended, reward, rated
    data: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0


class RewardState(str, Enum):
    VERIFIED = "verified"  #: the report is true and was the first
    AMOUNT = "amount"  #: an amount is proposed
    APPROVED = "approved"  #: a second person agreed; she is told and has until `claim_by`
    CLAIMED = "claimed"  #: she came, with her papers
    PAID = "paid"
    EXPIRED = "expired"  #: not claimed in time


class RewardBasis(str, Enum):
    HAZARD = "hazard"  #: 重大事故隐患、违法行为: a share of the penalty
    CONCEALED = "concealed"  #: 瞒报、谎报事故: by grade and persons found
    LOCAL = "local"  #: 地方小额奖励: by the city's own rules


@dataclass(frozen=True)
class Reward:
    """A row of `rewards`; one for a case. Amounts in 分 (a hundredth of a yuan)."""

    case_id: int
    state: RewardState
    created_at: datetime
    updated_at: datetime
    basis: RewardBasis | None = None
    amount: int | None = None
    reckoning: str = ""  #: how the amount came about, in a sentence
    proposed_by: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None
    claim_by: datetime | None = None
    claimed_at: datetime | None = None
    paid_at: datetime | None = None
    paid_by: str = ""
    id: int = 0


@dataclass(frozen=True)
class Rating:
    """Whether she was satisfied: with an answer (score 1 or 0) or with a case (1 to 5). None: asked only."""

    conversation_id: int | None
    subject: str  #: "answer:<topic>" or "case:<number>"
    asked_at: datetime
    score: int | None = None
    comment: str = ""
    rated_at: datetime | None = None
    id: int = 0
