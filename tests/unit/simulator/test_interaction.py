"""The quota of customer-service messages: 5 in 48 h after a message, 3 in a minute after the other acts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.simulator.conftest import Caller
from tests.unit.simulator.office import Office, says
from xiaoxiao.clock import SettableClock
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.dialog import Turn
from xiaoxiao.simulator.platform import Platform
from xiaoxiao.simulator.push import Field

Build = Callable[..., tuple[Platform, Office]]


async def offer(fields: dict[str, str]) -> list[Field]:
    return says('<a href="weixin://bizmsgmenu?msgmenucontent=甲&msgmenuid=1">甲</a>')


async def test_nothing_may_be_sent_before_she_has_done_anything(build: Build) -> None:
    platform, _ = build()
    assert 45015 == await Caller(platform).says(platform.citizen("小王"))


async def test_a_message_allows_five_and_the_passive_reply_does_not_count(build: Build) -> None:
    platform, _ = build()
    citizen, caller = platform.citizen("小王"), Caller(platform)
    await citizen.says("你好").sees("你好")
    assert [0, 0, 0, 0, 0, 45047] == [await caller.says(citizen) for _ in range(6)]


async def test_the_next_message_opens_a_new_window(build: Build) -> None:
    platform, _ = build()
    citizen, caller = platform.citizen("小王"), Caller(platform)
    await citizen.says("一")
    assert [0] * 5 == [await caller.says(citizen) for _ in range(5)]
    await citizen.says("二")
    assert 0 == await caller.says(citizen)


async def test_the_window_of_a_message_closes_after_48_hours(build: Build, clock: SettableClock) -> None:
    platform, _ = build()
    citizen = platform.citizen("小王")
    await citizen.says("你好")
    clock.advance(hours=48, seconds=-1)
    assert 0 == await Caller(platform).says(citizen)
    clock.advance(seconds=1)
    assert 45015 == await Caller(platform).says(citizen)


ACTS: dict[str, Callable[[Citizen], Turn]] = {
    "click": lambda c: c.clicks("常识"),
    "scancode": lambda c: c.clicks("扫码", scanned="x"),
    "follow": lambda c: c.follows(),
    "scan": lambda c: c.scans("shelter"),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
async def test_other_acts_allow_three_within_a_minute(
    build: Build, clock: SettableClock, act: Callable[[Citizen], Turn]
) -> None:
    platform, _ = build()
    citizen, caller = platform.citizen("小王"), Caller(platform)
    await act(citizen)
    assert [0, 0, 0, 45047] == [await caller.says(citizen) for _ in range(4)]
    clock.advance(seconds=60)
    assert 45015 == await caller.says(citizen)


async def test_a_tap_on_a_menu_message_counts_as_a_click(build: Build) -> None:
    platform, _ = build(offer)
    citizen, caller = platform.citizen("小王"), Caller(platform)
    await citizen.clicks("常识").sees("甲")
    await citizen.taps("甲")
    assert [0, 0, 0, 45047] == [await caller.says(citizen) for _ in range(4)]


@pytest.mark.parametrize("name", ["官网", "海报"])
async def test_entries_without_a_click_allow_nothing(build: Build, name: str) -> None:
    platform, _ = build()
    citizen = platform.citizen("小王")
    await citizen.clicks(name)
    await citizen.enters(31.2, 121.4)
    assert 45015 == await Caller(platform).says(citizen)


async def test_a_click_does_not_take_from_the_window_of_a_message(build: Build, clock: SettableClock) -> None:
    platform, _ = build()
    citizen, caller = platform.citizen("小王"), Caller(platform)
    await citizen.says("你好")
    await citizen.clicks("常识")
    assert [0] * 8 + [45047] == [await caller.says(citizen) for _ in range(9)]


async def test_who_left_can_be_sent_nothing(build: Build) -> None:
    platform, _ = build()
    citizen = platform.citizen("小王")
    await citizen.says("你好")
    await citizen.unfollows()
    assert 43004 == await Caller(platform).says(citizen)
    await citizen.follows()
    assert 0 == await Caller(platform).says(citizen)
