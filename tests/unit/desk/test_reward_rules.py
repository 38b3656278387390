"""Amounts by the rules of 2018."""

from __future__ import annotations

import pytest

from xiaoxiao.desk.reward_rules import by_local_rules, for_concealed, for_hazard
from xiaoxiao.errors import InvalidRequest

YUAN = 100


@pytest.mark.parametrize(
    ("amount", "penalty"),
    [
        (3_000, 0),
        (3_000, 20_000),
        (7_500, 50_000),
        (300_000, 2_000_000),
        (300_000, 10**12),
        (15_001, 100_010),
    ],
)
def test_fifteen_percent_between_three_thousand_and_three_hundred_thousand(amount: int, penalty: int) -> None:
    assert amount * YUAN == for_hazard(penalty * YUAN).amount


@pytest.mark.parametrize(
    ("amount", "grade", "persons"),
    [
        (30_000, "一般", 1),
        (80_000, "较大", 2),
        (150_000, "重大", 3),
        (300_000, "特别重大", 5),
        (300_000, "一般", 100),
    ],
)
def test_for_each_person_an_accident_hid(amount: int, grade: str, persons: int) -> None:
    assert amount * YUAN == for_concealed(grade, persons).amount


def test_what_the_rules_do_not_know_is_refused() -> None:
    for wrong in (
        lambda: for_hazard(-1),
        lambda: for_concealed("很大", 1),
        lambda: for_concealed("一般", 0),
        lambda: by_local_rules(500 * YUAN, " "),
        lambda: by_local_rules(0, "某办法"),
        lambda: by_local_rules(300_001 * YUAN, "某办法"),
    ):
        with pytest.raises(InvalidRequest):
            wrong()
