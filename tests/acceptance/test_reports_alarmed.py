"""What she says of danger in the middle of a report: the fixed answer at once, and her words are the report's."""

from __future__ import annotations

import pytest

from tests.acceptance.reporting_office import (
    CONFIRM,
    CONTACT,
    LID,
    WHAT,
    WHEN,
    WHERE,
    cases,
    filed,
    form,
    reporting,
    tap,
    told,
)
from tests.acceptance.scripted_office import Office
from tests.unit.media.test_kinds import JPEG
from xiaoxiao.engine import Reply
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.port import ConversationStore

FIRE = "楼下着火了 有人被困"


@pytest.fixture
def office(store: ConversationStore) -> Office:
    return reporting(store)


async def test_it_is_taken_up_where_the_report_stands(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报")
    await citizen.says(LID).sees(WHERE)
    await citizen.says(FIRE).sees("119")
    await citizen.says("东风路12号门口").sees(WHEN)
    await citizen.says("昨天").sees(CONTACT)
    await citizen.says("匿名").sees(CONFIRM, f"什么事:{LID}\n{FIRE}", "地点:东风路12号门口")
    await citizen.says("提交").sees("登记好了")
    assert f"{LID}\n{FIRE}" == cases(office)[0].what


async def test_said_instead_of_what_happened_it_is_what_happened(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报").sees(WHAT)
    await citizen.says(FIRE).sees("119")
    await citizen.says("东风路12号门口").sees(WHEN)
    await citizen.says("刚才")
    await citizen.says("匿名").sees(FIRE, "地点:东风路12号门口")


async def test_a_short_word_after_it_goes_on_with_the_report(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报")
    await citizen.says(FIRE).sees("119")
    await citizen.says("嗯嗯").sees(WHERE)


async def test_a_place_told_with_it_is_not_asked_again(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报")
    await citizen.says("东风路12号着火了 有人被困").sees("119")
    await citizen.says("火很大,都是烟,消防车还没有来").sees()
    await citizen.says("继续").sees(WHEN)


async def test_after_the_summary_what_she_submits_holds_it(office: Office) -> None:
    citizen = await told(office)
    await citizen.says(FIRE).sees("119")
    await citizen.says("提交").sees("登记好了")
    assert cases(office)[0].what.endswith(f"\n{FIRE}")


async def test_several_alarms_are_each_taken_up_once_also_after_a_restart(office: Office) -> None:
    citizen = await told(office)
    await citizen.says(FIRE).sees("119")
    await citizen.says("流鼻血怎么办").sees("低头捏住鼻翼", "刚才的问题")
    office.start()
    await citizen.says("三楼也着火了,救命").sees("119")
    seen = await citizen.says("继续").sees(CONFIRM)
    assert (1, 1) == (seen.text.count(FIRE), seen.text.count("三楼也着火了,救命"))


async def test_after_a_photo_alone_it_is_what_the_report_tells(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_photo(JPEG)
    await citizen.says(FIRE).sees("119")
    await citizen.says("是").sees(WHERE)
    assert FIRE == form(office, citizen).values["what"]


async def test_after_a_photo_another_question_does_not_lose_it(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_photo(JPEG)
    await citizen.says(FIRE).sees("119")
    await citizen.says("流鼻血怎么办").sees("低头捏住鼻翼")
    assert FIRE == form(office, citizen).values["what"]


async def test_said_instead_of_more_for_a_case_it_is_more_for_the_case(office: Office) -> None:
    citizen, number = await filed(office)
    await citizen.says("我的进度").sees(number)
    await tap(citizen, "补充情况").sees("要给")
    await citizen.says(FIRE).sees("119")
    await citizen.says("在后门那边").sees(f"已经补充到 {number}")
    with office.store.work(only_reads=True):
        dossier = office.application.services.casework.show(number, "li")
    assert [f"{FIRE}\n在后门那边"] == [e.data["text"] for e in dossier.trail if e.name == "evidence"]


async def test_the_question_that_an_alarm_has_answered_is_not_repeated(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报").sees(WHAT)
    await citizen.says(FIRE).sees("119")
    await citizen.says("流鼻血怎么办").sees("低头捏住鼻翼", f"刚才的问题:{WHERE}")
    await citizen.says("东风路12号门口").sees(WHEN)


@pytest.mark.parametrize("asked", [("我要举报",), ("我要举报", LID), ("我要举报", LID, "东风路12号门口")])
@pytest.mark.parametrize("how", ["tap", "2"])
async def test_what_the_answer_to_danger_offers_is_answered_and_no_value_of_the_form(
    office: Office, asked: tuple[str, ...], how: str
) -> None:
    smoke = Reply((Answer("湿毛巾堵门缝"),), "faq/fire_highrise", 0.9, topic="fire_highrise")
    office.engine.replies["高层火灾固守待援的知识"] = smoke
    citizen = office.citizen()
    for text in asked:
        await citizen.says(text)
    await citizen.says(FIRE).sees("119", "2. 还没进来")
    await (tap(citizen, "还没进来") if how == "tap" else citizen.says(how)).sees("湿毛巾堵门缝", "刚才的问题")
    assert "固守待援" not in str(form(office, citizen).values)


async def test_what_was_said_before_the_report_is_not_part_of_it(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says(FIRE).sees("119")
    office.clock.advance(seconds=20)
    await citizen.says("我要举报").sees(WHAT)
    await citizen.says("在吗")
    assert "what" not in form(office, citizen).values
