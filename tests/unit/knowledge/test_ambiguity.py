from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.ambiguity import Ambiguous, bare
from xiaoxiao.knowledge.cards import load_cards

ROOT = Path(__file__).parents[3]
TABLE = "word,labels\n中毒,faq/a|faq/b\n被咬,faq/c|query_alert\n"
WORDS = Ambiguous.read(TABLE)


@pytest.mark.parametrize("text", ["中毒", "中毒了", "中毒了怎么办？", "我家里中毒了咋办", "中毒啊!!"])
def test_a_bare_word_is_asked_about_whatever_stands_around_it(text: str) -> None:
    assert ("faq/a", "faq/b") == WORDS.offered(text)


@pytest.mark.parametrize(
    "text", ["食物中毒", "中毒了吗", "中毒呢", "刚才中毒了", "中毒的人能喝水吗", "", "？"]
)
def test_a_word_that_is_told_more_of_is_not(text: str) -> None:
    assert () == WORDS.offered(text)


def test_a_word_that_is_all_filler_stays() -> None:
    assert "怎么办" == bare("怎么办")


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ("a,b\n", "表头"),
        ("word,labels\n中毒,faq/a\n", "第 2 行"),
        ("word,labels\n中毒,faq/a|faq/b|faq/c|x\n", "第 2 行"),
        ("word,labels\n中毒,faq/a|faq/b\n中毒了,faq/a|faq/b\n", "第 3 行"),
        ("word,labels\n中毒,faq/a|faq/gone\n", "第 2 行:没有 faq/gone"),
    ],
)
def test_a_wrong_line_is_named(lines: str, named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        Ambiguous.read(lines, known={"faq/a", "faq/b", "faq/c", "x"})


def test_every_choice_of_our_table_exists() -> None:
    cards = {f"faq/{card}" for card in load_cards(ROOT / "data/knowledge")}
    intents = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    text = (ROOT / "data/lexicon/ambiguous.csv").read_text(encoding="utf-8")
    assert Ambiguous.read(text, known=cards | set(intents)).choices
