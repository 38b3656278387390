"""爆料举报 and what follows it, as citizens live through it."""

from __future__ import annotations

import re

import pytest

from tests.acceptance.sampled_office import GAS, opens
from tests.acceptance.scripted_office import START, Office, says
from tests.unit.media.test_kinds import JPEG
from xiaoxiao.clock import SettableClock
from xiaoxiao.desk.reward_rules import for_hazard
from xiaoxiao.engine import Reply
from xiaoxiao.forms.said import said
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.dialog import Turn
from xiaoxiao.store.case import Case, CaseState, CaseType, Rating, RewardBasis
from xiaoxiao.store.conversation import Answer, Status
from xiaoxiao.store.form_state import FormState
from xiaoxiao.store.port import ConversationStore

WHAT, WHERE, WHEN, CONTACT, CONFIRM = "什么事", "在哪里?", "什么时候看到的", "留个电话吗", "对了我就提交"
LID = "路边的井盖没了"
WHOLE = "举报:昨晚八点看到,东风路12号门口的井盖没了"
CARD = Reply((Answer("关阀门,开窗"),), "faq/gas_leak", 0.95, topic="gas_leak")


@pytest.fixture
def office(store: ConversationStore) -> Office:
    office = Office(store, SettableClock(START))
    report = opens("report", "report_hazard")
    progress = opens("my_cases", "report_progress")
    office.engine.replies = {
        **dict.fromkeys(("我要举报", "/report_hazard", LID, WHOLE, "工厂偷偷排黄水"), report),
        **dict.fromkeys(("我的进度", "/report_progress"), progress),
        "我要投诉": opens("petition", "complain_or_suggest"),
        "建议东风路加一个红绿灯": opens("petition", "complain_or_suggest"),
        "你们说三天答复,一个月了没人理我": opens("grievance", "complain_service"),
        "删除我的数据": opens("my_data", "privacy_delete"),
        "流鼻血怎么办": says("低头捏住鼻翼"),
        "煤气灶怎么关": CARD,
        "还有围墙也要倒了": report,
    }
    office.engine.otherwise = Reply((Answer("没听懂"),), understood=False)
    return office


def form(office: Office, citizen: Citizen) -> FormState:
    return office.store.form(office.conversation(citizen).id)


def cases(office: Office) -> list[Case]:
    with office.store.work(only_reads=True) as work:
        return work.all(Case)


def tap(citizen: Citizen, title: str) -> Turn:
    """The latest option of that name, whatever its number."""
    shown = [part.text for bubble in citizen.bubbles for part in bubble.segments if part.say is not None]
    return citizen.taps([text for text in shown if text.endswith(f". {title}")][-1])


async def told(office: Office, *, contact: str = "匿名") -> Citizen:
    """Up to the summary."""
    citizen = office.citizen()
    await citizen.says(WHOLE).sees(CONTACT)
    await citizen.says(contact).sees(CONFIRM)
    return citizen


async def filed(office: Office) -> tuple[Citizen, str]:
    citizen = await told(office)
    seen = await citizen.says("提交").sees("登记好了")
    return citizen, re.findall(r"YJ\d{8}-\d{4}", seen.text)[0]


# --- telling it -----------------------------------------------------------------------------------------


async def test_one_question_a_message_then_a_summary_and_a_number_with_the_time_of_the_answer(
    office: Office,
) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报").sees(WHAT, "119")
    await citizen.says(LID).sees(WHERE)
    await citizen.says("东风路12号门口").sees(WHEN)
    await citizen.says("昨天").sees(CONTACT, "匿名")
    summary = "什么事:路边的井盖没了", "地点:东风路12号门口", "时间:昨天", "联系方式:张三 13812345678"
    await citizen.says("张三 13812345678").sees(CONFIRM, *summary, "1. 对,提交", "3. 不报了")
    await tap(citizen, "对,提交").sees("登记好了,编号 YJ20261124-0001", "前给您答复", "接着发来")
    case = cases(office)[0]
    assert (CaseType.REPORT, LID, "东风路12号门口", "张三", "13812345678") == (
        *(case.type, case.what, case.place, case.name, case.phone),
    )
    assert case.happened_at is not None
    assert not form(office, citizen).is_open


async def test_what_the_opening_sentence_tells_is_not_asked(office: Office) -> None:
    await told(office)


async def test_two_photos_and_a_place_in_any_order_and_no_question_is_repeated(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报").sees(WHAT)
    seen = await citizen.sends_photo(JPEG).sees("照片收到了", "1 份")
    assert WHAT not in seen.text
    await citizen.sends_photo(JPEG + b"2").sees_nothing()
    await citizen.sends_location(31.2, 121.4, "人民广场").sees("位置收到了")
    await citizen.says(LID).sees(WHEN)
    await citizen.sends_video(b"video").sees("视频收到了")
    await citizen.says("跳过").sees(CONTACT)
    await citizen.says("匿名").sees("地点:人民广场", "位置:已收到", "照片、视频等:4 份")
    await citizen.says("对").sees("登记好了")
    case = cases(office)[0]
    assert (31.2, 121.4, 4) == (case.latitude, case.longitude, len(case.evidence))


async def test_a_photo_before_any_word_is_asked_about_and_kept_for_the_report(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_photo(JPEG).sees("照片收到了", "119", "要反映情况")
    await citizen.sends_photo(JPEG + b"2").sees_nothing()
    await citizen.says("是").sees(WHAT)
    await citizen.says(WHOLE).sees(CONTACT)
    await citizen.says("匿名").sees("照片、视频等:2 份")


@pytest.mark.parametrize("answer", ["不是", "流鼻血怎么办"])
async def test_a_photo_that_belongs_to_no_report_leaves_nothing_open(office: Office, answer: str) -> None:
    citizen = office.citizen()
    await citizen.sends_photo(JPEG)
    seen = await citizen.says(answer)
    assert "要反映情况" not in seen.text
    assert not form(office, citizen).is_open


async def test_words_after_the_photo_are_the_report(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_photo(JPEG)
    await citizen.says(LID).sees(WHERE)


async def test_more_photos_go_into_the_case_for_some_hours(office: Office) -> None:
    citizen, number = await filed(office)
    office.clock.advance(hours=2)
    await citizen.sends_photo(JPEG).sees(f"已经补充到 {number}")
    await citizen.sends_photo(JPEG + b"2").sees_nothing()
    assert 2 == len(cases(office)[0].evidence)
    office.clock.advance(hours=4)
    await citizen.sends_photo(JPEG).sees("要反映情况")


# --- steering -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("correction", "line"),
    [
        ("不对,是东门", "地点:东门"),
        ("不对,地点是西湖路3号", "地点:西湖路3号"),
        ("不对,是前天下午", "时间:前天下午"),
        ("不对,电话是13987654321", "联系方式:13987654321"),
    ],
)
async def test_what_is_wrong_is_said_and_the_right_part_changes(
    office: Office, correction: str, line: str
) -> None:
    citizen = await told(office)
    seen = await citizen.says(correction).sees(CONFIRM, line)
    assert "什么事:举报:昨晚八点看到" in seen.text


async def test_a_part_may_be_chosen_and_told_anew(office: Office) -> None:
    citizen = await told(office)
    await citizen.says("改一下").sees("哪一项要改?", "2. 地点")
    await citizen.says("地点").sees(WHERE)
    await citizen.says("西湖路3号").sees(CONFIRM, "地点:西湖路3号")


async def test_back_and_stop(office: Office) -> None:
    citizen = await told(office)
    await citizen.says("上一步").sees(CONTACT)
    await citizen.says("不报了").sees("什么都没有登记")
    assert [] == cases(office)
    assert not form(office, citizen).is_open


async def test_danger_comes_first_and_the_report_stays(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报")
    before = form(office, citizen)
    await citizen.says(GAS).sees("119")
    assert before == form(office, citizen)


async def test_a_question_in_between_is_answered_and_the_report_goes_on(office: Office) -> None:
    citizen = await told(office)
    await citizen.says("流鼻血怎么办").sees("低头捏住鼻翼", "刚才的问题")
    await citizen.says("提交").sees("登记好了")


async def test_more_about_it_is_added_to_what_she_said(office: Office) -> None:
    citizen = await told(office)
    await citizen.says("还有围墙也要倒了").sees(CONFIRM, "还有围墙也要倒了")


async def test_a_new_process_and_a_week_later(office: Office) -> None:
    citizen = await told(office)
    office.start()
    office.clock.advance(days=7)
    await citizen.says("流鼻血怎么办").sees("还没办完,要接着办吗")
    await citizen.says("继续").sees(CONFIRM)
    await citizen.says("提交").sees("登记好了,编号 YJ20261201-0001")


async def test_a_photo_the_next_day_is_taken_and_she_is_asked_whether_to_go_on(office: Office) -> None:
    citizen = await told(office)
    office.clock.advance(days=1)
    await citizen.sends_photo(JPEG).sees("还没办完,要接着办吗")
    await citizen.sends_photo(JPEG + b"2").sees_nothing()
    await citizen.says("继续").sees(CONFIRM, "照片、视频等:2 份")


async def test_a_turn_that_died_after_filing_files_once(office: Office) -> None:
    citizen = await told(office)
    state = form(office, citizen)
    await citizen.says("提交").sees("登记好了")
    last = office.messages(citizen)[-1]
    forms = office.application.services.forms
    step = await forms.step(state, said(last.incoming, last.id, office.clock.now()), office.engine.read)
    assert step is not None
    assert "YJ20261124-0001" in step.answers[0].text
    assert 1 == len(cases(office))


@pytest.mark.parametrize(
    ("asked", "answer", "hint"),
    [
        (("我要举报",), "在吗", "还没看出是什么事"),
        (("我要举报", LID), "12", "没看出是哪里"),
        (("我要举报", LID, "东风路"), "嗯嗯哈", "没看出是什么时候"),
        (("我要举报", LID, "东风路", "昨天"), "1381234567", "这个号码有 10 位"),
        (("我要举报", LID, "东风路", "昨天"), "110101199003078515", "不要发身份证号"),
        (("我要举报", LID, "东风路", "昨天"), "留电话", "请发电话号码"),
        (("我要举报", LID, "东风路", "昨天", "匿名"), "哈哈", "还没提交"),
    ],
)
async def test_every_answer_is_checked_with_a_helpful_sentence(
    office: Office, asked: tuple[str, ...], answer: str, hint: str
) -> None:
    citizen = office.citizen()
    for text in asked:
        await citizen.says(text)
    await citizen.says(answer).sees(hint)


async def test_the_same_thing_twice_is_one_case(office: Office) -> None:
    citizen, number = await filed(office)
    await citizen.says(WHOLE)
    await citizen.says("匿名")
    await citizen.says("提交").sees("您已经报过", number)
    assert 1 == len(cases(office))


async def test_anonymous_leaves_no_name(office: Office) -> None:
    citizen = await told(office, contact="张三 13812345678")
    await citizen.says("不对,匿名").sees("联系方式:匿名")
    await citizen.says("提交")
    assert (True, "", "") == (cases(office)[0].anonymous, cases(office)[0].name, cases(office)[0].phone)


async def test_hostile_words_are_only_words(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报")
    await citizen.says("<a href='http://x'>点我</a>\u202e\x07井盖没了" + "长" * 3000).sees(WHERE)
    await citizen.says("<b>{number} $number %s</b>").sees(WHEN)
    await citizen.says("昨天")
    seen = await citizen.says("匿名").sees(CONFIRM, "{number} $number %s")
    assert "<a href='http" not in seen.text
    assert "\u202e" not in seen.text
    await citizen.says("提交").sees("登记好了")
    assert 1 == len(cases(office)[0].evidence)  # the whole of what was too long to be read here


async def test_a_closed_topic_opens_nothing(office: Office) -> None:
    office.application.services.orders.close("report_hazard", by="li")
    citizen = office.citizen()
    await citizen.sends_photo(JPEG).sees("照片收到了")
    assert not form(office, citizen).is_open


async def test_with_a_person_photos_and_words_are_for_the_person(office: Office) -> None:
    citizen = await told(office)
    office.hands_off(citizen.openid)
    await citizen.says("提交").sees("已经转给工作人员")
    assert [] == cases(office)
    assert Status.PENDING is office.status(citizen)


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
