"""Where a case may go from where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from xiaoxiao.errors import Conflict
from xiaoxiao.store.case import Case, CaseState

#: still to be worked
OPEN = frozenset(
    {
        CaseState.RECEIVED,
        CaseState.ACCEPTED,
        CaseState.ASSIGNED,
        CaseState.IN_PROGRESS,
        CaseState.REOPENED,
    }
)
#: nothing more will happen unless somebody opens it again
DONE = frozenset({CaseState.CLOSED, CaseState.REJECTED, CaseState.WITHDRAWN})

_ENDS = frozenset({CaseState.ANSWERED, CaseState.REJECTED, CaseState.MERGED, CaseState.WITHDRAWN})
_WORK = frozenset({CaseState.ASSIGNED, CaseState.IN_PROGRESS})
_NEXT: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.RECEIVED: frozenset({CaseState.ACCEPTED}) | _WORK | _ENDS,
    CaseState.ACCEPTED: _WORK | _ENDS,
    CaseState.ASSIGNED: _WORK | _ENDS,
    CaseState.IN_PROGRESS: frozenset({CaseState.ASSIGNED}) | _ENDS,
    CaseState.REOPENED: _WORK | _ENDS,
    CaseState.ANSWERED: frozenset({CaseState.CLOSED, CaseState.REOPENED, CaseState.ANSWERED}),
    CaseState.CLOSED: frozenset({CaseState.REOPENED}),
    CaseState.REJECTED: frozenset({CaseState.REOPENED}),
    CaseState.MERGED: frozenset({CaseState.RECEIVED, CaseState.WITHDRAWN}),
    CaseState.WITHDRAWN: frozenset(),
}
NAMES: Mapping[CaseState, str] = {
    CaseState.RECEIVED: "已登记",
    CaseState.ACCEPTED: "已受理",
    CaseState.ASSIGNED: "已转办",
    CaseState.IN_PROGRESS: "办理中",
    CaseState.ANSWERED: "已答复",
    CaseState.CLOSED: "已办结",
    CaseState.REJECTED: "不予受理",
    CaseState.MERGED: "已并案",
    CaseState.REOPENED: "重新办理",
    CaseState.WITHDRAWN: "已撤回",
}


def check(case: Case, state: CaseState) -> None:
    """Conflict, in a sentence for staff, when `state` cannot follow."""
    if state not in _NEXT[case.state]:
        able = "、".join(NAMES[each] for each in NAMES if each in _NEXT[case.state])
        raise Conflict(
            f"{case.number} 现在是「{NAMES[case.state]}」,不能改成「{NAMES[state]}」。"
            + (f"能改成:{able}。" if able else "它不再变动。")
        )
