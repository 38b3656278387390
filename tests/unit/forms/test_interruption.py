from __future__ import annotations

import pytest

from xiaoxiao.engine import Reading
from xiaoxiao.forms.interruption import asks, interrupts, interrupts_freely, wants_to_stop


@pytest.mark.parametrize(
    ("reading", "is_one"),
    [
        (Reading("faq/nosebleed", 0.7), True),
        (Reading("query_alert", 0.6), True),
        (Reading("out_of_scope", 0.9), True),
        (Reading("affirm", 0.9), False),
        (Reading("nlu_fallback", 0.9, understood=False), False),
        (Reading(None, understood=False), False),
    ],
)
def test_what_the_engine_understands_interrupts_but_yes_and_no_are_about_the_question(
    reading: Reading, is_one: bool
) -> None:
    assert is_one is interrupts(reading)


@pytest.mark.parametrize("text", ["我要查违章", "帮我找避难所", "有没有预警?"])
def test_where_words_are_a_value_another_task_must_be_sure_and_asked_for(text: str) -> None:
    assert interrupts_freely(Reading("query_violation", 0.95), text, "report_hazard")
    assert not interrupts_freely(Reading("query_violation", 0.8), text, "report_hazard")
    assert not interrupts_freely(Reading("report_hazard", 0.95), text, "report_hazard")


def test_a_long_story_that_begins_with_a_greeting_is_a_value() -> None:
    story = "您好,我们小区三号楼的消防通道被私家车堵了一个多月没人管"
    assert not interrupts_freely(Reading("greet", 0.95), story, "report_hazard")


def test_only_who_surely_wants_to_stop_is_stopped() -> None:
    assert [True, False, False] == [
        wants_to_stop(r) for r in (Reading("cancel", 0.9), Reading("cancel", 0.5), Reading("deny", 0.99))
    ]


@pytest.mark.parametrize(
    ("text", "asks_back", "expected"),
    [("地震了躲哪", True, True), ("地震了躲哪", False, False), ("黄牌大车", True, False)],
)
def test_a_question_that_would_be_asked_back_about_is_no_value(
    text: str, asks_back: bool, expected: bool
) -> None:
    assert expected == asks(Reading("nlu_fallback", 0.4, understood=False, asks_back=asks_back), text)
