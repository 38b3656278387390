"""Rewards for true reports: verified → amount → approved by a second person → claimed → paid, or expired.

The first valid reporter gets it, once for a matter. Amounts in 分. As in casework: `by` is who does it, NotFound,
Conflict and InvalidRequest are sentences for staff.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from xiaoxiao.clock import Clock
from xiaoxiao.desk.anonymity import forget_done
from xiaoxiao.desk.case_group import case_work, credited, group_of, head_of, numbered, record, tell_one
from xiaoxiao.desk.case_notices import CaseNotices
from xiaoxiao.desk.case_states import DONE
from xiaoxiao.desk.deadlines import OfficeHours
from xiaoxiao.desk.reward_rules import Reckoning
from xiaoxiao.errors import Conflict, InvalidRequest, NotFound
from xiaoxiao.store.case import Case, CaseState, CaseType, Reward, RewardBasis, RewardState
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.records import Work, where

NAMES = {
    RewardState.VERIFIED: "已查实,待定金额",
    RewardState.AMOUNT: "待审批",
    RewardState.APPROVED: "已批准,待领取",
    RewardState.CLAIMED: "已核对身份,待发放",
    RewardState.PAID: "已发放",
    RewardState.EXPIRED: "逾期未领",
}
#: a name on the office's login is not a second person
_LOGIN = "("


@dataclass(frozen=True)
class Awarded:
    """A reward with the case of the reporter it goes to."""

    reward: Reward
    case: Case


class Rewards:
    def __init__(
        self,
        store: ConversationStore,
        clock: Clock,
        hours: OfficeHours,
        notices: CaseNotices,
        claim: timedelta,
    ) -> None:
        """`claim`: to come for it after she was told; then it is forfeited, unless she can explain."""
        self._store = store
        self._clock = clock
        self._hours = hours
        self._notices = notices
        self._claim = claim

    def listing(self, *, state: RewardState | None = None) -> list[Awarded]:
        wanted = (where("state", state),) if state else ()
        with self._store.work(only_reads=True) as work:
            return [_awarded(work, reward) for reward in work.all(Reward, *wanted)]

    def of_contact(self, contact: str) -> list[Awarded]:
        """Hers, for 「我的进度」."""
        with self._store.work(only_reads=True) as work:
            ids = [case.id for case in work.all(Case, where("conversation_id", work.find(contact).id))]
            return [_awarded(work, reward) for reward in work.all(Reward, where("case_id", ids, "in"))]

    def verify(self, number: str, by: str, note: str = "") -> Awarded:
        """The report is true: it goes to the first valid reporter of the matter, whichever number is given."""
        now = self._clock.now()
        with case_work(self._store) as work:
            head = head_of(work, numbered(work, number))
            return self._verified(work, head, by, note, now)

    def propose(self, number: str, by: str, basis: RewardBasis, reckoning: Reckoning) -> Awarded:
        """An amount by the rules; verifies the report if that was not done. Again before it is approved."""
        now = self._clock.now()
        with case_work(self._store) as work:
            head = head_of(work, numbered(work, number))
            awarded = self._find(work, head) or self._verified(work, head, by, "", now)
            _check(awarded, RewardState.VERIFIED, RewardState.AMOUNT)
            changes = {"basis": basis, "amount": reckoning.amount, "reckoning": reckoning.words}
            return self._step(work, awarded, RewardState.AMOUNT, by, now, proposed_by=by, **changes)

    def approve(self, number: str, by: str) -> Awarded:
        """Somebody else than who proposed it. The reporter is told and has 60 days."""
        now = self._clock.now()
        with case_work(self._store) as work:
            awarded = self._one(work, number)
            _check(awarded, RewardState.AMOUNT)
            if _person(by) == _person(awarded.reward.proposed_by):
                raise InvalidRequest("提出金额和批准的不能是同一个人;请另一位用 --by 写上姓名。")
            times = {"approved_at": now, "claim_by": self._hours.last_moment(now + self._claim)}
            return self._step(work, awarded, RewardState.APPROVED, by, now, approved_by=by, **times)

    def claim(self, number: str, by: str) -> Awarded:
        """She came in time, her papers were checked against her number."""
        now = self._clock.now()
        with case_work(self._store) as work:
            awarded = self._one(work, number)
            _check(awarded, RewardState.APPROVED)
            claim_by = awarded.reward.claim_by
            if claim_by is not None and now > claim_by:
                raise Conflict(f"{awarded.case.number} 的领取期限已过;有正当理由的先 extend 延期。")
            return self._step(work, awarded, RewardState.CLAIMED, by, now, claimed_at=now)

    def pay(self, number: str, by: str) -> Awarded:
        now = self._clock.now()
        with case_work(self._store) as work:
            awarded = self._one(work, number)
            _check(awarded, RewardState.CLAIMED)
            paid = self._step(work, awarded, RewardState.PAID, by, now, paid_at=now, paid_by=by)
            _forget_if_done(work, awarded.case)
            return paid

    def extend(self, number: str, by: str, reason: str) -> Awarded:
        """She could explain why she did not come: 60 days from now."""
        if not reason.strip():
            raise InvalidRequest("延期的理由不能为空。")
        now = self._clock.now()
        with case_work(self._store) as work:
            awarded = self._one(work, number)
            _check(awarded, RewardState.APPROVED, RewardState.EXPIRED)
            record(work, awarded.case, by, "note", now, {"text": f"延长领取:{reason.strip()[:500]}"})
            claim_by = self._hours.last_moment(now + self._claim)
            return self._step(work, awarded, RewardState.APPROVED, by, now, claim_by=claim_by)

    def expire(self) -> int:
        """What was not claimed in time is forfeited; how many. By the clock, not by a person."""
        now = self._clock.now()
        late = (where("state", RewardState.APPROVED), where("claim_by", now, "until"))
        with case_work(self._store) as work:
            found = [_awarded(work, reward) for reward in work.all(Reward, *late)]
            for awarded in found:
                self._step(work, awarded, RewardState.EXPIRED, "system", now)
                _forget_if_done(work, awarded.case)
            return len(found)

    # --- within a transaction

    def _verified(self, work: Work, head: Case, by: str, note: str, now: datetime) -> Awarded:
        if head.type is not CaseType.REPORT:
            raise InvalidRequest(f"{head.number} 不是爆料举报,没有奖励。")
        if head.state is CaseState.REJECTED:
            raise Conflict(f"{head.number} 没有受理,不能奖励。")
        if (known := self._find(work, head)) is not None:
            raise Conflict(f"{known.case.number} 已经有奖励:{NAMES[known.reward.state]}。")
        first = credited(group_of(work, head))
        if first is None:
            raise Conflict(f"{head.number} 没有可以奖励的举报人(都已撤回或删除了个人信息)。")
        work.save(replace(work.one(Case, where("id", head.id)), verified=True, updated_at=now))
        reward = work.add(Reward(first.id, RewardState.VERIFIED, now, now))
        record(work, first, by, "reward", now, {"to": reward.state.value, "note": note.strip()[:500]})
        return Awarded(reward, work.one(Case, where("id", first.id)))

    def _step(
        self, work: Work, awarded: Awarded, state: RewardState, by: str, now: datetime, **changes: object
    ) -> Awarded:
        before = awarded.reward
        after = replace(before, state=state, updated_at=now, **changes)  # type: ignore[arg-type]
        work.save(after)
        data = {"from": before.state.value, "to": state.value, "amount": after.amount}
        record(work, awarded.case, by, "reward", now, data)
        tell_one(work, awarded.case, lambda case: self._notices.reward(case, after), now)
        return Awarded(after, awarded.case)

    def _one(self, work: Work, number: str) -> Awarded:
        head = head_of(work, numbered(work, number))
        awarded = self._find(work, head)
        if awarded is None:
            raise NotFound(f"{number} 还没有奖励;先 xiaoxiao rewards propose {number}。")
        return awarded

    def _find(self, work: Work, head: Case) -> Awarded | None:
        ids = [case.id for case in group_of(work, head)]
        found = work.all(Reward, where("case_id", ids, "in"))
        return _awarded(work, found[0]) if found else None


def _awarded(work: Work, reward: Reward) -> Awarded:
    return Awarded(reward, work.all(Case, where("id", reward.case_id))[0])


def _check(awarded: Awarded, *expected: RewardState) -> None:
    if awarded.reward.state not in expected:
        able = "、".join(f"「{NAMES[state]}」" for state in expected)
        now = NAMES[awarded.reward.state]
        raise Conflict(f"{awarded.case.number} 的奖励现在是「{now}」,要在{able}时才能这样做。")


def _forget_if_done(work: Work, case: Case) -> None:
    head = head_of(work, case)
    if head.state in DONE:
        forget_done(work, head)


def _person(by: str) -> str:
    """王主任 of "王主任(cli:li)": two people may share the office's machine."""
    return by.split(_LOGIN)[0].strip()
