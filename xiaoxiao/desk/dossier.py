"""What staff see: which cases are to be worked, and all there is about one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xiaoxiao.desk.case_group import group_of
from xiaoxiao.desk.case_states import OPEN
from xiaoxiao.store.case import Case, CaseEvent, CaseState, CaseType, Rating, Reward
from xiaoxiao.store.medium import Medium
from xiaoxiao.store.records import Condition, Records, Work, where


@dataclass(frozen=True)
class Dossier:
    """All that staff see of a case."""

    case: Case  #: the head
    group: list[Case]  #: the reports about it, the first reported first
    trail: list[CaseEvent]
    media: list[Medium]
    reward: Reward | None
    ratings: list[Rating]
    similar: Case | None  #: suggested, not decided


def dossier(work: Work, head: Case) -> Dossier:
    group = group_of(work, head)
    ids = tuple(case.id for case in group)
    subjects = tuple(f"case:{case.number}" for case in group)
    similar = work.all(Case, where("id", head.similar_to)) if head.similar_to else []
    rewards = work.all(Reward, where("case_id", ids, "in"))
    return Dossier(
        head,
        group,
        work.all(CaseEvent, where("case_id", ids, "in")),
        work.all(Medium, where("case_id", ids, "in")),
        rewards[0] if rewards else None,
        work.all(Rating, where("subject", subjects, "in")),
        similar[0] if similar else None,
    )


def listing(
    store: Records,
    *,
    state: CaseState | None = None,
    type: CaseType | None = None,
    assignee: str | None = None,
    due_until: datetime | None = None,
    limit: int = 50,
) -> list[Case]:
    """What is to be worked (or in `state`), what is due first in front. Merged cases stand with their head."""
    wanted: list[Condition] = [where("state", (state,) if state else tuple(OPEN), "in")]
    if type is not None:
        wanted.append(where("type", type))
    if assignee is not None:
        wanted.append(where("assignee", assignee))
    if due_until is not None:
        wanted.append(where("due_at", due_until, "until"))
    with store.work(only_reads=True) as work:
        found = work.all(Case, *wanted)
    return sorted(found, key=lambda case: (case.due_at, case.id))[:limit]
