from __future__ import annotations

import pytest

from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.queries.trace_codes import bar_code_valid, find_codes, nearly_codes

CODE = "31010212345678901234"


@pytest.mark.parametrize(
    "said",
    [
        CODE,
        f"查一下{CODE}谢谢",
        "3101 0212 3456 7890 1234",
        "3101-0212.3456·7890-1234",
        "3101021234\n5678901234",
        "三一零一零二一二三四五六七八九零一二三四",
        "３１０１０２１２３４５６７８９０１２３４",
    ],
)
def test_twenty_digits_however_said_or_spaced(said: str) -> None:
    assert [reading.code for reading in find_codes(normalise(said).text)] == [CODE]


@pytest.mark.parametrize("text", ["13812345678", "6901234567892", "110101199003070011", "A" + CODE])
def test_other_numbers_are_no_tracing_codes(text: str) -> None:
    assert find_codes(text) == []
    assert nearly_codes(text) == []


@pytest.mark.parametrize("text", [CODE[:-1], CODE + "5"])
def test_a_digit_too_few_or_too_many_is_said(text: str) -> None:
    assert [len(text)] == [len(reading.code) for reading in nearly_codes(text)]


def test_letters_that_look_like_digits_are_asked_back() -> None:
    (reading,) = nearly_codes("3101O212345678901234")
    assert reading.suggestion == CODE
    assert find_codes("3101O212345678901234") == []


def test_a_bar_code_checks_itself() -> None:
    assert bar_code_valid("6901234567892")
    assert not bar_code_valid("6901234567890")
