"""Until when: hours that run on working days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoxiao.clock import CHINA
from xiaoxiao.desk.deadlines import OfficeHours

#: National Day 2026: off from Thursday 1 to Wednesday 7 October, Sunday 20 September and Saturday 10 October worked
HOURS = OfficeHours(
    frozenset({1, 2, 3, 4, 5}),
    time(9),
    time(17, 30),
    frozenset(date(2026, 10, day) for day in range(1, 8)),
    frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (at(11, 23, 10), 24, at(11, 24, 10)),  # Monday to Tuesday
        (at(11, 23, 10), 48, at(11, 25, 10)),
        (at(11, 27, 10), 24, at(11, 30, 10)),  # Friday to Monday
        (at(11, 27, 18), 24, at(12, 1, 9)),  # after hours it starts at the next opening
        (at(11, 28, 3), 24, at(12, 1, 9)),  # Saturday night
        (at(11, 23, 3), 24, at(11, 24, 9)),  # before opening
        (at(11, 23, 17, 30), 24, at(11, 25, 9)),  # closing time is closed
        (at(11, 23, 10), 12, at(11, 24, 9)),  # what would end at night ends in the morning
        (at(11, 23, 16, 30), 1, at(11, 23, 17, 30)),  # closing time is still in time
        (at(9, 30, 16), 24, at(10, 8, 16)),  # over National Day
        (at(10, 9, 16), 24, at(10, 10, 16)),  # a Saturday that is worked
    ],
)
def test_hours_run_on_working_days(start: datetime, hours: int, due: datetime) -> None:
    assert due == HOURS.after(start, timedelta(hours=hours))


@given(st.integers(0, 365 * 24 * 60), st.integers(1, 720))
def test_a_promise_is_never_shorter_than_said_and_ends_when_somebody_is_there(
    minutes: int, hours: int
) -> None:
    start = at(1, 1, 0) + timedelta(minutes=minutes)
    due = HOURS.after(start, timedelta(hours=hours))
    assert due - start >= timedelta(hours=hours)
    assert HOURS.attended(due) or HOURS.close == due.astimezone(CHINA).time()


def test_an_office_that_is_never_open_hangs_nobody() -> None:
    never = OfficeHours(frozenset(), time(9), time(17))
    assert never.after(at(11, 23, 10), timedelta(hours=24)) > at(11, 23, 10)
