"""Food, shelters and what is answered at once, on the whole way of a message."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.acceptance.sampled_office import ELSEWHERE, opens, sampled_office
from tests.acceptance.scripted_office import START, Office
from xiaoxiao.clock import SettableClock
from xiaoxiao.engine import Reply
from xiaoxiao.queries.errors import QueryUnavailable
from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.local import LocalShelters
from xiaoxiao.queries.shelters import NearbyShelter
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.form_state import NO_FORM
from xiaoxiao.store.memory import MemoryStore

CODE = "31010212345678901234"
OPENINGS = {
    "查追溯码": ("trace_food", "trace_food"),
    "我买的猪肉怎么查": ("trace_food", "trace_food"),
    f"查一下{CODE}": ("trace_food", "trace_food"),
    "附近避难场所": ("shelters", "find_shelter"),
    "人民路小学附近的避难场所": ("shelters", "find_shelter"),
    "火车站附近坐轮椅能去的避难场所": ("shelters", "find_shelter"),
    "有没有预警": ("alerts", "query_alert"),
    "样例新城有没有预警": ("alerts", "query_alert"),
    "最近的地震消息": ("quakes", "query_quake"),
    "台风到哪了": ("typhoons", "query_typhoon"),
    "明天停课吗": ("suspensions", "school_suspension"),
    "停水打什么电话": ("hotlines", "query_hotline"),
    "心理热线号码是多少": ("hotlines", "query_hotline"),
    "有哪些应急电话": ("hotlines", "query_hotline"),
    "电工证复审要带什么": ("entries", "government_service"),
    "怎么网上办事": ("entries", "government_service"),
}


@pytest.fixture
def office() -> Office:
    office = sampled_office(MemoryStore())
    office.engine.replies = {text: opens(*form) for text, form in OPENINGS.items()}
    office.engine.otherwise = Reply((Answer("没听懂"),), understood=False)
    return office


def text(office: Office, citizen: Citizen) -> str:
    return "\n".join(row.answer.text for row in office.outgoing(citizen))


def is_open(office: Office, citizen: Citizen) -> bool:
    return office.store.form(office.conversation(citizen).id) != NO_FORM


# --- food -----------------------------------------------------------------------------------------------


async def test_a_recall_stands_above_the_way_from_farm_to_shop(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("查追溯码").sees("1. 肉菜小票", "2. 药盒")
    await citizen.says("1").sees("20 位追溯码")
    await citizen.says(f"{CODE[:4]} {CODE[4:]}").sees("召回")
    shown = text(office, citizen)
    places = [shown.index(word) for word in ("召回", "养殖种植", "屠宰加工", "批发市场", "零售", "示例数据")]
    assert sorted(places) == places


async def test_what_the_sentence_says_of_the_kind_or_the_code_is_not_asked(office: Office) -> None:
    await office.citizen("甲").says("我买的猪肉怎么查").sees("20 位追溯码")
    citizen = office.citizen("乙")
    await citizen.says(f"查一下{CODE}").sees("1. 肉菜小票")
    await citizen.says("小票上的").sees("召回")


async def test_medicine_is_not_looked_up_here(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("查追溯码")
    await citizen.says("药盒").sees("码上放心", "12315")
    assert not is_open(office, citizen)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (CODE[:-1], "有 19 位"),
        (CODE + "1", "有 21 位"),
        ("6901234567892", "商品条码"),
        ("3101O212345678901234", f"您是说 {CODE} 吗"),
        ("我没看到", "没看到追溯码"),
        (CODE[:-1] + "0", "不等于假货"),
    ],
)
async def test_a_code_that_cannot_be_is_told_why(office: Office, code: str, said: str) -> None:
    citizen = office.citizen()
    await citizen.says("我买的猪肉怎么查")
    await citizen.says(code).sees(said)


async def test_a_letter_in_a_code_is_asked_back(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("我买的猪肉怎么查")
    await citizen.says("3101O212345678901234")
    await citizen.says("对").sees("召回")


# --- shelters -------------------------------------------------------------------------------------------


async def test_the_three_nearest_to_a_location_sent(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("附近避难场所").sees("您在哪里", "119")
    await citizen.sends_location(31.0010, 121.0020, "某小区")
    shown = text(office, citizen)
    for word in (
        "离某小区最近",
        "直线约 80 米",
        "可容纳 3000 人",
        "有无障碍通道",
        "apis.map.qq.com",
        "来源",
        "截至",
    ):
        assert word in shown
    assert ["1. ", "2. ", "3. "] == [n for n in ("1. ", "2. ", "3. ", "4. ") if f"\n{n}" in shown]


async def test_with_long_names_two_in_one_message_are_better_than_three_in_two(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = LocalShelters.near

    async def long(self: LocalShelters, *given: Any, **named: Any) -> Findings[NearbyShelter]:
        found = await near(self, *given, **named)
        items = (replace(n, shelter=replace(n.shelter, address="长" * 70)) for n in found.items)
        return replace(found, items=tuple(items))

    monkeypatch.setattr(LocalShelters, "near", long)
    seen = await office.citizen().says("人民路小学附近的避难场所").sees("\n2. ", "来源", "被困拨 119")
    assert 1 == len(seen)
    assert "\n3. " not in seen.text.partition("来源")[0]


async def test_a_place_in_the_sentence_is_not_asked_for(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("人民路小学附近的避难场所").sees("离人民路小学最近", "直线约 10 米")
    assert not is_open(office, citizen)


async def test_who_needs_a_ramp_is_told_only_of_those_that_have_one(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("火车站附近坐轮椅能去的避难场所").sees("离样例火车站最近")
    assert "有台阶" not in text(office, citizen)


async def test_places_of_one_name_are_asked_back(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("附近避难场所")
    await citizen.says("中心广场").sees("几个地方", "1. 样例区", "2. 样例新城")
    await citizen.says("2").sees("新城广场应急避难场所")


async def test_an_unknown_place_is_said_with_an_example_and_a_location_helps(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("附近避难场所")
    await citizen.says("火星基地").sees("没听出是什么地方", "比如")
    await citizen.sends_location(31.0, 121.0).sees("您的位置")


# --- answered at once -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("有没有预警", ("3 条预警", "暴雨橙色", "影响范围", "该怎么做", "样例区气象台", "12379")),
        ("样例新城有没有预警", ("2 条预警", "地质灾害黄色")),
        ("最近的地震消息", ("3.2 级", "正式测定", "ceic")),
        ("台风到哪了", ("「样例」", "我不预测")),
        ("明天停课吗", ("中小学、幼儿园停课", "样例区教育局")),
        ("停水打什么电话", ("样例区供水服务中心", "021-00000201", "人民路20号")),
        ("电工证复审要带什么", ("身份证原件、操作证", "12 号窗口", "样例区应急管理局")),
    ],
)
async def test_it_is_answered_at_once_with_issuer_and_time(
    office: Office, question: str, words: tuple[str, ...]
) -> None:
    citizen = office.citizen()
    await citizen.says(question)
    shown = text(office, citizen)
    assert [] == [word for word in (*words, "来源", "截至 2026-11-24", "示例数据") if word not in shown]
    assert ELSEWHERE not in shown
    assert not is_open(office, citizen)


async def test_a_national_number_needs_no_data_of_the_office(office: Office) -> None:
    await office.citizen().says("心理热线号码是多少").sees("心理援助热线 12356")


@pytest.mark.parametrize("question", ["有哪些应急电话", "怎么网上办事"])
async def test_what_names_no_purpose_gets_the_general_answer(office: Office, question: str) -> None:
    await office.citizen().says(question).sees(ELSEWHERE)


async def test_news_behind_a_button(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("有没有预警")
    office.application.turns.store.outgoing(1)
    await office.empties_outbox()
    button = next(
        b for row in office.outgoing(citizen) for b in row.answer.buttons if b.title == "最近的消息"
    )
    assert "/form/news" == button.payload
    number = 1 + [b.payload for b in office.conversation(citizen).choices].index("/form/news")
    await citizen.says(str(number)).sees("样例区部署强降雨防范工作", "来源")


@pytest.mark.parametrize("asked", ["最新工作要闻", "最近有什么新闻?", "我想看看要闻"])
async def test_news_in_words(office: Office, asked: str) -> None:
    await office.citizen().says(asked).sees("样例区部署强降雨防范工作", "来源", "示例数据")


async def test_without_news_the_official_site_is_named_once() -> None:
    office = Office(MemoryStore(), SettableClock(START))
    seen = await office.citizen().says("最近有什么新闻").sees("现在没有最近的消息", "官方网站 https://")
    assert 1 == seen.text.count("现在没有最近的消息")


async def test_news_in_the_middle_of_a_form(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("附近避难场所").sees("您在哪里")
    await citizen.says("最近有什么新闻").sees("样例区部署强降雨防范工作", "刚才的问题")
    assert is_open(office, citizen)


@pytest.mark.parametrize("question", ["有没有预警", "台风到哪了", "附近避难场所", "查追溯码", "明天停课吗"])
async def test_without_data_the_official_entrance_is_named(question: str) -> None:
    office = Office(MemoryStore(), SettableClock(START))
    office.engine.replies = {text: opens(*form) for text, form in OPENINGS.items()}
    citizen = office.citizen()
    await citizen.says(question).sees(ELSEWHERE)
    assert not is_open(office, citizen)


async def test_a_back_end_that_is_down_is_said_and_the_official_entrance_named(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object, **__: object) -> None:
        raise QueryUnavailable

    monkeypatch.setattr("xiaoxiao.queries.local.LocalAlerts.in_force", down)
    await office.citizen().says("有没有预警").sees("现在查不到", ELSEWHERE)
