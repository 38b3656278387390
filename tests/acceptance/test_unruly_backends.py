"""A back end that is slow, down, wrong or malicious, as citizens meet it: a sentence, a way forward, nothing lost."""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.acceptance.backend_office import (
    HERE,
    NOSEBLEED,
    QUERIES,
    Query,
    asked,
    backend_office,
    heard,
    opening,
)
from tests.acceptance.reporting_office import tap
from tests.acceptance.running_office import free_port
from tests.acceptance.sampled_office import GAS, opens
from tests.acceptance.scripted_office import Office
from tests.acceptance.unruly_backend import (
    Misdeed,
    Record,
    UnrulyBackend,
    drips,
    hangs,
    raw,
    redirects,
    says,
    sends,
    unruly_backend,
)
from xiaoxiao.simulator.citizen import Citizen

#: one of each kind; shelters also near a place that was sent
ASKED = tuple(query for query in QUERIES if query.opening != "社保去哪里办")
VIOLATIONS, SENT = ASKED[0], next(query for query in ASKED if query.answers == (HERE,))
HELPLESS = "现在查不到"
OTHER = "沪B54321"
TRACE = b"Traceback (most recent call last): File /srv/app.py line 1"
BROKEN: dict[str, Misdeed] = {
    "half an answer": raw(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
    ),
    "no HTTP": raw(b"\x16\x03\x01\x00\xa5\x01\x00" * 10),
    "hung up": raw(b""),
    "500": sends(TRACE, status="500 Internal Server Error", kind="text/html"),
    "503": sends(b"{}", status="503 Service Unavailable"),
    "404": sends(b"<html>Not Found</html>", status="404 Not Found", kind="text/html"),
    "403": sends(b"{}", status="403 Forbidden"),
    "429": sends(b"{}", "Retry-After: 3600", status="429 Too Many Requests"),
    "418": sends(TRACE, status="418 I'm a teapot"),
    "no JSON": sends(b"{"),
    "a page": sends("<html><script>alert(1)</script>请登录</html>".encode(), kind="text/html"),
    "another encoding": sends("{'来源': '局'}".encode("gbk")),
    "a deep answer": sends(b"[" * 200_000),
    "a huge number": sends(b'{"items": ' + b"9" * 500_000 + b"}"),
    "nothing": sends(b"null"),
    "another form": says(lambda good: {"data": good}),
    "no source": says(lambda good: {**good, "source": None}),
    "items of another kind": says(lambda good: {**good, "items": 7, "steps": 7}),
    "records that are none": says(lambda good: {**good, "items": ["<b>"], "steps": ["<b>"]}),
    "5 MB": says(lambda good: {**good, "source": "局" * 1_700_000}),
    "10,000 records": says(lambda good: {**good, **_many(good)}),
    "packed": sends(b"\x1f\x8b" * 100, "Content-Encoding: gzip"),
    "to itself for ever": redirects(),
    "to the inside of a cloud": redirects("http://169.254.169.254/latest/meta-data/"),
    "to a file": redirects("file:///etc/passwd"),
}


def _many(good: Record) -> Record:
    """{name of the list: 10,000 records}"""
    return {name: good[name][:1] * 10_000 for name in ("items", "steps") if name in good}


def _poisoned(value: Any) -> Any:
    """Every Chinese text in it with what a citizen must never see; the plate asked about stays."""
    if isinstance(value, dict):
        return {k: v if k in ("plate", "district", "districts") else _poisoned(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_poisoned(each) for each in value]
    if isinstance(value, str) and re.search("[一-鿿]", value):
        return f'{value}\u202e\x07\x00<script>evil()</script><a href="https://evil.example">点我</a>{OTHER}。'
    return value


def _long(good: Record) -> Record:
    """Every list with thirty records, every text as long as its neighbours allow."""
    lists = {name: good[name] * (30 // len(good[name])) for name in ("items", "steps") if name in good}
    return {**good, **{name: [_stretched(row) for row in rows] for name, rows in lists.items()}}


def _stretched(row: Record) -> Record:
    texts = ("area", "warning", "measures", "text", "summary", "note", "act", "inspection")
    most = {"note": 300, "summary": 500, "act": 150, "inspection": 150, "area": 1000}
    return {k: "长" * most.get(k, 3000) if k in texts and v else v for k, v in row.items()}


@pytest.fixture
async def backend() -> AsyncIterator[UnrulyBackend]:
    async with unruly_backend() as backend:
        yield backend


def each(query: Query) -> str:
    return f"{query.kind}{len(query.answers)}"


# --- no usable answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize("misdeed", BROKEN)
async def test_without_a_usable_answer_she_is_told_so_and_shown_another_way(
    backend: UnrulyBackend, misdeed: str, caplog: pytest.LogCaptureFixture
) -> None:
    office = backend_office(backend.url)
    await _all_fail_well(office, backend, BROKEN[misdeed])
    assert [] == _troubles(caplog)


@pytest.mark.parametrize("misdeed", [hangs, drips], ids=["hangs", "drips"])
async def test_a_back_end_that_never_ends_is_left_in_time(
    backend: UnrulyBackend, misdeed: Misdeed, caplog: pytest.LogCaptureFixture
) -> None:
    """All at once: each takes the second that the settings allow."""
    office = backend_office(backend.url, BACKEND_TIMEOUT_SECONDS="1")
    await _all_fail_well(office, backend, misdeed)
    assert [] == _troubles(caplog)


async def test_nobody_listens(caplog: pytest.LogCaptureFixture) -> None:
    office = backend_office(f"http://127.0.0.1:{free_port()}/v1")
    await asyncio.gather(*(_fails_well(office, query) for query in ASKED[:-1]))
    assert [] == _troubles(caplog)


async def test_an_account_that_cannot_push_says_it_in_its_reply(backend: UnrulyBackend) -> None:
    office = backend_office(backend.url, right=False)
    backend.misdeeds = {query.kind: BROKEN["500"] for query in ASKED[:-1]}
    await asyncio.gather(*(_fails_well(office, query) for query in ASKED[:-1]))


async def test_a_redirect_is_not_followed(backend: UnrulyBackend) -> None:
    office = backend_office(backend.url)
    backend.misdeeds = {"quakes": redirects()}
    await office.citizen().says("最近的地震消息")
    assert ["/v1/quakes?limit=3"] == backend.asked


# --- nothing lost ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ASKED, ids=each)
async def test_another_try_needs_none_of_her_answers_again(backend: UnrulyBackend, query: Query) -> None:
    office = backend_office(backend.url)
    citizen = office.citizen()
    backend.misdeeds = {query.kind: BROKEN["500"]}
    await asked(office, citizen, query)
    backend.misdeeds = {}
    seen = await heard(office, citizen, tap(citizen, "再试一次"))
    assert [] == [words for words in query.tells if words not in seen], seen


@pytest.mark.parametrize("words", ["再试一次", "查沪A12345的违章", "继续", "能查了吗"])
async def test_her_answers_wait_while_she_speaks_of_something_else(
    backend: UnrulyBackend, words: str
) -> None:
    office = backend_office(backend.url)
    citizen = office.citizen()
    backend.misdeeds = {"violations": BROKEN["503"]}
    await asked(office, citizen, VIOLATIONS)
    seen = await heard(office, citizen, citizen.says(NOSEBLEED))
    assert "低头捏住鼻翼" == seen.strip()
    seen = await heard(office, citizen, citizen.says(words))
    assert HELPLESS in seen
    backend.misdeeds = {}
    await citizen.says(words).sees(*VIOLATIONS.tells)


async def test_what_is_corrected_while_they_wait_is_asked_for_anew(backend: UnrulyBackend) -> None:
    office = backend_office(backend.url)
    citizen = office.citizen()
    backend.misdeeds = {"violations": BROKEN["503"], "shelters": BROKEN["503"]}
    await asked(office, citizen, VIOLATIONS)
    await citizen.says("不对,车牌是沪AD12345").sees("发动机号")
    other = office.citizen("乙")
    await asked(office, other, SENT)
    backend.misdeeds = {}
    await other.sends_location(31.0625, 121.0490, "望湖小学").sees("离望湖小学最近")


async def test_she_may_leave_it_or_begin_anew(backend: UnrulyBackend) -> None:
    office = backend_office(backend.url)
    office.engine.replies["/query_alert"] = opening(VIOLATIONS)
    citizen = office.citizen()
    backend.misdeeds = {"violations": BROKEN["503"]}
    await asked(office, citizen, VIOLATIONS)
    await citizen.clicks("query_alert").sees("请发车牌号")
    await asked(office, citizen, VIOLATIONS)
    await citizen.says("不查了").sees("先停下")
    await citizen.says("再试一次").sees("没听懂")


async def test_a_report_is_not_lost_for_a_question_that_fails_beside_it(backend: UnrulyBackend) -> None:
    office = backend_office(backend.url)
    office.engine.replies["我要举报"] = opens("report", "report_hazard")
    backend.misdeeds = {"shelters": BROKEN["500"]}
    citizen = office.citizen()
    await citizen.says("我要举报")
    await citizen.says("路边的井盖没了").sees("在哪里")
    await citizen.says("东风路12号门口").sees("什么时候")
    seen = await heard(office, citizen, citizen.says("人民路小学附近的避难场所"))
    assert HELPLESS in seen
    assert "刚才的问题:什么时候" in seen
    await citizen.says("昨天").sees("留个电话")


async def test_a_national_number_is_told_although_the_local_ones_cannot_be_had(
    backend: UnrulyBackend,
) -> None:
    office = backend_office(backend.url)
    office.engine.replies["心理热线号码是多少"] = opens("hotlines", "query_hotline")
    backend.misdeeds = {"bureaus": BROKEN["500"]}
    await office.citizen().says("心理热线号码是多少").sees("心理援助热线 12356", "本地的电话现在查不到")


async def test_danger_is_answered_at_once_and_nothing_waits_for_ever(backend: UnrulyBackend) -> None:
    office = backend_office(backend.url)
    asked_there = office.application.services.queries.violations._source._remote.backend  # type: ignore[attr-defined]
    asked_there._address = replace(asked_there._address, timeout=timedelta(seconds=60))
    backend.misdeeds = {"violations": hangs}
    citizen = office.citizen()
    await citizen.says(VIOLATIONS.opening)
    await citizen.says("是的")
    asking = asyncio.ensure_future(citizen.says("123456")._finish())
    await asyncio.wait_for(backend.reached.wait(), 20)
    await citizen.says(GAS).sees("119")
    after = asyncio.ensure_future(citizen.says(NOSEBLEED)._finish())
    assert not asking.done()
    backend.released.set()  # it hangs up: the first question has its answer, then the second
    await asking
    await after
    await office.empties_outbox()
    texts = [row.answer.text for row in office.outgoing(citizen)]
    assert [True, True, True] == [any(w in t for t in texts) for w in (HELPLESS, "119", "低头捏住")]


# --- lies ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ASKED, ids=each)
async def test_markup_hidden_characters_and_other_peoples_plates_are_taken_out(
    backend: UnrulyBackend, query: Query, caplog: pytest.LogCaptureFixture
) -> None:
    office = backend_office(backend.url)
    backend.misdeeds = {query.kind: says(_poisoned)}
    citizen = office.citizen()
    seen = await asked(office, citizen, query)
    assert "来源:示例数据" in seen, seen
    assert "点我" in seen
    _is_harmless(citizen)
    await citizen.says(NOSEBLEED).sees("低头捏住")
    assert [] == _troubles(caplog)


@pytest.mark.parametrize(
    "answer",
    [
        says(lambda good: {**good, "plate": OTHER}),
        says(lambda good: {**good, "plate_type": "01"}),
        says(lambda good: {**good, "items": [*good["items"], {**good["items"][0], "points": 99}]}),
    ],
)
async def test_the_records_of_another_vehicle_and_half_a_list_are_not_told(
    backend: UnrulyBackend, answer: Misdeed, caplog: pytest.LogCaptureFixture
) -> None:
    office = backend_office(backend.url)
    backend.misdeeds = {"violations": answer}
    await _fails_well(office, VIOLATIONS)
    assert [] == _troubles(caplog)


@pytest.mark.parametrize("query", [q for q in ASKED if q.kind not in ("violations", "food")], ids=each)
async def test_what_is_readable_is_told_and_that_something_is_missing(
    backend: UnrulyBackend, query: Query
) -> None:
    office = backend_office(backend.url)
    backend.misdeeds = {query.kind: says(lambda good: {**good, "items": [*good["items"], {"id": "<b>"}]})}
    seen = await asked(office, office.citizen(), query)
    assert [] == [words for words in (*query.tells, "没能读出来") if words not in seen], seen


@pytest.mark.parametrize("query", ASKED, ids=each)
async def test_as_many_and_as_long_records_as_may_be_reach_her_in_messages_wechat_carries(
    backend: UnrulyBackend, query: Query
) -> None:
    office = backend_office(backend.url)
    backend.misdeeds = {query.kind: says(_long)}
    citizen = office.citizen()
    seen = await asked(office, citizen, query)
    assert "来源" in seen, seen
    assert 2048 > max(len(bubble.text.encode()) for bubble in citizen.bubbles)
    await citizen.says(NOSEBLEED).sees("低头捏住")


@pytest.mark.parametrize("query", ASKED[:-1], ids=each)
async def test_what_the_back_end_does_not_have_is_looked_for_elsewhere(
    backend: UnrulyBackend, query: Query, caplog: pytest.LogCaptureFixture
) -> None:
    office = backend_office(backend.url)
    backend.misdeeds = {query.kind: sends(b'{"error": {"code": "no_data"}}', status="404 Not Found")}
    seen = await asked(office, office.citizen(), query)
    assert query.elsewhere in seen
    assert HELPLESS not in seen
    assert [] == _troubles(caplog)


async def _all_fail_well(office: Office, backend: UnrulyBackend, misdeed: Misdeed) -> None:
    """All at once. The news stand behind a button of the alerts, which must have worked."""
    *at_once, news = ASKED
    backend.misdeeds = {query.kind: misdeed for query in at_once}
    await asyncio.gather(*(_fails_well(office, query) for query in at_once))
    backend.misdeeds = {news.kind: misdeed}
    office.clock.advance(minutes=2)
    await _fails_well(office, news)


async def _fails_well(office: Office, query: Query) -> None:
    """A clear sentence and a way forward; the message is kept; the conversation goes on."""
    citizen = office.citizen(query.opening[:8] + str(len(query.answers)))
    seen = await asked(office, citizen, query)
    assert HELPLESS in seen.splitlines()[0], seen
    assert query.elsewhere in seen, seen
    assert seen.count(HELPLESS) == 1, seen
    _is_harmless(citizen)
    assert all(message.handled_at for message in office.messages(citizen))
    await citizen.says(NOSEBLEED).sees("低头捏住")


def _is_harmless(citizen: Citizen) -> None:
    """Nothing but text and our own links, whatever the back end sent."""
    for bubble in citizen.seen_since(0):
        plain = re.sub(r'<a href="weixin://bizmsgmenu\?[^"<>]*">[^<>]*</a>', "", bubble.text)
        assert not re.search(r"[<>]|&#|script|evil|Traceback", plain), plain
        strange = [c for c in plain if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") and c != "\n"]
        assert [] == strange, plain
        assert "B54321" not in plain, plain


def _troubles(caplog: pytest.LogCaptureFixture) -> list[Any]:
    """Log records with a stack trace, an error, or what is nobody's business."""
    secrets = ("A12345", "B54321", "123456", "某小区", "Traceback", "<html")
    return [
        (record.name, record.getMessage())
        for record in caplog.records
        if record.exc_info
        or record.levelno >= logging.ERROR
        or any(secret in str(vars(record)) for secret in secrets)
    ]
