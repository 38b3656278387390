"""爆料举报 and what follows it, as citizens live through it."""

from __future__ import annotations

import pytest

from tests.acceptance.reporting_office import (
    CONFIRM,
    CONTACT,
    LID,
    WHAT,
    WHEN,
    WHERE,
    WHOLE,
    cases,
    filed,
    form,
    reporting,
    tap,
    told,
)
from tests.acceptance.sampled_office import GAS
from tests.acceptance.scripted_office import Office
from tests.unit.media.test_kinds import JPEG
from xiaoxiao.forms.said import said
from xiaoxiao.store.case import CaseType
from xiaoxiao.store.conversation import Status
from xiaoxiao.store.port import ConversationStore


@pytest.fixture
def office(store: ConversationStore) -> Office:
    return reporting(store)


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
    await citizen.says("匿名").sees("地点:人民广场", "位置:已收到", "照片、视频等:3 份")
    await citizen.says("对").sees("登记好了")
    case = cases(office)[0]
    assert (31.2, 121.4, 4) == (case.latitude, case.longitude, len(case.evidence))


async def test_a_place_sent_when_it_was_asked_for_leads_to_the_next_question(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报")
    await citizen.says(LID).sees(WHERE)
    await citizen.sends_photo(JPEG).sees("照片收到了")
    await citizen.sends_location(31.2, 121.4, "人民广场").sees("位置收到了", WHEN)
    await citizen.says("昨天下午").sees(CONTACT)
    await citizen.says("匿名").sees("地点:人民广场", "位置:已收到", "时间:昨天下午", "照片、视频等:1 份")


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
