from __future__ import annotations

from datetime import timedelta

import pytest

from tests.acceptance.scripted_office import START
from xiaoxiao.context import LASTS, Context, context_of, may_lean
from xiaoxiao.store.conversation import Incoming, Message


def context(*said: tuple[str, str | None, str | None], minutes: float = 1) -> Context:
    """Messages before, oldest first, as (text, intent, danger)."""
    messages = [
        Message(
            number,
            1,
            Incoming("wechat", "wx", "openid", str(number), "text", START, text),
            START,
            handled_at=START,
            intent=intent,
            danger=danger,
        )
        for number, (text, intent, danger) in enumerate(said, 1)
    ]
    return context_of(messages, START + timedelta(minutes=minutes))


QUAKE = ("地震躲哪", "faq/quake_indoor", None)


def test_the_card_answered_last_is_the_topic() -> None:
    assert "quake_indoor" == context(("流鼻血", "faq/nosebleed", None), QUAKE).topic


@pytest.mark.parametrize("passing", ["thank", "affirm", "greet", "nlu_fallback", None])
def test_it_stays_while_nothing_else_was_answered(passing: str | None) -> None:
    assert "quake_indoor" == context(QUAKE, ("嗯", passing, None)).topic


@pytest.mark.parametrize("ending", ["goodbye", "query_alert", "cancel", "request_human"])
def test_a_task_or_a_farewell_ends_it(ending: str) -> None:
    assert None is context(QUAKE, ("x", ending, None)).topic


def test_danger_ends_it_and_what_she_told_may_be_leant_on() -> None:
    assert Context(None, None, "着火了") == context(QUAKE, ("着火了", None, "fire"))
    assert "着火了" == context(("着火了", None, "fire"), ("谢谢", "thank", None)).told
    assert None is context(("着火了", None, "fire"), ("查违章", "query_violation", None)).told


def test_after_half_an_hour_it_is_over() -> None:
    assert "quake_indoor" == context(QUAKE, minutes=LASTS.seconds / 60).topic
    assert None is context(QUAKE, minutes=LASTS.seconds / 60 + 0.1).topic


def test_an_earlier_topic_comes_back_with_a_new_question_about_it() -> None:
    assert "quake_indoor" == context(QUAKE, ("查违章", "query_violation", None), QUAKE).topic


def test_her_words_are_kept_if_they_were_asked_back_about() -> None:
    assert "中毒" == context(QUAKE, ("中毒", "nlu_fallback", None)).asked
    assert None is context(("中毒", "nlu_fallback", None), ("谢谢", "thank", None)).asked
    assert None is context(("中毒", "nlu_fallback", None), minutes=31).asked


def test_nothing_before_is_said_to_be_nothing() -> None:
    assert {"topic": None, "asked": None, "told": None} == context().metadata()


def test_only_short_messages_lean() -> None:
    assert may_lean("那要是没有湿毛巾呢？")
    assert not may_lean("我家住在十八楼现在楼下着火了该往上跑还是往下跑")
