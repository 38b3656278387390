"""Wrong and malicious answers of a back end: a typed error, and nothing of it reaches a citizen."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest

from tests.unit.queries.hostile import (
    ALERT,
    NEWS,
    ORIGIN,
    VIOLATION,
    Handler,
    Hostile,
    asking,
    claim,
    items,
    says,
    vehicle,
)
from xiaoxiao.queries.backend import BODY_MAX_BYTES
from xiaoxiao.queries.errors import (
    BadAnswer,
    NoData,
    QueryUnavailable,
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
