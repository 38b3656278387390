from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.cards import Card, load_card
from xiaoxiao.knowledge.facts import Facts, against
from xiaoxiao.knowledge.statements import statements_of

CARD = load_card(Path(__file__).parents[2] / "fixtures/knowledge/basics/nosebleed.md")
HEAD = "fact,about,said,values,source\n"
BURN = "烧烫伤冲水,烧|烫|!化学,冲…#分钟,20,指南\n"


def card(title: str, *steps: str, donts: tuple[str, ...] = (), background: str = "") -> Card:
    return replace(
        CARD, id="one", title=title, lead="先这样做。", steps=steps, donts=donts, background=background
    )


def problems(table: str, found: Card) -> list[str]:
    return [finding.problem for finding in against(Facts.read(HEAD + table), statements_of(found))]


def test_another_number_than_agreed_is_found_and_the_agreed_one_named() -> None:
    (problem,) = problems(BURN, card("油锅", "手烫了，用凉水冲十分钟。"))
    assert "十分钟" in problem
    assert "约定是 20分钟" in problem


def test_a_sentence_of_another_matter_is_left_alone() -> None:
    assert [] == problems(BURN, card("化学品烧伤", "冲30分钟。"))
    assert [] == problems(BURN, card("诺如病毒", "冲10分钟再洗。"))


def test_the_title_tells_what_a_step_is_about() -> None:
    assert problems(BURN, card("烫伤怎么办", "冲：对着伤处冲10分钟。"))


@pytest.mark.parametrize("said", ["冲20分钟。", "冲约二十分钟。", "冲至少20分钟，再去医院。"])
def test_the_agreed_number_may_be_written_in_any_way(said: str) -> None:
    assert [] == problems(BURN, card("烫伤", said))


def test_the_number_nearest_to_the_word_counts() -> None:
    assert [] == problems(BURN, card("烫伤", "冲20分钟，30分钟后还疼就去医院。"))


def test_what_others_say_is_no_advice() -> None:
    assert [] == problems(BURN, card("烫伤", background="以前教冲10分钟。"))


def test_what_must_not_be_done_may_only_be_advised_against() -> None:
    table = "催吐,,催吐,不要,毒物中心\n"
    assert problems(table, card("误服", "先催吐，再去医院。"))
    assert [] == problems(table, card("误服", "不催吐，等120。", donts=("自己催吐。",)))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("甲,,冲#分钟,20\n", "五列"),
        ("甲,,冲水,20,指南\n", "#"),
        ("甲,,冲#分钟|泡#小时,20,指南\n", "同一个单位"),
        ("甲,,冲#分钟,很久,指南\n", "values"),
        ("甲,,冲#分钟,不要,指南\n", "不写 #"),
        ("甲,,冲#分钟,20,指南\n甲,,泡#分钟,20,指南\n", "写了两次"),
    ],
)
def test_a_bad_row_is_refused_with_what_to_change(row: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        Facts.read(HEAD + row)


def test_a_table_with_another_head_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="表头"):
        Facts.read("fact,values\n")
