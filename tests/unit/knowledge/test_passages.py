from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xiaoxiao.knowledge.cards import Card, load_cards
from xiaoxiao.knowledge.follow_ups import FollowUps
from xiaoxiao.knowledge.passages import Section, fitting, passages_of

ROOT = Path(__file__).parents[3]
FORMS = FollowUps.read((ROOT / "data/lexicon/follow_ups.csv").read_text(encoding="utf-8"))
CARD = replace(
    load_cards(ROOT / "tests/fixtures/knowledge")["nosebleed"],
    title="被猫狗咬了怎么办",
    questions=("被老鼠咬了要打针吗",),
    lead="马上冲伤口15分钟。再去门诊。",
    steps=("冲：边冲边洗，约15分钟。", "去打针，孕妇、婴儿也要打。", "晚了三天也要去。"),
    donts=("挤血、用嘴吸", "抹牙膏"),
    background="发病几乎必死。牙膏会留住病毒。针打几次由医生定。",
)


def said(text: str, read: str = "", card: Card = CARD) -> list[str]:
    leaning = FORMS.leaning(text)
    assert leaning is not None
    return [passage.shown for passage in fitting(card, leaning, read)]


def test_nothing_is_made_up() -> None:
    whole = CARD.lead + "".join((*CARD.steps, *CARD.donts)) + CARD.background
    assert all(passage.text in whole for passage in passages_of(CARD))


def test_how_long_is_answered_by_numbers_with_a_unit() -> None:
    assert ["马上冲伤口15分钟。", "冲：边冲边洗，约15分钟。", "晚了三天也要去。"] == said("要多久")


def test_somebody_is_answered_by_what_names_her() -> None:
    assert ["去打针，孕妇、婴儿也要打。"] == said("那孕妇呢")


def test_why_is_the_background_or_what_speaks_of_it_there() -> None:
    assert ["发病几乎必死。", "牙膏会留住病毒。", "针打几次由医生定。"] == said("为什么")
    assert ["牙膏会留住病毒。"] == said("为什么不能用牙膏")


def test_more_is_what_she_has_not_read() -> None:
    assert ["发病几乎必死。", "牙膏会留住病毒。", "针打几次由医生定。"] == said("然后呢", CARD.lead)
    assert [] == said("还有呢", CARD.background)


def test_a_dont_says_that_it_is_one() -> None:
    assert "千万不要：抹牙膏" in said("那牙膏呢")


@pytest.mark.parametrize("text", ["那猫呢", "老鼠呢"])
def test_what_the_card_was_written_for_is_answered_with_its_first_sentence(text: str) -> None:
    assert ["马上冲伤口15分钟。", "再去门诊。"] == said(text)


@pytest.mark.parametrize("text", ["后来肿了咋办", "那老人呢", "能喝水吗"])
def test_what_the_card_does_not_speak_of_is_not_answered(text: str) -> None:
    assert [] == said(text)


def test_a_sentence_is_never_cut() -> None:
    card = replace(CARD, background="轻的，打针；重的，还要打别的。不懂问医生。")
    texts = [p.text for p in passages_of(card) if p.section is Section.BACKGROUND]
    assert ["轻的，打针；重的，还要打别的。", "不懂问医生。"] == texts
