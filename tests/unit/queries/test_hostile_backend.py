"""A back end that is slow, down, wrong or hostile: a typed error in time, and nothing of it reaches a citizen."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from xiaoxiao.clock import SettableClock
from xiaoxiao.queries.assembly import own, with_backend
from xiaoxiao.queries.backend import BODY_MAX_BYTES, Address, Backend
from xiaoxiao.queries.errors import (
    BadAnswer,
    NoData,
    NotFound,
    OwnerUnproven,
    QueryRefused,
    QueryUnavailable,
)
from xiaoxiao.queries.offered import Queries
from xiaoxiao.queries.plate_types import PlateType
from xiaoxiao.queries.plates import parse_plate
from xiaoxiao.queries.positions import Position
from xiaoxiao.queries.records import MemoryRecords
from xiaoxiao.queries.tries import MemoryTries
from xiaoxiao.queries.violations import OwnerClaim
from xiaoxiao.settings import Secret

NOW = datetime(2026, 11, 24, 2, tzinfo=timezone.utc)
CODE = "31010212345678901234"
ORIGIN = {"source": "示例市应急管理局", "as_of": "2026-11-24T10:00:00+08:00", "is_sample": False}
NEWS = {"id": "1", "title": "要闻", "issuer": "示例市应急管理局", "published_at": "2026-11-24T09:00:00+08:00"}
ALERT = {"id": "1", "title": "暴雨橙色预警", "issuer": "气象台", "issued_at": "2026-11-24T09:00:00+08:00"}
VIOLATION = {
    "at": "2026-11-02T08:15:00+08:00",
    "place": "人民路",
    "act": "闯红灯",
    "points": 6,
    "fine_yuan": 200,
    "processed": False,
    "authority": "交警支队",
}

Handler = Callable[[httpx.Request], Any]


class Hostile(httpx.AsyncBaseTransport):
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self, *answers: Handler) -> None:
        self.asked: list[httpx.Request] = []
        self._answers = answers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers[min(len(self.asked), len(self._answers)) - 1](request)
        if asyncio.iscoroutine(answer):
            answer = await answer
        assert isinstance(answer, httpx.Response)
        return answer


def says(content: Any, status: int = 200) -> Handler:
    return lambda _: httpx.Response(status, json=content)


def raises(problem: Exception) -> Handler:
    def answer(_: httpx.Request) -> httpx.Response:
        raise problem

    return answer


def items(*rows: Any, **also: Any) -> Handler:
    return says({**ORIGIN, **also, "items": list(rows)})


def asking(
    transport: Hostile, clock: SettableClock | None = None, *, seconds: float = 3, keep: int = 0
) -> Queries:
    clock = clock or SettableClock(NOW)
    address = Address(
        "https://data.example.gov.cn/v1", Secret("0123456789abcdef"), timedelta(seconds=seconds)
    )
    backend = Backend(address, clock, transport=transport, pause_seconds=0)
    bare = own(MemoryRecords(), MemoryTries(), clock).queries
    kept = {"news": timedelta(seconds=keep), "violations": timedelta(0)}
    return with_backend(bare, backend, MemoryTries(), clock, kinds=frozenset(), keep=kept, samples=False)


def claim() -> OwnerClaim:
    plate = parse_plate("沪A12345")
    assert plate is not None
    return OwnerClaim(plate, PlateType.SMALL, "123456")


def vehicle(*rows: Any, plate: str = "沪A12345") -> Handler:
    return items(*rows, plate=plate, plate_type="02")


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


# --- wrong answers


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(200, html="<html>请登录</html>"),
        lambda _: httpx.Response(200, content=b"{}"),
        lambda _: httpx.Response(200, headers={"content-type": "application/json"}, content=b"{"),
        lambda _: httpx.Response(
            200, headers={"content-type": "application/json"}, content="要闻".encode("gbk")
        ),
        lambda _: httpx.Response(200, headers={"content-type": "application/json"}, content=b"[" * 100_000),
        lambda _: httpx.Response(
            200, headers={"content-type": "application/json"}, content=b" " * (BODY_MAX_BYTES + 1)
        ),
        lambda _: httpx.Response(
            200, headers={"content-type": "application/json", "content-encoding": "gzip"}, content=b""
        ),
        says(None),
        says([]),
        says({}),
        says({"items": []}),
        says({**ORIGIN, "items": {}}),
        says({**ORIGIN, "items": ["要闻"]}),
        says({**ORIGIN, "as_of": "昨天", "items": []}),
        says({**ORIGIN, "source": "局" * 81, "items": []}),
        says({**ORIGIN, "items": [NEWS] * 501}),
        items({**NEWS, "title": "要" * 201}),
        items({**NEWS, "title": "<script></script>"}),
        items({**NEWS, "published_at": 1}),
        items({**NEWS, "published_at": "0001-01-01T00:00:00Z"}),
        items({**NEWS, "title": {"a": 1}}),
        items({**NEWS, "title": None}),
        items({}),
    ],
)
async def test_what_breaks_the_contract_is_a_bad_answer(answer: Handler) -> None:
    with pytest.raises(BadAnswer):
        await asking(Hostile(answer)).news.latest()


async def test_markup_and_invisible_characters_are_taken_out() -> None:
    title = '要\u0000闻\u202e<a href="https://evil.example">点\u200b我</a><<b>b>'
    found = await asking(
        Hostile(items({**NEWS, "title": title, "link": "javascript:alert(1)"}))
    ).news.latest()
    assert [("要闻点我", None)] == [(item.title, item.link) for item in found.items]


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "//evil.example", "https://user@evil.example", 'https://a"b', 7, "x" * 600],
)
async def test_a_doubtful_link_is_left_out(link: Any) -> None:
    found = await asking(Hostile(items({**NEWS, "link": link}))).news.latest()
    assert [None] == [item.link for item in found.items]


async def test_one_bad_record_hides_no_good_one_but_is_said_to_be_missing() -> None:
    found = await asking(Hostile(items(ALERT, {**ALERT, "issuer": ""}))).alerts.in_force()
    assert (["暴雨橙色预警"], True) == ([alert.title for alert in found.items], found.incomplete)


async def test_an_alert_with_fields_missing_is_passed_on_all_the_same() -> None:
    (alert,) = (await asking(Hostile(items({**ALERT, "level": "violet"}))).alerts.in_force()).items
    assert (None, None, None) == (alert.level, alert.area, alert.measures)


async def test_an_alert_that_has_ended_is_left_out_and_the_most_severe_comes_first() -> None:
    ended = {**ALERT, "ends_at": "2026-11-24T09:30:00+08:00"}
    rows = ({**ALERT, "id": "2", "level": "blue"}, ended, {**ALERT, "id": "3", "level": "red"})
    found = await asking(Hostile(items(*rows))).alerts.in_force()
    assert ["3", "2"] == [alert.id for alert in found.items]


async def test_samples_of_a_back_end_are_no_data_where_citizens_ask() -> None:
    with pytest.raises(NoData):
        await asking(Hostile(items(NEWS, is_sample=True))).news.latest()
    with pytest.raises(NoData):
        await asking(
            Hostile(items(VIOLATION, is_sample=True, plate="沪A12345", plate_type="02"))
        ).violations.look_up(claim(), contact="o1")


async def test_deeply_nested_markup_costs_no_time() -> None:
    title = "<a" * 400 + ">" * 400
    with pytest.raises(BadAnswer):
        await asking(Hostile(items({**NEWS, "title": title}))).news.latest()


# --- violations


async def test_the_records_of_the_vehicle_asked_about() -> None:
    found = await asking(Hostile(vehicle(VIOLATION))).violations.look_up(claim(), contact="o1")
    assert [(6, "人民路")] == [(record.points, record.place) for record in found.items]


@pytest.mark.parametrize(
    "answer",
    [
        vehicle(VIOLATION, plate="沪A54321"),
        items(VIOLATION),
        vehicle(VIOLATION, {**VIOLATION, "points": 99}),
        vehicle({**VIOLATION, "fine_yuan": "很多"}),
        vehicle("人民路"),
    ],
)
async def test_another_vehicle_and_half_a_list_are_refused(answer: Handler) -> None:
    with pytest.raises(BadAnswer):
        await asking(Hostile(answer)).violations.look_up(claim(), contact="o1")


async def test_other_peoples_plates_in_a_record_are_masked() -> None:
    record = {**VIOLATION, "place": "人民路,与沪B54321和粤B12345F并排", "act": "沪A12345闯红灯"}
    (found,) = (await asking(Hostile(vehicle(record))).violations.look_up(claim(), contact="o1")).items
    assert ("人民路,与沪B·**321和粤B·***45F并排", "沪A·**345闯红灯") == (found.place, found.act)


@pytest.mark.parametrize("answer", [says({}, 500), says({}, 401), vehicle(VIOLATION, plate="沪A54321")])
async def test_neither_log_nor_error_names_the_vehicle(
    answer: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Exception) as problem:  # noqa: PT011 - which one is tested above
        await asking(Hostile(answer)).violations.look_up(claim(), contact="o1")
    written = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("xiaoxiao"))
    for secret in ("A12345", "123456", "54321"):
        assert secret not in written + repr(problem.value) + repr(claim())


async def test_a_failure_of_ours_is_no_wrong_try() -> None:
    transport = Hostile(says({}, 500), says({}, 500), says({}, 500), says({}, 500), vehicle(VIOLATION))
    queries = asking(transport)
    for _ in range(4):
        with pytest.raises(QueryUnavailable):
            await queries.violations.look_up(claim(), contact="o1")
    assert await queries.violations.look_up(claim(), contact="o1")


async def test_the_answer_to_a_claim_is_never_kept() -> None:
    transport = Hostile(vehicle(VIOLATION))
    queries = asking(transport, keep=300)
    for _ in range(2):
        await queries.violations.look_up(claim(), contact="o1")
    assert 2 == len(transport.asked)


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
