from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from xiaoxiao.delivery import quotas
from xiaoxiao.store.conversation import Conversation, Status, Window

NOW = datetime(2026, 7, 1, tzinfo=timezone.utc)
HER = Conversation(1, "wechat", "wx1", "openid", Status.BOT, True, NOW, NOW)
WROTE = replace(HER, message_window_at=NOW)
CLICKED = replace(HER, click_window_at=NOW)


def test_who_never_acted_gets_nothing() -> None:
    assert (0, None) == (quotas.remaining(HER, NOW), quotas.window(HER, NOW))


@pytest.mark.parametrize(
    ("after", "left"), [(timedelta(0), 5), (timedelta(hours=48, seconds=-1), 5), (timedelta(hours=48), 0)]
)
def test_five_within_48_hours_of_a_message(after: timedelta, left: int) -> None:
    assert left == quotas.remaining(WROTE, NOW + after)


@pytest.mark.parametrize(("after", "left"), [(0, 3), (59, 3), (60, 0)])
def test_three_within_a_minute_of_a_click(after: int, left: int) -> None:
    assert left == quotas.remaining(CLICKED, NOW + timedelta(seconds=after))


def test_what_is_used_is_gone() -> None:
    assert 1 == quotas.remaining(replace(WROTE, message_window_used=4), NOW)
    assert 0 == quotas.remaining(replace(WROTE, message_window_used=9), NOW)


def test_the_window_that_closes_first_is_used_first() -> None:
    both = replace(WROTE, click_window_at=NOW)
    assert 8 == quotas.remaining(both, NOW)
    assert Window.CLICK is quotas.window(both, NOW)
    assert Window.MESSAGE is quotas.window(replace(both, click_window_used=3), NOW)
    assert Window.MESSAGE is quotas.window(both, NOW + timedelta(minutes=1))


def test_the_desk_sees_when_the_48_hours_end() -> None:
    assert NOW + timedelta(hours=48) == quotas.closes_at(WROTE)
    assert None is quotas.closes_at(CLICKED)
