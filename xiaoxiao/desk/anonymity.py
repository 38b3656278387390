"""A case file without the person: the matter stays on record, who told it is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from xiaoxiao.desk.case_group import group_of
from xiaoxiao.masking import mask
from xiaoxiao.store.case import Case, CaseEvent, Reward, RewardState
from xiaoxiao.store.medium import Medium
from xiaoxiao.store.records import Work, where

#: money is on its way: she must stay reachable
WAITING = (RewardState.VERIFIED, RewardState.AMOUNT, RewardState.APPROVED, RewardState.CLAIMED)


def anonymised(work: Work, case: Case) -> Case:
    """No name, no telephone, no way back to her conversation; numbers in her words are masked."""
    after = replace(
        case,
        conversation_id=None,
        anonymous=True,
        name="",
        phone="",
        what=mask(case.what),
        evidence=(),
        confirmed_by=None,
        forget=False,
    )
    work.save(after)
    for event in work.all(CaseEvent, where("case_id", case.id), where("actor", "citizen")):
        work.save(replace(event, data=_masked(event.data)))
    for medium in work.all(Medium, where("case_id", case.id)):
        work.save(replace(medium, conversation_id=None, message_id=None, source="", url=""))
    return after


def forget_done(work: Work, head: Case) -> None:
    """The head is done: who asked to be forgotten is, unless a reward still waits for her."""
    for case in group_of(work, head):
        if case.forget and not work.count(Reward, where("case_id", case.id), where("state", WAITING, "in")):
            anonymised(work, case)


def _masked(data: Any) -> dict[str, Any]:
    return {name: mask(value) if isinstance(value, str) else value for name, value in data.items()}
