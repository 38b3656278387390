"""A malicious back end: nothing of it reaches a citizen but what it may say."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.acceptance.backend_office import (
    NOSEBLEED,
    Query,
    asked,
    backend_office,
)
from tests.acceptance.unruly_backend import (
    Misdeed,
    Record,
    UnrulyBackend,
    says,
    sends,
)
from tests.acceptance.unruly_talk import (
    ASKED,
    HELPLESS,
    OTHER,
    VIOLATIONS,
    each,
    fails_well,
    is_harmless,
    troubles,
)


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
    is_harmless(citizen)
    await citizen.says(NOSEBLEED).sees("低头捏住")
    assert [] == troubles(caplog)


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
    await fails_well(office, VIOLATIONS)
    assert [] == troubles(caplog)


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
    assert [] == troubles(caplog)
