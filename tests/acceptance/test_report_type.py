"""Whether it is a report, a complaint or a suggestion: she says it, whatever opened the form."""

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
    reporting,
    tap,
    told,
)
from tests.acceptance.scripted_office import Office
from tests.unit.media.test_kinds import JPEG
from xiaoxiao.store.case import CaseType
from xiaoxiao.store.port import ConversationStore

SMOKE = "楼下饭店油烟太大"


@pytest.fixture
def office(store: ConversationStore) -> Office:
    return reporting(store)


@pytest.mark.parametrize(
    ("said", "kind", "label"),
    [
        (f"我要投诉{SMOKE}", CaseType.COMPLAINT, "投诉"),
        (f"投诉:{SMOKE}", CaseType.COMPLAINT, "投诉"),
        ("建议这里多放几个垃圾桶", CaseType.SUGGESTION, "建议"),
        (f"举报:{SMOKE}", CaseType.REPORT, "爆料举报"),
        (f"{SMOKE},投诉过好几次没人管", CaseType.REPORT, "爆料举报"),
    ],
)
async def test_words_after_a_photo_say_the_kind(
    office: Office, said: str, kind: CaseType, label: str
) -> None:
    citizen = office.citizen()
    await citizen.sends_photo(JPEG)
    await citizen.says(said).sees(WHERE)
    seen = await citizen.says("东风路12号")
    if kind is CaseType.REPORT:
        seen = await citizen.says("昨天")
    seen.sees(CONTACT)  # a complaint is not asked when
    await citizen.says("匿名").sees(CONFIRM, f"类型:{label}\n")
    await citizen.says("提交").sees("登记好了")
    assert kind is cases(office)[0].type


@pytest.mark.parametrize("sent", ["photo", "video"])
async def test_to_announce_a_complaint_is_enough(office: Office, sent: str) -> None:
    citizen = office.citizen()
    await (citizen.sends_photo(JPEG) if sent == "photo" else citizen.sends_video(b"video"))
    await citizen.says("我要投诉").sees(WHAT)
    await citizen.says(SMOKE).sees(WHERE)
    await citizen.says("东风路12号").sees(CONTACT)
    await citizen.says("匿名").sees("类型:投诉")


async def test_a_recorded_complaint_is_one(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_photo(JPEG)
    await citizen.speaks(f"我要投诉{SMOKE}").sees(WHERE)


async def test_it_may_be_said_at_any_question(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报")
    await citizen.says(LID).sees(WHERE)
    await citizen.says("东风路12号门口").sees(WHEN)
    await citizen.says("这是投诉").sees("投诉", CONTACT)
    await citizen.says("匿名").sees("类型:投诉")


@pytest.mark.parametrize("said", ["不是举报,是投诉", "不对,不是举报,是投诉"])
async def test_what_it_is_not_is_no_telephone_number(office: Office, said: str) -> None:
    citizen = office.citizen()
    await citizen.says("我要举报")
    await citizen.says(LID).sees(WHERE)
    await citizen.says("东风路12号门口").sees(WHEN)
    await citizen.says("昨天").sees(CONTACT)
    await citizen.says(said).sees(CONTACT)
    await citizen.says("匿名").sees("类型:投诉")


@pytest.mark.parametrize("said", ["不对,是投诉", "这是投诉", "不对,类型是投诉", "不是举报,是投诉"])
async def test_it_may_be_put_right_at_the_summary(office: Office, said: str) -> None:
    citizen = await told(office)
    await citizen.says(said).sees(CONFIRM, "类型:投诉", "什么事:举报:昨晚八点看到")
    await citizen.says("提交").sees("登记好了")
    assert CaseType.COMPLAINT is cases(office)[0].type


async def test_it_may_be_chosen_from_the_parts(office: Office) -> None:
    citizen = await told(office)
    await citizen.says("改一下").sees("5. 类型")
    await citizen.says("类型").sees("1. 举报", "2. 投诉", "3. 建议")
    await citizen.says("哈哈").sees("没看出")
    await tap(citizen, "投诉").sees(CONFIRM, "类型:投诉")


async def test_a_petition_may_be_a_report_after_all(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我要投诉")
    await citizen.says(LID)
    await citizen.says("东风路")
    await citizen.says("匿名").sees("类型:投诉")
    await citizen.says("不对,是举报").sees("类型:爆料举报")
    await citizen.says("提交")
    assert CaseType.REPORT is cases(office)[0].type
