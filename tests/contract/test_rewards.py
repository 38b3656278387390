"""Rewards on every store: the first valid reporter, once, by the rules, agreed by two, in time."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from tests.contract.case_office import LEAK, Office, other
from xiaoxiao.desk import reward_rules
from xiaoxiao.desk.rewards import Awarded
from xiaoxiao.desk.winners import winners, written
from xiaoxiao.errors import Conflict, InvalidRequest, NotFound
from xiaoxiao.store.case import CaseState, CaseType, RewardBasis, RewardState
from xiaoxiao.store.port import ConversationStore

FINE = reward_rules.for_hazard(50_000_00)


@pytest.fixture
def office(store: ConversationStore) -> Office:
    return Office(store)


def approved(office: Office, number: str) -> Awarded:
    office.rewards.propose(number, "王(cli:li)", RewardBasis.HAZARD, FINE)
    return office.rewards.approve(number, "陈(cli:li)")


def test_the_first_reporter_is_credited_whichever_number_is_given(office: Office) -> None:
    first, second = office.file("o1"), office.file("o2")
    awarded = office.rewards.verify(second.number, "li")
    assert first.number == awarded.case.number
    assert office.cases.look_up("o2", second.number).verified
    with pytest.raises(Conflict):
        office.rewards.verify(first.number, "li")


def test_who_took_it_back_is_not_credited(office: Office) -> None:
    first, second = office.file("o1"), office.file("o2")
    office.cases.withdraw("o1", first.number)
    assert second.number == office.rewards.verify(second.number, "li").case.number


def test_the_earlier_of_two_merged_by_staff_is_credited(office: Office) -> None:
    early, late = office.file("o1", other(0)), office.file("o2", other(1))
    office.casework.merge(early.number, late.number, "li")
    assert early.number == office.rewards.verify(late.number, "li").case.number


def test_only_reports_are_rewarded_and_only_what_is_taken(office: Office) -> None:
    complaint = office.file("o1", other(0), type=CaseType.COMPLAINT)
    with pytest.raises(InvalidRequest):
        office.rewards.verify(complaint.number, "li")
    refused = office.file("o1", other(1))
    office.casework.reject(refused.number, "li", "不归我们管")
    with pytest.raises(Conflict):
        office.rewards.verify(refused.number, "li")


def test_from_true_to_paid_and_told_on_the_way(office: Office) -> None:
    number = office.file("o1").number
    assert RewardState.APPROVED is approved(office, number).reward.state
    assert "7,500 元" in office.told("o1")[-1]
    assert RewardState.CLAIMED is office.rewards.claim(number, "li").reward.state
    paid = office.rewards.pay(number, "zhou").reward
    assert (RewardState.PAID, 7_500_00, "zhou") == (paid.state, paid.amount, paid.paid_by)
    assert "已经发放" in office.told("o1")[-1]
    assert [number] == [each.case.number for each in office.rewards.of_contact("o1")]
    assert [] == office.rewards.listing(state=RewardState.CLAIMED)


def test_one_person_does_not_decide_alone(office: Office) -> None:
    number = office.file("o1").number
    office.rewards.propose(number, "王(cli:li)", RewardBasis.HAZARD, FINE)
    for same in ("王(cli:li)", "王(cli:chen)", "王"):
        with pytest.raises(InvalidRequest):
            office.rewards.approve(number, same)
    assert [] == office.told("o1")


def test_no_step_is_left_out_or_done_twice(office: Office) -> None:
    number = office.file("o1").number
    with pytest.raises(NotFound):
        office.rewards.approve(number, "chen")
    office.rewards.verify(number, "li")
    for act in (office.rewards.approve, office.rewards.claim, office.rewards.pay):
        with pytest.raises(Conflict):
            act(number, "chen")
    approved(office, number)
    with pytest.raises(Conflict):
        office.rewards.propose(number, "wang", RewardBasis.HAZARD, FINE)
    with pytest.raises(Conflict):
        office.rewards.pay(number, "chen")


def test_what_is_not_claimed_in_sixty_days_expires_and_may_be_granted_again(office: Office) -> None:
    number = office.file("o1").number
    # 60 days after Monday 23 November is Friday 22 January, until closing time
    claim_by = approved(office, number).reward.claim_by
    assert datetime(2027, 1, 22, 9, 30, tzinfo=timezone.utc) == claim_by
    office.clock.advance(days=60, hours=7, minutes=29)
    assert 0 == office.rewards.expire()
    office.clock.advance(minutes=2)
    with pytest.raises(Conflict):
        office.rewards.claim(number, "li")
    assert 1 == office.rewards.expire()
    assert 0 == office.rewards.expire()
    assert "过了领取期限" in office.told("o1")[-1]
    office.rewards.extend(number, "li", "住院")
    assert RewardState.CLAIMED is office.rewards.claim(number, "li").reward.state


def test_an_office_may_give_another_time_to_come(store: ConversationStore) -> None:
    office = Office(store, claim_days=30)
    claim_by = approved(office, office.file("o1").number).reward.claim_by
    assert datetime(2026, 12, 23, 9, 30, tzinfo=timezone.utc) == claim_by
    assert "12月23日" in office.told("o1")[-1]


def test_the_public_list_tells_nobody_who_it_was(office: Office) -> None:
    named = {"anonymous": False, "name": "王小明", "phone": "13800138000"}
    number = office.file("o1", LEAK, **named).number
    approved(office, number)
    assert [] == winners(office.rewards.listing())
    office.rewards.claim(number, "li")
    office.rewards.pay(number, "li")
    rows = winners(office.rewards.listing())
    for form in ("md", "csv", "json"):
        text = written(rows, form, office="示例市应急办")
        assert "7500" in text
        assert not any(
            word in text for word in (number, "王", "138", "化工厂", "东风路", "o1", "11-23", "23日")
        )


def test_a_reward_does_not_change_the_case(office: Office) -> None:
    number = office.file("o1").number
    approved(office, number)
    assert CaseState.RECEIVED is office.cases.look_up("o1", number).state
