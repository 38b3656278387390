from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.knowledge.cards import Cards, load_cards
from xiaoxiao.knowledge.contradictions import contradictions
from xiaoxiao.knowledge.facts import Facts
from xiaoxiao.safety.answers import Answers

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests/fixtures/contradictions"
HEAD = "fact,about,said,values,source\n"


@pytest.fixture(scope="module")
def two() -> Cards:
    """冰面救人 and 落水救人: one throws a rope from 5 metres and forbids what the other tells to do."""
    return load_cards(FIXTURES)


def problems(cards: Cards, table: str = "") -> list[str]:
    return [str(finding) for finding in contradictions(cards.values(), Facts.read(HEAD + table))]


def test_two_cards_with_other_numbers_for_the_same_are_found(two: Cards) -> None:
    (found,) = (p for p in problems(two) if "写的是" in p)
    assert found.startswith("fell_in:")
    assert "3米" in found
    assert "thin_ice" in found
    assert "8米" in found


def test_a_card_that_does_what_another_forbids_is_found(two: Cards) -> None:
    (found,) = (p for p in problems(two) if "说不要" in p)
    assert "thin_ice" in found
    assert "fell_in" in found
    assert "手拉手下水" in found


def test_what_is_told_as_a_condition_is_no_advice(two: Cards) -> None:
    """已经站到冰面边缘的：慢慢趴下: nobody tells to stand there."""
    assert not [p for p in problems(two) if "冰面边缘" in p]


def test_a_pair_agreed_on_is_not_listed_again(two: Cards) -> None:
    agreed = "岸上离多远,,岸边至少#米,3|8,水上与冰面不同\n手拉手,,手拉手,都对,场景不同\n"
    assert [] == problems(two, agreed)


def test_agreeing_on_one_of_two_numbers_settles_nothing(two: Cards) -> None:
    assert [p for p in problems(two, "岸上离多远,冰,岸边至少#米,8,冰面\n") if "3米" in p]


def test_a_fixed_answer_may_not_contradict_a_card(two: Cards) -> None:
    other = ("data/safety/drowning.md", "抛绳子：站在岸边9米外抛给落水的人。", two["fell_in"])
    found = [str(f) for f in contradictions([two["fell_in"]], Facts(), [other])]
    assert [p for p in found if "9米" in p and "data/safety/drowning.md" in p]


def test_the_shipped_cards_and_fixed_answers_agree() -> None:
    cards = load_cards(ROOT / "data/knowledge")
    facts = Facts.load(ROOT / "data/lexicon/facts.csv")
    fixed = Answers.load(ROOT / "data/safety").all.values()
    others = [(f"{answer.kind}_{answer.variant}", answer.body, cards[answer.card]) for answer in fixed]
    assert [] == [str(finding) for finding in contradictions(cards.values(), facts, others)]


def test_every_agreed_fact_is_said_somewhere() -> None:
    """A row that no sentence matches guards nothing: a typo, or a fact that is gone."""
    from xiaoxiao.knowledge.quantities import quantities
    from xiaoxiao.knowledge.statements import all_statements

    facts = Facts.load(ROOT / "data/lexicon/facts.csv")
    spoken = {
        fact.name
        for statement in all_statements(load_cards(ROOT / "data/knowledge").values())
        for quantity in quantities(statement.text)
        for fact in facts.about(statement, quantity)
    }
    only_fixed = {"按压一秒几下"}  # the cards say 每分钟
    assert only_fixed == {fact.name for fact in facts.facts if not fact.act} - spoken
