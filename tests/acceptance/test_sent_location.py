"""A location sent before any word: what can be done with it is offered, and it is not asked for again."""

from __future__ import annotations

import pytest

from tests.acceptance.reporting_office import LID, WHAT, WHEN, cases, form, reporting, tap
from tests.acceptance.sampled_office import opens, restart
from tests.acceptance.scripted_office import Office
from tests.acceptance.test_reports_alarmed import FIRE
from xiaoxiao.store.port import ConversationStore

NEAR = "离您的位置最近的避难场所"


@pytest.fixture
def office(store: ConversationStore) -> Office:
    office = reporting(store)
    office.environ["WECHAT_API_BASE"] = "http://127.0.0.1:5005/simulator/api"
    restart(office)
    for words in ("附近避难场所", "/find_shelter"):
        office.engine.replies[words] = opens("shelters", "find_shelter")
    return office


async def test_shelters_or_a_report_are_offered_by_number(office: Office) -> None:
    citizen = office.citizen()
    seen = await citizen.sends_location(31.001, 121.002, "某小区").sees("位置收到了", "119")
    seen.sees("1. 找附近的避难场所", "2. 报告这里的隐患", "3. 都不是")
    assert "举报、投诉)吗" not in seen.text


@pytest.mark.parametrize("how", ["1", "找附近的避难场所", "附近避难场所"])
async def test_the_nearest_shelters_to_it_at_once(office: Office, how: str) -> None:
    citizen = office.citizen()
    await citizen.sends_location(31.001, 121.002, "某小区")
    seen = await citizen.says(how).sees("直线约 80 米")
    assert "您在哪里" not in seen.text
    assert not form(office, citizen).is_open


async def test_a_tap_does_the_same_also_after_a_restart_and_much_later(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_location(31.001, 121.002, "某小区")
    restart(office)
    office.clock.advance(days=16)
    await tap(citizen, "找附近的避难场所").sees(NEAR, "直线约 80 米")


async def test_a_report_of_what_is_there_has_the_place_already(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_location(31.001, 121.002, "某小区")
    await citizen.says("2").sees(WHAT)
    await citizen.says(LID).sees(WHEN)
    await citizen.says("昨天")
    await citizen.says("匿名").sees("地点:某小区", "位置:已收到")
    await citizen.says("提交").sees("登记好了")
    assert (31.001, 121.002) == (cases(office)[0].latitude, cases(office)[0].longitude)


async def test_a_place_told_besides_does_not_undo_where_it_was_sent_from(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_location(31.001, 121.002, "某小区")
    await citizen.says("东风路12号门口的井盖没了").sees(WHEN)
    await citizen.says("昨天")
    await citizen.says("匿名").sees("地点:东风路12号门口", "位置:已收到")
    await citizen.says("提交").sees("登记好了")
    assert (31.001, 121.002) == (cases(office)[0].latitude, cases(office)[0].longitude)


async def test_neither_leaves_nothing_open(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_location(31.001, 121.002)
    await citizen.says("3").sees("先不登记")
    assert not form(office, citizen).is_open


async def test_danger_told_with_it_is_answered_first_and_kept(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_location(31.001, 121.002, "某小区")
    await citizen.says(FIRE).sees("119")
    await citizen.says("继续").sees("报告这里的隐患")
    await tap(citizen, "报告这里的隐患").sees(WHEN)


async def test_a_form_that_waits_for_a_place_takes_it(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("附近避难场所").sees("您在哪里")
    await citizen.sends_location(31.001, 121.002, "某小区").sees("离某小区最近")


async def test_where_reports_are_closed_it_still_finds_shelters(office: Office) -> None:
    office.application.services.orders.close("report_hazard", by="li")
    citizen = office.citizen()
    await citizen.sends_location(31.001, 121.002, "某小区").sees("位置收到", "1. 找附近的避难场所")
    await citizen.says("1").sees(NEAR)


async def test_just_after_a_report_it_belongs_to_the_case_and_still_finds_shelters(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("举报:昨晚八点看到,东风路12号门口的井盖没了")
    await citizen.says("匿名")
    await citizen.says("提交").sees("登记好了")
    office.clock.advance(seconds=90)
    await citizen.sends_location(31.001, 121.002, "某小区").sees("已经补充到", "1. 找附近的避难场所")
    await citizen.says("1").sees(NEAR)


async def test_an_office_without_such_data_names_the_official_way(store: ConversationStore) -> None:
    office = reporting(store)
    citizen = office.citizen()
    await citizen.sends_location(31.001, 121.002)
    await citizen.says("1").sees("手机地图", "12345")
