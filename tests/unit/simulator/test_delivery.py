"""The way of a push: three deliveries, the reply, and what the citizen sees when there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.unit.simulator.office import Office, says
from xiaoxiao.clock import SettableClock
from xiaoxiao.simulator.account import Mode
from xiaoxiao.simulator.bubbles import Side
from xiaoxiao.simulator.platform import SERVICE_UNAVAILABLE, Platform
from xiaoxiao.simulator.push import Field
from xiaoxiao.simulator.webhook import Response

Build = Callable[..., tuple[Platform, Office]]


async def hang(fields: dict[str, str]) -> list[Field] | Response | None:
    await asyncio.Event().wait()
    return None


def failing(times: int, failure: Exception | Response) -> Callable[[dict[str, str]], object]:
    """A script that fails so often, then answers."""
    left = [times]

    async def script(fields: dict[str, str]) -> list[Field] | Response | None:
        left[0] -= 1
        if left[0] < 0:
            return says("好了")
        if isinstance(failure, Exception):
            raise failure
        return failure

    return script


@pytest.mark.parametrize("mode", list(Mode))
async def test_she_sees_the_passive_reply_in_every_mode(build: Build, mode: Mode) -> None:
    platform, _ = build(mode=mode)
    assert (await platform.citizen("小王").says("你好")).text == "你好"


async def test_success_is_silence(build: Build) -> None:
    async def silent(fields: dict[str, str]) -> None:
        return None

    platform, _ = build(silent)
    await platform.citizen("小王").says("你好").sees_nothing()


async def test_a_server_that_does_not_answer_gets_the_same_message_three_times(build: Build) -> None:
    platform, office = build(hang)
    seen = await platform.citizen("小王").says("着火了")
    assert [SERVICE_UNAVAILABLE] == [b.text for b in seen]
    assert seen[0].side is Side.NOTICE
    assert len(office.received) == 3
    assert len({f["MsgId"] for f in office.received}) == 1
    assert len(set(office.bodies)) == 1


async def test_repeated_deliveries_are_signed_anew_when_told_so(build: Build) -> None:
    platform, office = build(hang, fresh_signatures=True)
    await platform.citizen("小王").says("着火了")
    assert len({q["nonce"] for q in office.queries}) == 3
    assert len({f["MsgId"] for f in office.received}) == 1


@pytest.mark.parametrize("failure", [RuntimeError("bug"), ConnectionResetError(), Response(502, b"")])
async def test_a_failed_delivery_is_repeated_after_a_pause(
    build: Build, pauses: list[float], failure: Exception | Response
) -> None:
    platform, office = build(failing(2, failure))
    await platform.citizen("小王").says("你好").sees("好了")
    assert len(office.received) == 3
    assert pauses == [1.0, 1.0]


async def test_a_refusal_is_not_repeated(build: Build) -> None:
    platform, office = build(failing(9, Response(403, b"")))
    await platform.citizen("小王").says("你好").sees(SERVICE_UNAVAILABLE)
    assert len(office.received) == 1


@pytest.mark.parametrize("body", [b'{"text": "hi"}', b"<xml>", b"ok", b"<xml><MsgType>text</MsgType></xml>"])
async def test_an_answer_the_platform_cannot_read_is_shown_as_unavailable(build: Build, body: bytes) -> None:
    platform, _ = build(failing(1, Response(200, body)), mode=Mode.PLAIN)
    await platform.citizen("小王").says("你好").sees(SERVICE_UNAVAILABLE)


async def test_events_without_a_screen_fail_in_silence(build: Build) -> None:
    platform, _ = build(hang)
    await platform.citizen("小王").enters(31.2, 121.4).sees_nothing()


async def test_two_messages_under_way_do_not_disturb_each_other(build: Build) -> None:
    both = asyncio.Event()

    async def script(fields: dict[str, str]) -> list[Field]:
        if fields["Content"] == "二":
            both.set()
        await both.wait()
        return says(fields["Content"])

    platform, _ = build(script)
    citizen = platform.citizen("小王")
    await asyncio.gather(citizen.says("一"), citizen.says("二"))
    assert {"一", "二"} == {b.text for b in citizen.seen_since(0)}


async def test_the_echo_of_the_url_verification_is_checked(build: Build) -> None:
    platform, _ = build()
    assert await platform.verify()


async def test_a_server_with_another_token_fails_the_verification(build: Build) -> None:
    platform, office = build()
    office.account = build(token="another")[1].account
    assert not await platform.verify()


async def test_every_delivery_is_traced_before_and_after_encryption(build: Build) -> None:
    platform, office = build(failing(1, Response(500, b"")))
    citizen = platform.citizen("小王")
    await citizen.says("你好")
    first, second = platform.trace.pushes(citizen.openid)
    assert (1, 500, 2, 200) == (first.attempt, first.status, second.attempt, second.status)
    assert "<Content><![CDATA[你好]]></Content>" in first.plain
    assert office.bodies[0].decode() == first.sent
    assert "好了" in second.answer_plain
    assert "好了" not in second.answer


async def test_her_bubble_and_the_reply_name_their_trace_entry(build: Build) -> None:
    platform, _ = build()
    citizen = platform.citizen("小王")
    await citizen.says("你好")
    exchange = platform.trace.pushes(citizen.openid)[0].id
    assert [exchange, exchange] == [b.exchange for b in citizen.bubbles]


async def test_message_ids_are_never_repeated_after_a_restart(build: Build, clock: SettableClock) -> None:
    before, _ = build()
    last = [before.number() for _ in range(500)][-1]
    clock.advance(seconds=1)
    after, _ = build()
    assert after.number() > last
