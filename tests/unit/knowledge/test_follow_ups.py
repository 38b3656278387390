from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.follow_ups import FollowUps, Form, Leaning

LIST = Path(__file__).parents[3] / "data/lexicon/follow_ups.csv"
FORMS = FollowUps.read(LIST.read_text(encoding="utf-8"))


def leaning(text: str) -> Leaning:
    found = FORMS.leaning(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("那老人呢？", "老人"),
        ("小孩呢", "小孩"),
        ("那寶寶呢", "婴儿"),
        ("孕妇能用吗", "孕妇"),
        ("然后呢?", "更多"),
        ("接下来呢", "更多"),
        ("还有呢", "更多"),
        ("详细点", "更多"),
        ("多久？", "多久"),
        ("要多长时间", "多久"),
        ("为什么？", "为什么"),
        ("为啥不能", "为什么"),
        ("要去医院吗", "医院"),
        ("打哪个电话", "电话"),
    ],
)
def test_a_kind_of_the_list_and_nothing_else_is_a_fixed_form(text: str, kind: str) -> None:
    found = leaning(text)
    assert (Form.FIXED, (kind,), "") == (found.form, found.kinds, found.content)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("那狗呢", "狗"),
        ("那要是没有湿毛巾呢", "没有湿毛巾"),
        ("在车里呢", "在车里"),
        ("那在外面呢", "在外面"),
        ("那湿毛巾可以吗", "湿毛巾"),
    ],
)
def test_something_named_of_which_nothing_is_said_leans(text: str, content: str) -> None:
    assert (Form.NOUN, content) == (leaning(text).form, leaning(text).content)


@pytest.mark.parametrize("text", ["要冲多久", "孕妇能打吗"])
def test_a_single_character_beside_a_kind_names_no_subject(text: str) -> None:
    assert Form.FIXED is leaning(text).form
    assert Form.FIXED is not leaning("台风多久走").form


@pytest.mark.parametrize(("text", "swaps"), [("小孩呢", True), ("那老人可以吗", True), ("多久", False)])
def test_what_takes_the_place_of_something_may_be_another_cards(text: str, swaps: bool) -> None:
    assert swaps is leaning(text).swaps


@pytest.mark.parametrize("text", ["后来肿了咋办", "能喝水吗", "那台风来了怎么办", "怎么报名呢"])
def test_a_question_may_lean_but_need_not(text: str) -> None:
    assert Form.QUESTION is leaning(text).form


def test_a_few_words_are_a_statement() -> None:
    assert Form.STATEMENT is leaning("起泡了").form


@pytest.mark.parametrize(
    "text", ["你呢", "你多大了", "", "。。。", "我家住在十八楼现在楼下着火了该往上跑还是往下跑"]
)
def test_what_says_nothing_or_enough_or_is_about_herself_does_not_lean(text: str) -> None:
    assert None is FORMS.leaning(text)


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ("type,said\n", "表头"),
        ("kind,said,passages\n多久,多久\n", "第 2 行"),
        ("kind,said,passages\n多久,多久,#天\n\n多久,几天,#天\n", "第 4 行"),
        ("kind,said,passages\n多久,多久,@时间\n", "@时间"),
        ("kind,said,passages\n@别的,多久,\n", "@别的"),
    ],
)
def test_a_wrong_line_is_named(lines: str, named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        FollowUps.read(lines)


def test_a_table_saved_by_a_spreadsheet_is_read() -> None:
    forms = FollowUps.read("\ufeffkind,said,passages\r\n多久,多久,#天|马上\r\n,,\r\n")
    assert ("#天", "马上") == forms.kinds[0].passages
