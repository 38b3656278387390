"""Which promises to citizens are about to be broken, and that staff are told of it: once before, once after.

The alert is a line in the trail of the case, so it is given once, whatever process looks; never in that of the
conversation, which would name who reports anonymously. `xiaoxiao cases list` shows the marks.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum

from xiaoxiao.clock import Clock
from xiaoxiao.desk.case_group import case_work, record
from xiaoxiao.desk.case_states import OPEN
from xiaoxiao.store.case import Case, CaseEvent, CaseState
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.records import Work, where

log = logging.getLogger(__name__)

#: this part of the time that was promised is left
_LAST = 0.25


class Urgency(str, Enum):
    SOON = "due_soon"  #: in the last quarter of the time that was promised
    OVERDUE = "overdue"


#: lines of a trail that give a case its time, or say that an alert was given
_NAMES = ("state", "extended", *(kind.value for kind in Urgency))


def urgency(case: Case, promised_at: datetime, now: datetime) -> Urgency | None:
    """None: there is time, or nothing to be done."""
    if case.state not in OPEN:
        return None
    if now > case.due_at:
        return Urgency.OVERDUE
    return Urgency.SOON if now >= case.due_at - (case.due_at - promised_at) * _LAST else None


def urgencies(work: Work, cases: Sequence[Case], now: datetime) -> Mapping[int, Urgency]:
    """By the case's id; those with time left are not in it."""
    trails = _trails(work, cases)
    found = ((case.id, urgency(case, _promised_at(case, trails[case.id]), now)) for case in cases)
    return {case_id: pressing for case_id, pressing in found if pressing}


class DueAlerts:
    def __init__(self, store: ConversationStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def run_once(self) -> int:
        """How many alerts were given."""
        now = self._clock.now()
        with case_work(self._store) as work:
            cases = work.all(Case, where("state", tuple(OPEN), "in"))
            pressing, trails = urgencies(work, cases, now), _trails(work, cases)
            new = [(c, pressing[c.id]) for c in cases if c.id in pressing]
            new = [(case, kind) for case, kind in new if not _told(case, kind, trails[case.id])]
            for case, kind in new:
                record(work, case, "system", kind.value, now, {"due_at": case.due_at.isoformat()})
        for case, kind in new:
            log.warning("a case is %s", kind.value, extra={"case": case.number, "urgency": kind.value})
        return len(new)


def _trails(work: Work, cases: Sequence[Case]) -> Mapping[int, list[CaseEvent]]:
    trails: dict[int, list[CaseEvent]] = {case.id: [] for case in cases}
    wanted = where("case_id", tuple(trails), "in"), where("name", _NAMES, "in")
    for event in work.all(CaseEvent, *wanted) if trails else ():
        trails[event.case_id].append(event)
    return trails


def _promised_at(case: Case, trail: Sequence[CaseEvent]) -> datetime:
    """When the time began that ends at `due_at`."""
    promises = [event.at for event in trail if event.name == "extended" or _reopens(event)]
    return max(promises, default=case.created_at)


def _reopens(event: CaseEvent) -> bool:
    return event.name == "state" and event.data.get("to") == CaseState.REOPENED.value


def _told(case: Case, kind: Urgency, trail: Sequence[CaseEvent]) -> bool:
    """A later promise is alerted anew."""
    due_at = case.due_at.isoformat()
    return any(event.name == kind.value and event.data.get("due_at") == due_at for event in trail)
