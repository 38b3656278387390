"""What follows a report, and its other types, as citizens live through it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.acceptance.reporting_office import (
    CARD,
    CONFIRM,
    CONTACT,
    WHAT,
    cases,
    filed,
    form,
    reporting,
    tap,
)
from tests.acceptance.sampled_office import opens
from tests.acceptance.scripted_office import Office
from xiaoxiao.desk.reward_rules import for_hazard
from xiaoxiao.store.case import CaseState, CaseType, Rating, RewardBasis
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.port import ConversationStore


@pytest.fixture
def office(store: ConversationStore) -> Office:
    return reporting(store)


# --- the other types ------------------------------------------------------------------------------------


async def test_a_complaint_is_shorter(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要投诉").sees("要投诉、建议或者咨询什么")
    await citizen.says("建设路的路灯坏了").sees(CONTACT)
    await citizen.says("匿名").sees(CONFIRM, "地点:建设路")
    await citizen.says("提交").sees("登记好了")
    assert CaseType.COMPLAINT is cases(office)[0].type


async def test_a_suggestion_is_one(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("建议东风路加一个红绿灯").sees(CONTACT)
    await citizen.says("匿名")
    await citizen.says("提交")
    assert CaseType.SUGGESTION is cases(office)[0].type


async def test_who_is_angry_with_us_hears_sorry_and_is_offered_a_person(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("你们说三天答复,一个月了没人理我").sees("对不起", "转人工")
    await citizen.says("提交").sees("登记好了,编号 YJ", "转人工")


# --- afterwards -----------------------------------------------------------------------------------------


async def test_my_progress_shows_state_and_date_and_only_hers(office: Office) -> None:
    citizen, number = await filed(office)
    await citizen.says("我的进度").sees(number, "已登记", "前答复", "补充情况", "撤回")
    office.engine.replies[f"{number} 办得怎么样"] = opens("my_cases", "report_progress")
    other = office.citizen("小李")
    await other.says(f"{number} 办得怎么样").sees("没有查到您名下的")
    await other.says("我的进度").sees("还没有登记过事项")


async def test_a_reward_is_shown_with_how_to_claim_it_only_once_it_is_approved(office: Office) -> None:
    citizen, number = await filed(office)
    rewards = office.application.services.rewards
    rewards.propose(number, "li", RewardBasis.HAZARD, for_hazard(5_000_000))
    assert "奖励" not in (await citizen.says("我的进度").sees(number)).text
    rewards.approve(number, "wang")
    office.engine.replies[number] = opens("my_cases", "report_progress")
    await citizen.says(number).sees("核定奖励 7,500 元", "带本人有效身份证件", "不会让您先交钱")


async def test_more_is_added_and_it_is_taken_back_once_she_has_said_so(office: Office) -> None:
    citizen, number = await filed(office)
    await citizen.says("我的进度")
    await tap(citizen, "补充情况").sees(f"要给 {number} 补充什么")
    await citizen.says("他们半夜又来过").sees(f"已经补充到 {number}")
    await citizen.says("我的进度")
    await tap(citizen, "撤回").sees("确定要撤回")
    await citizen.says("是").sees(f"已经撤回 {number}")
    assert CaseState.WITHDRAWN is cases(office)[0].state


async def test_a_mark_by_tap_also_while_a_person_has_it_and_a_bad_one_opens_it_again(office: Office) -> None:
    citizen, number = await filed(office)
    office.application.services.casework.answer(number, "li", "盖好了")
    await citizen.says("我的进度").sees("盖好了")
    office.hands_off(citizen.openid)
    await tap(citizen, "很不满意").sees("重新办理")
    assert CaseState.REOPENED is cases(office)[0].state


async def test_a_typed_five_is_five_points(office: Office) -> None:
    citizen, number = await filed(office)
    office.application.services.casework.answer(number, "li", "盖好了")
    await office.empties_outbox()
    await citizen.says("5").sees("谢谢您的评价")
    with office.store.work(only_reads=True) as work:
        assert [5] == [rating.score for rating in work.all(Rating)]


async def test_useful_or_not_is_asked_once_below_a_knowledge_answer(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("煤气灶怎么关").sees("关阀门", "1. 有用", "2. 没用")
    await citizen.says("2").sees("对不起,没帮上您", "转人工", "说说哪里不对")
    await tap(citizen, "说说哪里不对").sees("一句话就行")
    await citizen.says("我家是电磁炉").sees("记下了")
    seen = await citizen.says("煤气灶怎么关")
    assert "有用" not in seen.text
    with office.store.work(only_reads=True) as work:
        assert [(0, "我家是电磁炉")] == [(r.score, r.comment) for r in work.all(Rating)]


async def test_where_the_card_had_no_answer_nobody_is_asked_whether_it_was_useful(office: Office) -> None:
    office.engine.replies["能用微波炉吗"] = replace(CARD, answers=(Answer("卡里没有说到"),), silent=True)
    citizen = office.citizen()
    seen = await citizen.says("能用微波炉吗").sees("卡里没有说到")
    assert "有用" not in seen.text
    await citizen.says("煤气灶怎么关").sees("1. 有用")


async def test_in_an_emergency_nobody_is_asked_how_she_liked_it(office: Office) -> None:
    office.application.services.orders.declare(by="li", note="台风")
    seen = await office.citizen().says("煤气灶怎么关")
    assert "有用" not in seen.text


async def test_my_data_is_shown_asked_once_erased_and_what_is_kept_is_said(office: Office) -> None:
    citizen, _ = await filed(office)
    await citizen.says("我要举报").sees(WHAT)
    await citizen.says("删除我的数据").sees("我这里存着关于您的", "登记的事项 1 件", "要删除吗")
    await tap(citizen, "删除我的数据").sees("已经删除", "还在办的事项 1 件没有删")
    assert not form(office, citizen).is_open
    await citizen.says("删除我的数据")
    office.clock.advance(minutes=11)
    await tap(citizen, "删除我的数据").sees("已经过时")


async def test_leaving_it_erases_nothing(office: Office) -> None:
    citizen, _ = await filed(office)
    await citizen.says("删除我的数据")
    await tap(citizen, "先不删").sees("什么都没有删")
    assert 1 == len(cases(office))
