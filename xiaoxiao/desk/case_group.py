"""Cases about one matter: the first of them is worked, each reporter sees its progress under her own number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from xiaoxiao.desk.case_states import check
from xiaoxiao.errors import NotFound
from xiaoxiao.store.case import Case, CaseEvent, CaseState
from xiaoxiao.store.conversation import Answer, Author
from xiaoxiao.store.records import Records, Work, where

#: What a reporter is told of a change; None: nothing.
Tell = Callable[[Case], Answer | None]


@contextmanager
def case_work(store: Records) -> Iterator[Work]:
    """A transaction that changes cases. One at a time: they touch many conversations, and none may wait for
    another that waits for it.
    """
    with store.work() as work:
        work.alone("cases")
        yield work


def numbered(work: Work, number: str) -> Case:
    """Locked. NotFound with a sentence for staff."""
    try:
        return work.one(Case, where("number", number))
    except NotFound:
        raise NotFound(f"没有编号为 {number} 的事项。用 xiaoxiao cases list 看全部。") from None


def head_of(work: Work, case: Case) -> Case:
    """The case that is worked for it: itself unless it was merged. Locked."""
    return case if case.merged_into is None else work.one(Case, where("id", case.merged_into))


def group_of(work: Work, head: Case) -> list[Case]:
    """The head and what was merged into it, the first reported first."""
    return sorted([head, *work.all(Case, where("merged_into", head.id))], key=lambda case: case.id)


def as_hers(case: Case, head: Case) -> Case:
    """Her case with the progress of the one that is worked."""
    if case.state is not CaseState.MERGED:
        return case
    return replace(
        case, state=head.state, answer=head.answer, assignee=head.assignee, verified=head.verified,
        answered_at=head.answered_at, closed_at=head.closed_at, due_at=max(case.due_at, head.due_at),
        reopened=head.reopened,
    )  # fmt: skip


def credited(group: list[Case]) -> Case | None:
    """The first valid report: the earliest that was neither withdrawn nor refused and whose reporter is known."""
    out = (CaseState.WITHDRAWN, CaseState.REJECTED)
    return next((case for case in group if case.state not in out and case.conversation_id is not None), None)


def advance(
    work: Work,
    case: Case,
    state: CaseState,
    *,
    actor: str,
    now: datetime,
    tell: Tell,
    note: str = "",
    **changes: Any,
) -> Case:
    """The case (a head) in its new state, on record, and every reporter told. Conflict when it cannot follow."""
    check(case, state)
    after = replace(case, state=state, updated_at=now, **changes)
    work.save(after)
    data = {"from": case.state.value, "to": state.value, "note": note, "assignee": after.assignee}
    record(work, case, actor, "state", now, data)
    tell_all(work, after, tell, now)
    return after


def tell_all(work: Work, head: Case, tell: Tell, now: datetime) -> None:
    """Each reporter, under her own number, through the outbox: at once where the channel allows it, else with
    her next message.
    """
    for case in group_of(work, head):
        tell_one(work, as_hers(case, head), tell, now)


def tell_one(work: Work, case: Case, tell: Tell, now: datetime) -> None:
    if case.conversation_id is None or case.state is CaseState.WITHDRAWN:
        return
    answer = tell(case)
    if answer is not None:
        row = work.post(case.conversation_id, Author.SYSTEM, answer, actor="system", now=now)
        record(work, case, "system", "told", now, {"outgoing": row.id, "state": case.state.value})


def record(
    work: Work, case: Case, actor: str, name: str, now: datetime, data: Mapping[str, Any] | None = None
) -> None:
    work.add(CaseEvent(case.id, now, actor, name, data or {}))
