from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.forms.report import FORMS, NOW, Talk
from xiaoxiao.engine import Reading, Reply
from xiaoxiao.forms.said import Said
from xiaoxiao.queries.positions import Position
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.form_state import NO_FORM

PHOTO = Said("openid", 7, NOW, kind="image")
PLACE = Said("openid", 8, NOW, kind="location", position=Position(31, 121), label="人民路")
SURE_OF = {"confidence": 0.95}


async def test_free_words_are_taken_as_they_are() -> None:
    talk = Talk()
    assert "ask_place" == await talk.says("楼道里堆满杂物")
    assert {"what": "楼道里堆满杂物"} == talk.state.values


async def test_photo_and_place_come_in_any_order_and_are_acknowledged() -> None:
    talk = Talk()
    assert "photo 1|ask_what" == await talk.hears(PHOTO)
    assert "photo 2|ask_what" == await talk.hears(PHOTO)
    assert "ask_what" == await talk.hears(PLACE)
    assert "ask_phone" == await talk.says("楼道里堆满杂物")
    assert {"photos": [7, 7], "place": "人民路", "what": "楼道里堆满杂物"} == talk.state.values


@pytest.mark.parametrize(
    ("text", "intent", "is_value"),
    [
        ("楼道里有人给电动车充电", "faq/ebike_charging", True),
        ("电动车充电着火怎么办", "faq/ebike_charging", False),
        ("楼道堵了", "report_hazard", True),
        ("人民路小学", "find_shelter", True),
        ("查违章", "query_violation", False),
        ("转人工", "request_human", False),
        ("谢谢", "thank", False),
        ("是的", "affirm", True),
    ],
)
async def test_free_words_are_a_question_only_when_that_is_sure(
    text: str, intent: str, is_value: bool
) -> None:
    talk = Talk(**{text: Reading(intent, 0.95)})
    assert ("ask_place" if is_value else None) == await talk.says(text)


async def test_an_uncertain_reading_leaves_free_words_a_value() -> None:
    talk = Talk(会不会塌啊这个墙怎么办=Reading("faq/building", 0.7))
    assert "ask_place" == await talk.says("会不会塌啊这个墙怎么办")


async def test_an_optional_question_may_be_skipped_and_another_not() -> None:
    talk = Talk()
    assert "form_needed|ask_what" == await talk.says("不想说")
    await talk.says("楼道里堆满杂物")
    await talk.says("三号楼")
    assert "ask_sure" == await talk.says("没有")
    assert None is talk.state.values["phone"]


async def test_once_more_is_no_answer_while_something_is_asked() -> None:
    talk = Talk()
    for text in ("楼道里堆满杂物", "三号楼"):
        await talk.says(text)
    assert "ask_phone" == await talk.says("再试一次")
    assert "phone" not in talk.state.values


async def test_it_ends_when_everything_is_told() -> None:
    talk = Talk()
    for text in ("楼道里堆满杂物", "三号楼", "跳过"):
        await talk.says(text)
    assert "filed ['phone', 'place', 'sure', 'what']" == await talk.says("是")
    assert NO_FORM == talk.state


@pytest.mark.parametrize(
    ("text", "answer", "place"),
    [
        ("不对,地点是五号楼", "ask_phone", "五号楼"),
        ("改地址", "ask_place", None),
        ("错了", "ask_place", None),
        ("不对不对,地址:六号楼", "ask_phone", "六号楼"),
    ],
)
async def test_a_correction_names_what_is_wrong(text: str, answer: str, place: str | None) -> None:
    talk = Talk()
    await talk.says("楼道里堆满杂物")
    await talk.says("三号楼")
    assert answer == await talk.says(text)
    assert place == talk.state.values.get("place")


async def test_a_back_step_from_a_skipped_question() -> None:
    talk = Talk()
    for text in ("楼道里堆满杂物", "三号楼", "跳过"):
        await talk.says(text)
    assert "ask_phone" == await talk.says("上一步")
    assert "phone" not in talk.state.values


async def test_a_misread_says_what_is_wrong_and_counts() -> None:
    talk = Talk()
    assert ["short", "short", "short|form_stuck", "form_given_up"] == [
        await talk.says("啊") for _ in range(4)
    ]
    assert NO_FORM == talk.state


async def test_an_answer_starts_the_count_anew() -> None:
    talk = Talk()
    await talk.says("啊")
    await talk.says("楼道里堆满杂物")
    assert 0 == talk.state.misread


async def test_after_a_pause_free_words_are_no_answer_but_what_can_be_nothing_else_is() -> None:
    talk = Talk()
    talk.now = NOW + timedelta(days=7)
    assert None is await talk.says("楼道里堆满杂物")
    talk.state = talk.state.__class__("report", {"what": "x", "place": "y"}, "phone", NOW, NOW)
    assert "ask_sure" == await talk.says("13800000000")


async def test_the_reminder_after_a_pause_comes_once() -> None:
    state = Talk().state
    later = Said("openid", 1, NOW + timedelta(days=7), text="你好")
    reply = Reply((Answer("hello"),), "greet", 0.9)
    first = await FORMS.beside(state, reply, later)
    assert first is not None
    assert ["hello", "form_paused"] == [answer.text for answer in first.answers]
    second = await FORMS.beside(first.state, reply, later)
    assert second is not None
    assert ["hello"] == [answer.text for answer in second.answers]


async def test_a_form_nobody_knows_any_more_is_left_alone() -> None:
    talk = Talk()
    talk.state = talk.state.__class__("gone", {}, "what", NOW, NOW)
    assert None is await talk.says("您好")
    assert None is await FORMS.beside(talk.state, Reply(()), Said("openid", 1, NOW, text="您好"))


async def test_a_command_of_ours_is_never_a_value() -> None:
    talk = Talk()
    assert None is await talk.hears(Said("openid", 1, NOW, payload="/query_alert"))
