from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.simulator.conftest import Caller
from tests.unit.simulator.office import Office
from xiaoxiao.clock import SettableClock
from xiaoxiao.simulator.platform import Platform

Build = Callable[..., tuple[Platform, Office]]


def keys(platform: Platform, **changes: Any) -> dict[str, Any]:
    account = platform.account
    return {"grant_type": "client_credential", "appid": account.app_id, "secret": account.secret, **changes}


async def stable(platform: Platform, **changes: Any) -> dict[str, Any]:
    return await Caller(platform).post("stable_token", keys(platform, **changes))


async def works(platform: Platform, token: str) -> int:
    caller = Caller(platform)
    caller.token = token
    return int((await caller.get("getcallbackip")).get("errcode", 0))


async def test_the_stable_token_stays_the_same_until_its_last_five_minutes(
    build: Build, clock: SettableClock
) -> None:
    platform, _ = build()
    first = await stable(platform)
    assert 7200 == first["expires_in"]
    clock.advance(seconds=6_899)
    assert first["access_token"] == (await stable(platform))["access_token"]
    clock.advance(seconds=1)
    second = await stable(platform)
    assert first["access_token"] != second["access_token"]
    assert [0, 0] == [await works(platform, t["access_token"]) for t in (first, second)]


async def test_a_forced_refresh_ends_the_old_token_and_is_rationed(
    build: Build, clock: SettableClock
) -> None:
    platform, _ = build()
    first = await stable(platform)
    assert "access_token" in await stable(platform, force_refresh=True)
    assert 42001 == await works(platform, first["access_token"])
    assert 45011 == (await stable(platform, force_refresh=True))["errcode"]
    for _ in range(19):
        clock.advance(seconds=30)
        assert "access_token" in await stable(platform, force_refresh=True)
    clock.advance(seconds=30)
    assert 45009 == (await stable(platform, force_refresh=True))["errcode"]


async def test_a_classic_token_replaces_the_former_after_five_minutes(
    build: Build, clock: SettableClock
) -> None:
    platform, _ = build()
    caller = Caller(platform)
    first, second = [await caller.get("token", **keys(platform)) for _ in range(2)]
    assert [0, 0] == [await works(platform, t["access_token"]) for t in (first, second)]
    clock.advance(minutes=5)
    assert [42001, 0] == [await works(platform, t["access_token"]) for t in (first, second)]


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"grant_type": "x"}, 40002),
        ({"appid": "wx0"}, 40013),
        ({"appid": ""}, 41002),
        ({"secret": "x"}, 40125),
        ({"secret": ""}, 41004),
    ],
)
async def test_wrong_credentials_are_named(build: Build, change: dict[str, str], errcode: int) -> None:
    assert errcode == (await stable(build()[0], **change))["errcode"]


async def test_calls_without_a_valid_token_are_refused(build: Build, clock: SettableClock) -> None:
    platform, _ = build()
    assert [41001, 40001] == [await works(platform, token) for token in ("", "invented")]
    token = (await stable(platform))["access_token"]
    clock.advance(seconds=7_200)
    assert 42001 == await works(platform, token)
    token = (await stable(platform))["access_token"]
    platform.api.tokens.revoke()
    assert 40001 == await works(platform, token)


async def test_secrets_do_not_show_in_the_trace(build: Build) -> None:
    platform, _ = build()
    token = (await stable(platform))["access_token"]
    await works(platform, token)
    shown = repr(platform.trace.of(""))
    assert platform.account.secret not in shown
    assert token not in shown
