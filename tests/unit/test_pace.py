from __future__ import annotations

from datetime import datetime, timedelta, timezone

from xiaoxiao.pace import Pace

NOW = datetime(2026, 11, 24, tzinfo=timezone.utc)


def test_no_more_than_allowed_in_a_minute_and_refusals_do_not_count() -> None:
    pace = Pace(2)
    given = [pace.allows("a", NOW + timedelta(seconds=s)) for s in (0, 30, 40, 60, 61, 62, 91)]
    assert [True, True, False, False, True, False, True] == given


def test_contacts_do_not_slow_each_other() -> None:
    pace = Pace(1)
    assert [True, True, False] == [pace.allows(contact, NOW) for contact in "aba"]


def test_zero_is_no_limit() -> None:
    pace = Pace(0)
    assert all(pace.allows("a", NOW) for _ in range(1000))


def test_only_so_many_contacts_are_remembered_the_latest_ones() -> None:
    pace = Pace(1, contacts=2)
    assert [True, True, True] == [pace.allows(contact, NOW) for contact in "abc"]
    assert [False, True] == [pace.allows("c", NOW), pace.allows("a", NOW)]
