"""How citizens fare with an unruly back end: what it may do, and what must hold whatever it does."""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from typing import Any

import pytest

from tests.acceptance.backend_office import (
    HERE,
    NOSEBLEED,
    QUERIES,
    Query,
    asked,
)
from tests.acceptance.scripted_office import Office
from tests.acceptance.unruly_backend import (
    Misdeed,
    Record,
    UnrulyBackend,
    raw,
    redirects,
    says,
    sends,
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


def each(query: Query) -> str:
    return f"{query.kind}{len(query.answers)}"


async def all_fail_well(office: Office, backend: UnrulyBackend, misdeed: Misdeed) -> None:
    """All at once. The news stand behind a button of the alerts, which must have worked."""
    *at_once, news = ASKED
    backend.misdeeds = {query.kind: misdeed for query in at_once}
    await asyncio.gather(*(fails_well(office, query) for query in at_once))
    backend.misdeeds = {news.kind: misdeed}
    office.clock.advance(minutes=2)
    await fails_well(office, news)


async def fails_well(office: Office, query: Query) -> None:
    """A clear sentence and a way forward; the message is kept; the conversation goes on."""
    citizen = office.citizen(query.opening[:8] + str(len(query.answers)))
    seen = await asked(office, citizen, query)
    assert HELPLESS in seen.splitlines()[0], seen
    assert query.elsewhere in seen, seen
    assert seen.count(HELPLESS) == 1, seen
    is_harmless(citizen)
    assert all(message.handled_at for message in office.messages(citizen))
    await citizen.says(NOSEBLEED).sees("低头捏住")


def is_harmless(citizen: Citizen) -> None:
    """Nothing but text and our own links, whatever the back end sent."""
    for bubble in citizen.seen_since(0):
        plain = re.sub(r'<a href="weixin://bizmsgmenu\?[^"<>]*">[^<>]*</a>', "", bubble.text)
        assert not re.search(r"[<>]|&#|script|evil|Traceback", plain), plain
        strange = [c for c in plain if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") and c != "\n"]
        assert [] == strange, plain
        assert "B54321" not in plain, plain


def troubles(caplog: pytest.LogCaptureFixture) -> list[Any]:
    """Log records with a stack trace, an error, or what is nobody's business."""
    secrets = ("A12345", "B54321", "123456", "某小区", "Traceback", "<html")
    return [
        (record.name, record.getMessage())
        for record in caplog.records
        if record.exc_info
        or record.levelno >= logging.ERROR
        or any(secret in str(vars(record)) for secret in secrets)
    ]
