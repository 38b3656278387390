"""Case numbers, as given and as typed."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from xiaoxiao.desk.case_numbers import case_number, day_of, read_number


@pytest.mark.parametrize(
    "typed",
    [
        "YJ20261123-0042",
        "yj20261123-42",
        "20261123-0042",
        "20261123 42",
        "我的件YJ20261123-0042到哪了",
        "\uff39\uff2a20261123\uff0d\uff10\uff10\uff14\uff12",
        "YJ 20261123 - 0042",
        "YJ202611230042",
        "YJ20261123—0042",
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert "YJ20261123-0042" == read_number(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "42", "13800138000", "YJ2026", "2026年11月23日", "YJ-0042", "20261123456789012345", "20269923-1"],
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert None is read_number(typed)


def test_a_very_long_text_is_read_quickly_and_a_busy_day_has_room() -> None:
    assert None is read_number("2" * 1_000_000)
    assert "YJ20261123-12345" == read_number(case_number("20261123", 12345))


def test_the_day_begins_at_midnight_in_china() -> None:
    assert "20261124" == day_of(datetime(2026, 11, 23, 16, tzinfo=timezone.utc))
