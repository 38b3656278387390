"""A back end that is slow, down or wrong, as citizens meet it: a sentence, a way forward, nothing lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.acceptance.backend_office import (
    NOSEBLEED,
    Query,
    asked,
    backend_office,
    heard,
    opening,
)
from tests.acceptance.reporting_office import tap
from tests.acceptance.running_office import free_port
from tests.acceptance.sampled_office import GAS, opens
from tests.acceptance.unruly_backend import (
    Misdeed,
    UnrulyBackend,
    drips,
    hangs,
    redirects,
)
from tests.acceptance.unruly_talk import (
    ASKED,
    BROKEN,
    HELPLESS,
    SENT,
    VIOLATIONS,
    all_fail_well,
    each,
    fails_well,
    troubles,
)

# --- no usable answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize("misdeed", BROKEN)
async def test_without_a_usable_answer_she_is_told_so_and_shown_another_way(
    backend: UnrulyBackend, misdeed: str, caplog: pytest.LogCaptureFixture
) -> None:
    office = backend_office(backend.url)
    await all_fail_well(office, backend, BROKEN[misdeed])
    assert [] == troubles(caplog)


@pytest.mark.parametrize("misdeed", [hangs, drips], ids=["hangs", "drips"])
async def test_a_back_end_that_never_ends_is_left_in_time(
    backend: UnrulyBackend, misdeed: Misdeed, caplog: pytest.LogCaptureFixture
) -> None:
    """All at once: each takes the second that the settings allow."""
    office = backend_office(backend.url, BACKEND_TIMEOUT_SECONDS="1")
    await all_fail_well(office, backend, misdeed)
    assert [] == troubles(caplog)


async def test_nobody_listens(caplog: pytest.LogCaptureFixture) -> None:
    office = backend_office(f"http://127.0.0.1:{free_port()}/v1")
    await asyncio.gather(*(fails_well(office, query) for query in ASKED[:-1]))
    assert [] == troubles(caplog)


async def test_an_account_that_cannot_push_says_it_in_its_reply(backend: UnrulyBackend) -> None:
    office = backend_office(backend.url, right=False)
    backend.misdeeds = {query.kind: BROKEN["500"] for query in ASKED[:-1]}
    await asyncio.gather(*(fails_well(office, query) for query in ASKED[:-1]))


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
