"""Cases as staff work them: the service behind the command line and the desk's pages.

`by` is who does it. NotFound for an unknown number, Conflict when a case is where that is not possible,
InvalidRequest for words that cannot be: each says so in a sentence. Reporters are told of every change.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from xiaoxiao.clock import Clock
from xiaoxiao.desk.anonymity import forget_done
from xiaoxiao.desk.case_group import (
    advance,
    as_hers,
    case_work,
    group_of,
    head_of,
    numbered,
    record,
    tell_all,
    tell_one,
)
from xiaoxiao.desk.case_notices import CaseNotices
from xiaoxiao.desk.case_states import DONE, OPEN, check
from xiaoxiao.desk.deadlines import OfficeHours
from xiaoxiao.desk.dossier import Dossier, dossier
from xiaoxiao.desk.draft import clean
from xiaoxiao.errors import Conflict, InvalidRequest
from xiaoxiao.store.case import Case, CaseState
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.records import Work, where

LONGEST_ANSWER, LONGEST_NOTE = 2000, 500
#: an answer nobody objects to for so long has closed the case
SILENT = timedelta(days=7)


class Casework:
    def __init__(
        self,
        store: ConversationStore,
        clock: Clock,
        hours: OfficeHours,
        promise: timedelta,
        notices: CaseNotices,
    ) -> None:
        self._store = store
        self._clock = clock
        self._hours = hours
        self._promise = promise
        self._notices = notices

    def show(self, number: str, by: str) -> Dossier:
        """The whole case, whichever of its numbers is given; that `by` saw it is written down."""
        with case_work(self._store) as work:
            head = head_of(work, numbered(work, number))
            record(work, head, by, "seen", self._clock.now())
            return dossier(work, head)

    # --- working

    def accept(self, number: str, by: str, note: str = "") -> Case:
        return self._advance(number, CaseState.ACCEPTED, by, note)

    def assign(self, number: str, by: str, to: str, note: str = "") -> Case:
        """To a person or a department; a takeover of a case in hand is told to nobody outside."""
        to = clean(to, 60)
        if not to:
            raise InvalidRequest("转给谁不能为空。")
        with case_work(self._store) as work:
            head, now = head_of(work, numbered(work, number)), self._clock.now()
            if head.state not in (CaseState.ASSIGNED, CaseState.IN_PROGRESS):
                return self._step(work, head, CaseState.ASSIGNED, by, note, now, assignee=to)
            after = replace(head, assignee=to, updated_at=now)
            work.save(after)
            data = {"from": head.assignee, "to": to, "note": clean(note, LONGEST_NOTE)}
            record(work, head, by, "assigned", now, data)
            return after

    def start(self, number: str, by: str, note: str = "") -> Case:
        return self._advance(number, CaseState.IN_PROGRESS, by, note)

    def answer(self, number: str, by: str, text: str) -> Case:
        """What citizens read as the result; once more to correct it."""
        text = _said(text, "答复")
        now = self._clock.now()
        return self._advance(number, CaseState.ANSWERED, by, "", answer=text, answered_at=now)

    def close(self, number: str, by: str, note: str = "") -> Case:
        now = self._clock.now()
        with case_work(self._store) as work:
            head = head_of(work, numbered(work, number))
            return self.close_within(work, head, by, note, now)

    def reject(self, number: str, by: str, reason: str) -> Case:
        """Not taken; `reason` is what citizens read."""
        reason = _said(reason, "不受理的原因")
        return self._advance(number, CaseState.REJECTED, by, "", answer=reason, closed_at=self._clock.now())

    def reopen(self, number: str, by: str, note: str = "") -> Case:
        """Work it again, with a new promise."""
        now = self._clock.now()
        with case_work(self._store) as work:
            return self.reopen_within(work, head_of(work, numbered(work, number)), by, note, now)

    def reopen_within(self, work: Work, head: Case, by: str, note: str, now: datetime) -> Case:
        """The same within a transaction of somebody else's (a bad mark)."""
        again = {"reopened": head.reopened + 1, "due_at": self._hours.after(now, self._promise)}
        fresh = {"answered_at": None, "closed_at": None, "extended": False}
        return self._step(work, head, CaseState.REOPENED, by, note, now, **again, **fresh)

    def extend(self, number: str, by: str, reason: str) -> Case:
        """As much time again, once; reporters are told why and until when."""
        reason, now = _said(reason, "延期的原因"), self._clock.now()
        with case_work(self._store) as work:
            head = head_of(work, numbered(work, number))
            if head.state not in OPEN:
                raise Conflict(f"{head.number} 已经答复或办完,不用延期。")
            if head.extended:
                raise Conflict(f"{head.number} 已经延过一次,不能再延。")
            due_at = self._hours.after(max(head.due_at, now), self._promise)
            after = replace(head, extended=True, due_at=due_at, updated_at=now)
            work.save(after)
            record(work, head, by, "extended", now, {"note": reason, "due_at": due_at.isoformat()})
            tell_all(work, after, lambda case: self._notices.extended(case, reason), now)
            return after

    def note(self, number: str, by: str, text: str) -> Case:
        """For colleagues only."""
        text = _said(text, "备注", LONGEST_NOTE)
        with case_work(self._store) as work:
            head = head_of(work, numbered(work, number))
            record(work, head, by, "note", self._clock.now(), {"text": text})
            return head

    # --- the same matter

    def merge(self, number: str, into: str, by: str) -> Case:
        """`number`, with all that hangs below it, is about the same matter as `into`; its reporters are told."""
        now = self._clock.now()
        with case_work(self._store) as work:
            case = head_of(work, numbered(work, number))
            head = head_of(work, numbered(work, into))
            if case.id == head.id:
                raise Conflict(f"{number} 和 {into} 已经是同一件事。")
            if head.state not in OPEN | {CaseState.ANSWERED}:
                raise Conflict(f"{head.number} 已经办完,不能再并入别的事项;先 reopen 它。")
            check(case, CaseState.MERGED)
            for each in group_of(work, case):
                merged = replace(each, state=CaseState.MERGED, merged_into=head.id, updated_at=now)
                work.save(merged)
                record(work, each, by, "merged", now, {"to": head.number})
                tell_one(work, merged, self._notices.changed, now)
                if head.state is CaseState.ANSWERED:
                    tell_one(work, as_hers(merged, head), self._notices.changed, now)
            if head.similar_to == case.id:
                work.save(replace(head, similar_to=None, similarity=None))
            return head

    def split(self, number: str, by: str) -> Case:
        """A merged case is a matter of its own after all."""
        now = self._clock.now()
        with case_work(self._store) as work:
            case = numbered(work, number)
            own = {"merged_into": None, "similar_to": None, "similarity": None}
            return self._step(work, case, CaseState.RECEIVED, by, "", now, **own)

    def dismiss(self, number: str, by: str) -> Case:
        """The suggested similar case is another matter."""
        with case_work(self._store) as work:
            case = numbered(work, number)
            after = replace(case, similar_to=None, similarity=None)
            work.save(after)
            record(work, case, by, "note", self._clock.now(), {"text": "不是同一件事"})
            return after

    # --- by itself

    def close_silent(self) -> int:
        """Close what was answered SILENT ago and nobody objected to; how many."""
        now = self._clock.now()
        old = (where("state", CaseState.ANSWERED), where("answered_at", now - SILENT, "until"))
        with self._store.work(only_reads=True) as work:
            numbers = [case.number for case in work.all(Case, *old)]
        return sum(self._unless_changed(number) for number in numbers)

    def _unless_changed(self, number: str) -> bool:
        try:
            self.close(number, "system", "答复后无异议")
        except Conflict:
            return False
        return True

    def _advance(self, number: str, state: CaseState, by: str, note: str, **changes: Any) -> Case:
        with case_work(self._store) as work:
            head = head_of(work, numbered(work, number))
            return self._step(work, head, state, by, note, self._clock.now(), **changes)

    def _step(
        self, work: Work, head: Case, state: CaseState, by: str, note: str, now: datetime, **changes: Any
    ) -> Case:
        note, tell = clean(note, LONGEST_NOTE), self._notices.changed
        after = advance(work, head, state, actor=by, now=now, tell=tell, note=note, **changes)
        if state in DONE:
            forget_done(work, after)
        return after

    def close_within(self, work: Work, head: Case, by: str, note: str, now: datetime) -> Case:
        """Closed within a transaction of somebody else's (a good mark)."""
        return self._step(work, head, CaseState.CLOSED, by, note, now, closed_at=now)


def _said(text: str, what: str, longest: int = LONGEST_ANSWER) -> str:
    cleaned = clean(text, longest + 1)
    if not cleaned:
        raise InvalidRequest(f"{what}不能为空。")
    if len(cleaned) > longest:
        raise InvalidRequest(f"{what}太长,最多 {longest} 个字。")
    return cleaned
