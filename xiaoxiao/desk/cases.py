"""Cases as citizens know them: told once, a number at once, progress on request, more at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from xiaoxiao.clock import Clock
from xiaoxiao.desk.anonymity import anonymised
from xiaoxiao.desk.case_group import as_hers, case_work, head_of, record
from xiaoxiao.desk.case_numbers import case_number, day_of
from xiaoxiao.desk.case_states import DONE, OPEN, check
from xiaoxiao.desk.deadlines import OfficeHours
from xiaoxiao.desk.draft import LONGEST_TEXT, MOST_EVIDENCE, Draft, Filed, checked, clean
from xiaoxiao.desk.similarity import AUTOMATIC, STALE, Match, Matcher
from xiaoxiao.errors import Conflict, NotFound
from xiaoxiao.store.case import Case, CaseState
from xiaoxiao.store.medium import Medium
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.records import Work, where

#: so many of the latest open cases are compared with a new one
_COMPARED = 500


class Cases:
    def __init__(
        self,
        store: ConversationStore,
        clock: Clock,
        hours: OfficeHours,
        promise: timedelta,
        matcher: Matcher | None = None,
    ) -> None:
        """`promise`: within which a citizen has her answer (working days)."""
        self._store = store
        self._clock = clock
        self._hours = hours
        self._promise = promise
        self._matcher = matcher or Matcher()

    def file(self, contact: str, draft: Draft) -> Filed:
        """A number at once. InvalidRequest with a sentence when the draft says nothing; else what is too
        long is kept to its beginning, what is not hers (evidence) left out. NotFound: an openid without a
        conversation.
        """
        now = self._clock.now()
        conversation = self._store.find(contact)
        draft = checked(draft, now)
        draft = replace(draft, evidence=self._own(conversation.id, draft.evidence))
        with case_work(self._store) as work:
            known = work.all(Case, where("confirmed_by", draft.confirmed_by)) if draft.confirmed_by else []
            if known:
                return Filed(self._hers(work, known[0]), attached=known[0].merged_into is not None)
            case = self._case(draft, conversation.id, now)
            match = self._match(work, case, now)
            if match is not None and match.score >= AUTOMATIC:
                own = self._own_of(work, match.case, conversation.id)
                if own is not None:
                    own = self._supplement(work, own, draft.what, draft.evidence, now, repeated=True)
                    return Filed(self._hers(work, own), repeated=True)
            return self._add(work, case, match, now)

    def mine(self, contact: str, *, limit: int = 5) -> list[Case]:
        """Her latest cases, the newest first."""
        with self._store.work(only_reads=True) as work:
            whose = work.find(contact).id
            found = work.all(Case, where("conversation_id", whose), limit=limit, latest=True)
            return [self._read(work, case) for case in reversed(found)]

    def look_up(self, contact: str, number: str) -> Case:
        """By number and openid: NotFound unless it is hers."""
        with case_work(self._store) as work:
            return self._hers(work, self._one(work, contact, number))

    def add(self, contact: str, number: str, text: str = "", evidence: Sequence[int] = ()) -> Case:
        """More about it, from her. Conflict when it is done."""
        now = self._clock.now()
        evidence = self._own(self._store.find(contact).id, tuple(evidence))
        with case_work(self._store) as work:
            case = self._one(work, contact, number)
            if self._hers(work, case).state in DONE:
                raise Conflict(f"{case.number} 已经办完,不能再补充;有新情况请重新登记。")
            return self._hers(work, self._supplement(work, case, text, evidence, now))

    def withdraw(self, contact: str, number: str) -> Case:
        """She takes it back; what others reported goes on. Conflict when it has been answered or is done."""
        now = self._clock.now()
        with case_work(self._store) as work:
            case = self._one(work, contact, number)
            check(self._hers(work, case), CaseState.WITHDRAWN)
            if others := work.all(Case, where("merged_into", case.id)):
                _succeed(work, case, others, now)
            after = replace(case, state=CaseState.WITHDRAWN, merged_into=None, closed_at=now, updated_at=now)
            work.save(after)
            record(work, case, "citizen", "state", now, {"from": case.state.value, "to": after.state.value})
            return anonymised(work, after) if after.forget else after

    # --- within a transaction

    def _add(self, work: Work, case: Case, match: Match | None, now: datetime) -> Filed:
        case = replace(case, number=case_number(day_of(now), work.next_number(day_of(now))))
        attached = match is not None and match.score >= AUTOMATIC
        if match is not None and attached:
            case = replace(case, state=CaseState.MERGED, merged_into=match.case.id)
        if match is not None:
            case = replace(case, similar_to=match.case.id, similarity=match.score)
        case = work.add(case)
        record(work, case, "citizen", "filed", now, {"type": case.type.value, "message": case.confirmed_by})
        if match is not None:
            found = {"to": match.case.number, "score": round(match.score, 3)}
            record(work, case, "system", "merged" if attached else "similar", now, found)
        _link(work, case, case.evidence)
        return Filed(self._hers(work, case), attached=attached)

    def _case(self, draft: Draft, conversation_id: int, now: datetime) -> Case:
        return Case(
            number="",
            type=draft.type,
            state=CaseState.RECEIVED,
            conversation_id=conversation_id,
            what=draft.what,
            created_at=now,
            updated_at=now,
            due_at=self._hours.after(now, self._promise),
            place=draft.place,
            latitude=draft.latitude,
            longitude=draft.longitude,
            when=draft.when,
            happened_at=draft.happened_at,
            anonymous=draft.anonymous,
            name=draft.name,
            phone=draft.phone,
            evidence=draft.evidence,
            confirmed_by=draft.confirmed_by,
        )

    def _match(self, work: Work, case: Case, now: datetime) -> Match | None:
        recent = (where("state", tuple(OPEN), "in"), where("created_at", now - STALE, "from"))
        return self._matcher.best(case, work.all(Case, *recent, limit=_COMPARED, latest=True))

    def _own_of(self, work: Work, head: Case, conversation_id: int) -> Case | None:
        if head.conversation_id == conversation_id:
            return head
        hers = where("merged_into", head.id), where("conversation_id", conversation_id)
        return next(iter(work.all(Case, *hers)), None)

    def _supplement(
        self,
        work: Work,
        case: Case,
        text: str,
        evidence: tuple[int, ...],
        now: datetime,
        *,
        repeated: bool = False,
    ) -> Case:
        together = tuple(dict.fromkeys((*case.evidence, *evidence)))[:MOST_EVIDENCE]
        after = replace(case, evidence=together, updated_at=now)
        work.save(after)
        _link(work, case, evidence)
        data = {"text": clean(text, LONGEST_TEXT), "messages": list(evidence), "repeated": repeated}
        record(work, case, "citizen", "evidence", now, data)
        return after

    def _one(self, work: Work, contact: str, number: str) -> Case:
        """Locked, and hers; else NotFound, whether it exists or not."""
        hers = where("conversation_id", work.find(contact).id)
        return work.one(Case, where("number", number), hers)

    def _hers(self, work: Work, case: Case) -> Case:
        return as_hers(case, head_of(work, case))

    def _read(self, work: Work, case: Case) -> Case:
        """The same without a lock."""
        if case.merged_into is None:
            return case
        return as_hers(case, work.all(Case, where("id", case.merged_into))[0])

    def _own(self, conversation_id: int, evidence: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(each for each in evidence[:MOST_EVIDENCE] if self._said_in(conversation_id, each))

    def _said_in(self, conversation_id: int, message_id: int) -> bool:
        try:
            return self._store.message(message_id).conversation_id == conversation_id
        except NotFound:
            return False


def _link(work: Work, case: Case, evidence: tuple[int, ...]) -> None:
    for medium in work.all(Medium, where("message_id", evidence, "in")):
        work.save(replace(medium, case_id=case.id))


def _succeed(work: Work, gone: Case, others: list[Case], now: datetime) -> None:
    """The next reporter's case takes the place of one that was taken back."""
    first, *rest = sorted(others, key=lambda case: case.id)
    work.save(replace(as_hers(first, gone), merged_into=None, due_at=first.due_at, updated_at=now))
    record(work, first, "system", "merged", now, {"head": True, "instead_of": gone.number})
    for case in rest:
        work.save(replace(case, merged_into=first.id))
