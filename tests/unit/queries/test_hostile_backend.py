"""A back end that is slow, down, wrong or hostile: a typed error in time, and nothing of it reaches a citizen."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.unit.queries.hostile import (
    CODE,
    NEWS,
    NOW,
    ORIGIN,
    Handler,
    Hostile,
    asking,
    claim,
    items,
    raises,
    says,
    vehicle,
)
from xiaoxiao.clock import SettableClock
from xiaoxiao.queries.errors import (
    BadAnswer,
    NoData,
    NotFound,
    OwnerUnproven,
    QueryRefused,
    QueryUnavailable,
)
from xiaoxiao.queries.positions import Position

# --- down and slow


@pytest.mark.parametrize(
    "failure",
    [
        raises(httpx.ConnectError("refused")),
        raises(httpx.ReadTimeout("slow")),
        raises(httpx.RemoteProtocolError("half an answer")),
        says({}, 500),
        says({}, 503),
    ],
)
async def test_what_may_pass_is_tried_three_times_and_then_unavailable(failure: Handler) -> None:
    transport = Hostile(failure)
    with pytest.raises(QueryUnavailable):
        await asking(transport).news.latest()
    assert 3 == len(transport.asked)


async def test_a_second_attempt_may_succeed() -> None:
    transport = Hostile(says({}, 502), items(NEWS))
    assert ["要闻"] == [item.title for item in (await asking(transport).news.latest()).items]


async def test_a_claim_is_never_sent_twice() -> None:
    transport = Hostile(says({}, 503))
    with pytest.raises(QueryUnavailable):
        await asking(transport).violations.look_up(claim(), contact="o1")
    assert 1 == len(transport.asked)


async def test_the_whole_query_has_an_end_however_slow_each_part_is() -> None:
    never = asyncio.Event()

    async def wait(_: httpx.Request) -> httpx.Response:
        await never.wait()
        raise AssertionError

    with pytest.raises(QueryUnavailable):
        await asking(Hostile(wait), seconds=0.05).news.latest()


async def test_an_answer_that_never_ends_is_left() -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 10_000
            await asyncio.sleep(0)

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "application/json"}, content=drip())

    with pytest.raises(BadAnswer):
        await asking(Hostile(answer)).news.latest()


async def test_a_back_end_that_is_down_is_left_alone_for_half_a_minute() -> None:
    clock, transport = SettableClock(NOW), Hostile(says({}, 500))
    queries = asking(transport, clock)
    for _ in range(7):
        with pytest.raises(QueryUnavailable):
            await queries.news.latest()
    assert 5 * 3 == len(transport.asked)
    with pytest.raises(QueryUnavailable):
        await queries.alerts.in_force()
    assert 6 * 3 == len(transport.asked)  # another kind may well work
    clock.advance(seconds=31)
    with pytest.raises(QueryUnavailable):
        await queries.news.latest()
    with pytest.raises(QueryUnavailable):
        await queries.news.latest()
    assert 7 * 3 == len(transport.asked)  # one try, and closed again


async def test_refusals_do_not_open_the_circuit() -> None:
    transport = Hostile(says({"error": {"code": "no_data"}}, 404))
    queries = asking(transport)
    for _ in range(8):
        with pytest.raises(NoData):
            await queries.news.latest()
    assert 8 == len(transport.asked)


# --- refusals


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (400, {"error": {"code": "invalid_request"}}, QueryRefused),
        (401, {"error": {"code": "unauthorized"}}, QueryRefused),
        (403, {}, QueryRefused),
        (404, {"error": {"code": "no_data"}}, NoData),
        (404, {"error": {"code": "not_found"}}, NotFound),
        (404, {"error": "not_found"}, QueryRefused),
        (404, ["not_found"], QueryRefused),
        (404, {"error": {"code": "owner_unproven"}}, QueryRefused),
        (404, {"error": {"code": ["no_data"]}}, QueryRefused),
        (302, {}, QueryRefused),
        (201, {}, QueryRefused),
        (204, {}, QueryRefused),
        (429, {}, QueryUnavailable),
    ],
)
async def test_each_refusal_has_its_error_and_no_second_attempt(
    status: int, content: Any, error: type[Exception]
) -> None:
    transport = Hostile(says(content, status))
    with pytest.raises(error):
        await asking(transport).food_trace.trace(CODE)
    assert 1 == len(transport.asked)


async def test_an_unproven_owner_is_told_apart_from_a_wrong_token() -> None:
    with pytest.raises(OwnerUnproven):
        await asking(Hostile(says({"error": {"code": "owner_unproven"}}, 403))).violations.look_up(
            claim(), contact="o1"
        )


# --- what is sent, and how often


async def test_the_back_end_learns_only_roughly_where_she_is() -> None:
    transport = Hostile(items())
    await asking(transport).shelters.near(Position(31.234567, 121.456789))
    assert {"latitude": "31.23", "longitude": "121.46", "limit": "20"} == dict(transport.asked[0].url.params)


async def test_the_token_goes_along_and_the_claim_stands_in_no_address() -> None:
    transport = Hostile(vehicle())
    await asking(transport).violations.look_up(claim(), contact="o1")
    (request,) = transport.asked
    assert "Bearer 0123456789abcdef" == request.headers["authorization"]
    assert "https://data.example.gov.cn/v1/violations" == str(request.url)
    assert {"plate": "沪A12345", "plate_type": "02", "engine_tail": "123456"} == json.loads(request.content)


async def test_an_answer_is_kept_for_its_seconds_and_not_longer() -> None:
    clock, transport = SettableClock(NOW), Hostile(items(NEWS), items(), says({}, 500))
    queries = asking(transport, clock, keep=60)
    assert await queries.news.latest()
    clock.advance(seconds=59)
    assert await queries.news.latest()
    await queries.news.latest(limit=3)  # another question
    assert 2 == len(transport.asked)
    clock.advance(seconds=2)
    with pytest.raises(QueryUnavailable):  # nothing old is given for something new
        await queries.news.latest()


async def test_a_thousand_at_once_are_one_request() -> None:
    asked = asyncio.Event()

    async def answer(_: httpx.Request) -> httpx.Response:
        await asked.wait()
        return httpx.Response(200, json={**ORIGIN, "items": [NEWS]})

    transport = Hostile(answer)
    queries = asking(transport, keep=60)
    waiting = [asyncio.ensure_future(queries.news.latest()) for _ in range(1000)]
    await asyncio.sleep(0)
    waiting[0].cancel()  # who gives up takes nothing from the others
    asked.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert (1, 999) == (
        len(transport.asked),
        sum(bool(a) for a in answers if not isinstance(a, BaseException)),
    )


async def test_a_failure_nobody_waits_for_any_more_leaves_no_stack_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked, over = asyncio.Event(), asyncio.Event()

    async def answer(_: httpx.Request) -> httpx.Response:
        asked.set()
        await over.wait()
        return httpx.Response(429, json={})

    waiting = asyncio.ensure_future(asking(Hostile(answer), keep=60).news.latest())
    await asked.wait()
    waiting.cancel()
    over.set()
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})
    del waiting
    gc.collect()
    assert [] == [record.getMessage() for record in caplog.records if record.name == "asyncio"]
