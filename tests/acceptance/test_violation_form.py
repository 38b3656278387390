"""查违章 as citizens live through it: asked, corrected, interrupted, restarted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.acceptance.sampled_office import ELSEWHERE, GAS, VIOLATION, restart
from tests.acceptance.scripted_office import START, Office
from tests.acceptance.violation_office import ENGINE, MASKED, TYPE, asked_for_engine, form, violation_office
from xiaoxiao.clock import SettableClock
from xiaoxiao.engine import Reply
from xiaoxiao.queries.errors import QueryUnavailable
from xiaoxiao.store.conversation import Answer, Button, Status
from xiaoxiao.store.form_state import NO_FORM
from xiaoxiao.store.port import ConversationStore

PLATE = "请发车牌号"


@pytest.fixture
def office(store: ConversationStore) -> Office:
    return violation_office(store)


# --- the way through ------------------------------------------------------------------------------------


async def test_step_by_step_to_the_records_with_source_time_and_that_it_is_a_sample(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("查违章").sees(PLATE)
    await citizen.says("沪a·12345").sees(TYPE, MASKED)
    await citizen.says("小车").sees(ENGINE)
    answer = "人民路", "记 6 分,罚款 200 元", "来源:", "截至 2026-11-24", "示例数据", "交管12123"
    await citizen.says("发动机号后六位是123456").sees(*answer)
    assert NO_FORM == form(office, citizen)


async def test_what_the_opening_sentence_tells_is_not_asked(office: Office) -> None:
    await asked_for_engine(office)


async def test_what_else_was_asked_in_the_same_message_is_answered_too(office: Office) -> None:
    both = (Answer("低头捏住鼻翼"), *VIOLATION.answers)
    office.engine.replies["流鼻血怎么办,还要查违章"] = replace(
        VIOLATION, answers=both, form_text=VIOLATION.answers[0]
    )
    citizen = office.citizen()
    await citizen.says("流鼻血怎么办,还要查违章").sees("低头捏住", PLATE)
    assert not any(ELSEWHERE in row.answer.text for row in office.outgoing(citizen))


async def test_a_menu_entry_opens_it_too(office: Office) -> None:
    office.engine.replies["/query_alert"] = VIOLATION
    await office.citizen().clicks("query_alert").sees(PLATE)


async def test_a_number_chooses_a_type(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("查沪A12345的违章").sees("3. 普通摩托车")
    await citizen.says("3").sees("普通摩托车", ENGINE)


async def test_the_plate_is_never_shown_whole_nor_the_engine_number(office: Office) -> None:
    citizen = await asked_for_engine(office)
    await citizen.says("123456")
    shown = "".join(row.answer.text for row in office.outgoing(citizen)[1:])
    assert MASKED in shown
    assert "A12345(" not in shown


async def test_a_new_energy_plate_has_one_type_and_is_not_asked(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("查违章")
    await citizen.says("沪AD12345").sees("小型新能源汽车", ENGINE)
    await citizen.says("654321").sees("来源")


async def test_a_wrong_engine_number_is_asked_again_and_the_third_wrong_one_is_the_last(
    office: Office,
) -> None:
    citizen = await asked_for_engine(office)
    for number in ("000000", "000001", "000002"):
        await citizen.says(number).sees("对不上", ENGINE)
    await citizen.says("123456").sees("核对错的次数太多", "2026-11-25")
    assert NO_FORM == form(office, citizen)


async def test_five_records_a_page(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiaoxiao.forms.violation.PAGE", 1)
    citizen = await asked_for_engine(office)
    await citizen.says("123456").sees("1. 2026-", "要接着看吗", "1. 下一页")
    await citizen.says("下一页").sees("2. 2026-")
    if form(office, citizen).is_open:
        await citizen.says("不看了").sees("交管12123")
    assert NO_FORM == form(office, citizen)


# --- what is wrong is said ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("沪A1234", "只有 6 位"),
        ("沪A1234567", "有 9 位"),
        ("A12345", "少了省份的简称"),
        ("粤BO8881", "您是说 粤B08881 吗"),
        ("军车VA12345", "公开渠道不提供查询"),
        ("嗯嗯啊啊", "没看出车牌号"),
        ("没有", "这一项要有"),
    ],
)
async def test_a_misread_plate_is_answered_with_what_is_wrong_and_how_it_looks(
    office: Office, text: str, said: str
) -> None:
    citizen = office.citizen()
    await citizen.says("查违章")
    await citizen.says(text).sees(said)
    assert form(office, citizen).is_open


async def test_a_letter_that_stands_on_no_plate_is_asked_back(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("查违章")
    await citizen.says("沪AI2345").sees("您是说 沪A12345 吗")
    await citizen.says("不是").sees(PLATE)
    await citizen.says("沪AI2345").sees("您是说 沪A12345 吗")
    await citizen.says("是").sees(TYPE)


@pytest.mark.parametrize(("text", "said"), [("12345", "只有 5 位"), ("在哪", "没看出发动机号")])
async def test_a_misread_engine_number_is_answered_with_an_example(
    office: Office, text: str, said: str
) -> None:
    citizen = await asked_for_engine(office)
    await citizen.says(text).sees(said, "123456")


async def test_three_misreads_bring_other_ways_and_one_more_ends_it(office: Office) -> None:
    citizen = office.citizen()
    await citizen.says("查违章")
    await citizen.says("嗯嗯").sees("没看出车牌号")
    await citizen.says("哦哦").sees("没看出车牌号")
    await citizen.says("啦啦").sees("没看出车牌号", "交管12123", "转人工")
    await citizen.says("呀呀").sees("先停在这里", "12345")
    await citizen.says("嘿嘿").sees("没听懂")


@pytest.mark.parametrize(
    "text",
    [
        "长" * 5000,
        "<b>沪</b>&lt;i&gt;</xml>]]>",
        "\u202e\u200b沪A\u0007",
        "{plate} {0} %s $title",
        "'; DROP TABLE forms; --",
        "沪" * 900,
    ],
)
async def test_hostile_words_are_misread_and_nothing_breaks(office: Office, text: str) -> None:
    citizen = office.citizen()
    await citizen.says("查违章")
    await citizen.says(text).sees("比如:沪A12345")
    assert {} == form(office, citizen).values
    await citizen.says("沪A12345").sees(TYPE)


# --- steering -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["取消", "算了", "不查了", "那算了吧", "不想弄这个了"])
async def test_it_can_be_stopped_anywhere(office: Office, word: str) -> None:
    citizen = await asked_for_engine(office)
    await citizen.says(word).sees("先停下")
    assert NO_FORM == form(office, citizen)


async def test_a_step_back_and_at_the_first_question_no_further(office: Office) -> None:
    citizen = await asked_for_engine(office)
    await citizen.says("上一步").sees(TYPE)
    await citizen.says("返回").sees(PLATE)
    await citizen.says("返回").sees("第一个问题", PLATE)


@pytest.mark.parametrize(
    ("text", "sees"),
    [
        ("不对,车牌是沪AD12345", "小型新能源汽车"),
        ("车牌错了,是沪AD12345", "小型新能源汽车"),
        ("沪AD12345", "小型新能源汽车"),
        ("改车牌", PLATE),
        ("不对,车型是摩托车", "普通摩托车"),
        ("不对", TYPE),
    ],
)
async def test_what_was_said_is_corrected_by_saying_what_is_wrong(
    office: Office, text: str, sees: str
) -> None:
    citizen = await asked_for_engine(office)
    await citizen.says(text).sees(sees)


async def test_it_begins_anew_on_request(office: Office) -> None:
    citizen = await asked_for_engine(office)
    await citizen.says("重新开始").sees("从头来", PLATE)
    assert {} == form(office, citizen).values


# --- interruptions --------------------------------------------------------------------------------------


async def test_danger_in_the_middle_goes_first_and_the_form_stays_open(office: Office) -> None:
    citizen = await asked_for_engine(office)
    before = form(office, citizen)
    await citizen.says(GAS).sees("119")
    assert before == form(office, citizen)
    await citizen.says("123456").sees("记 6 分")


async def test_a_question_in_the_middle_is_answered_and_the_open_one_repeated(office: Office) -> None:
    citizen = await asked_for_engine(office)
    await citizen.says("流鼻血怎么办").sees("低头捏住", "刚才的问题", ENGINE)
    await citizen.says("123456").sees("记 6 分")


async def test_a_question_the_engine_is_unsure_of_is_asked_back_about(office: Office) -> None:
    """Whoever asks in an earthquake must not be told how an engine number looks."""
    choices = (Button("地震了人在屋里", "/faq/quake_indoor"), Button("地震了人在外面", "/faq/quake_outdoor"))
    unsure = Reply((Answer("您是不是想问:", choices),), intent="nlu_fallback", understood=False)
    office.engine.replies = {**office.engine.replies, "地震了躲哪": unsure}
    citizen = await asked_for_engine(office)
    await citizen.says("地震了躲哪").sees("您是不是想问", "刚才的问题", ENGINE)
    assert 0 == form(office, citizen).misread


async def test_another_question_answered_at_once_leaves_it_open(office: Office) -> None:
    citizen = await asked_for_engine(office)
    await citizen.says("有没有预警")
    assert "刚才的问题" in office.outgoing(citizen)[-1].answer.text
    assert "engine_tail" == form(office, citizen).asked


async def test_another_form_takes_its_place_after_saying_so(office: Office) -> None:
    citizen = await asked_for_engine(office)
    await citizen.says("附近避难场所").sees("「查违章」先放下了", "您在哪里")
    assert "shelters" == form(office, citizen).form


async def test_the_same_task_again_repeats_the_question(office: Office) -> None:
    citizen = await asked_for_engine(office)
    await citizen.says("查违章").sees(ENGINE)
    assert "沪A12345" == form(office, citizen).values["plate"]


async def test_what_sounds_like_the_task_but_tells_nothing_is_asked_about_once_then_misread(
    office: Office,
) -> None:
    office.engine.replies["我的车是红色的"] = VIOLATION
    citizen = office.citizen()
    await citizen.says("查违章")
    await citizen.says("我的车是红色的").sees(PLATE)
    await citizen.says("我的车是红色的").sees("没看出车牌号")


async def test_a_photo_is_kept_and_the_question_repeated(office: Office) -> None:
    citizen = await asked_for_engine(office)
    await citizen.sends_photo(b"\xff\xd8\xff").sees("照片收到", "刚才的问题")


async def test_who_asks_for_a_person_is_not_asked_on(office: Office) -> None:
    citizen = await asked_for_engine(office)
    office.engine.during = office.hands_off
    await citizen.says("转人工").sees("正在为您转接")
    office.engine.during = lambda _: None
    assert "正在为您转接" == office.outgoing(citizen)[-1].answer.text
    assert form(office, citizen).is_open


async def test_a_person_in_between_keeps_it(office: Office) -> None:
    citizen, desk = await asked_for_engine(office), office.application.services.conversations
    desk.take_over(office.conversation(citizen).id, "li")
    await citizen.says("123456").sees("已经转给工作人员")
    desk.release(office.conversation(citizen).id, "li")
    assert Status.BOT is office.status(citizen)
    await citizen.says("123456").sees("记 6 分")


async def test_a_closed_task_opens_no_form_and_closes_an_open_one(office: Office) -> None:
    citizen = await asked_for_engine(office)
    office.application.services.orders.close("query_violation", by="li")
    await citizen.says("123456").sees("「查违章」", "正在核对")
    assert NO_FORM == form(office, citizen)
    await citizen.says("查违章").sees("正在核对")
    assert NO_FORM == form(office, citizen)


# --- no data --------------------------------------------------------------------------------------------


async def test_without_data_nothing_is_asked_and_the_official_entrance_is_named(
    store: ConversationStore,
) -> None:
    office = Office(store, SettableClock(START))
    office.engine.replies = {"查违章": VIOLATION}
    citizen = office.citizen()
    await citizen.says("查违章").sees(ELSEWHERE)
    assert NO_FORM == form(office, citizen)


async def test_a_back_end_that_is_down_is_said_with_a_way_forward(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object, **__: object) -> None:
        raise QueryUnavailable

    citizen = await asked_for_engine(office)
    with monkeypatch.context() as patch:
        patch.setattr("xiaoxiao.queries.owner_check.Violations.look_up", down)
        await citizen.says("123456").sees("现在查不到", "交管12123", "再试一次")
    await citizen.says("流鼻血怎么办").sees("低头捏住")
    assert "刚才的问题" not in office.outgoing(citizen)[-1].answer.text
    restart(office)
    await citizen.says("再试一次").sees("记 6 分")
    assert NO_FORM == form(office, citizen)
