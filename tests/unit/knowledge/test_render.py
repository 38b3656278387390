from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xiaoxiao.knowledge.cards import load_card
from xiaoxiao.knowledge.hotlines import Hotline, Hotlines
from xiaoxiao.knowledge.render import render_text

CARD = load_card(Path(__file__).parents[2] / "fixtures/knowledge/basics/nosebleed.md")


def hotline(key: str, number: str, *, callable: str = "yes") -> Hotline:
    return Hotline(key, number, f"{key}热线", "", "", callable, "2026-11-23", "")


def table(*hotlines: Hotline) -> Hotlines:
    return Hotlines({h.key: h for h in hotlines})


def test_the_answer_comes_first_then_steps_donts_and_numbers() -> None:
    text = render_text(CARD, table(hotline("120", "120")))
    assert text == (
        "坐直，头向前倾，捏住鼻翼 10 到 15 分钟。\n\n"
        "1. 坐直，头向前倾，用嘴呼吸。\n2. 捏住鼻翼 10–15 分钟，别松手看。\n\n"
        "千万不要：仰头；塞纸巾。\n\n"
        "☎ 120 120热线"
    )


def test_a_number_this_city_has_not_got_is_not_mentioned() -> None:
    numberless = table(hotline("120", "120"), hotline("elevator_rescue", "", callable="local"))
    assert "elevator" not in render_text(CARD, numberless)
    local = table(hotline("120", "120"), hotline("elevator_rescue", "96333", callable="local"))
    assert "96333" in render_text(CARD, local)


def test_a_number_that_only_sends_messages_is_not_offered() -> None:
    assert "☎" not in render_text(CARD, table(hotline("120", "120", callable="no")))


def test_background_and_review_are_not_claimed() -> None:
    text = render_text(replace(CARD, hotlines=()), table())
    assert "血多来自" not in text
    assert "审定" not in text
