"""查违章 taken up again: by another process, after a week, after a month."""

from __future__ import annotations

import pytest

from tests.acceptance.sampled_office import restart
from tests.acceptance.scripted_office import Office
from tests.acceptance.violation_office import ENGINE, asked_for_engine, form, violation_office
from xiaoxiao.store.form_state import NO_FORM
from xiaoxiao.store.port import ConversationStore

WEEK = 7 * 24 * 3600


@pytest.fixture
def office(store: ConversationStore) -> Office:
    return violation_office(store)


async def test_a_new_process_goes_on_where_the_old_one_stopped(office: Office) -> None:
    citizen = await asked_for_engine(office)
    restart(office)
    await citizen.says("123456").sees("记 6 分")


async def test_a_turn_that_died_before_it_was_stored_finds_the_form_as_it_was(office: Office) -> None:
    citizen = await asked_for_engine(office)
    before = form(office, citizen)
    held = office.engine.hold("流鼻血怎么办")
    office.is_impatient()
    await citizen.says("流鼻血怎么办")
    for task in tuple(office.application.turns._running.values()):
        task.cancel()
    held.set()
    restart(office)
    assert before == form(office, citizen)
    assert 1 == await office.application.turns.resume()
    await office.settles()
    assert "刚才的问题" in office.outgoing(citizen)[-1].answer.text


async def test_after_a_week_an_answer_resumes_it(office: Office) -> None:
    citizen = await asked_for_engine(office)
    office.clock.advance(seconds=WEEK)
    await citizen.says("123456").sees("记 6 分")


async def test_after_a_week_she_is_reminded_once_and_can_go_on(office: Office) -> None:
    citizen = await asked_for_engine(office)
    office.clock.advance(seconds=WEEK)
    await citizen.says("流鼻血怎么办").sees("低头捏住", "还没办完", "1. 继续", "2. 不办了")
    office.clock.advance(seconds=60)
    await citizen.says("流鼻血怎么办").sees("低头捏住")
    assert 1 == sum("还没办完" in row.answer.text for row in office.outgoing(citizen))
    await citizen.says("继续").sees(ENGINE)
    await citizen.says("123456").sees("记 6 分")


async def test_after_a_week_she_can_stop_it(office: Office) -> None:
    citizen = await asked_for_engine(office)
    office.clock.advance(seconds=WEEK)
    await citizen.says("流鼻血怎么办")
    await citizen.says("2").sees("先停下")
    assert NO_FORM == form(office, citizen)


async def test_after_a_month_nothing_is_left(office: Office) -> None:
    citizen = await asked_for_engine(office)
    office.clock.advance(seconds=5 * WEEK)
    await citizen.says("流鼻血怎么办").sees("低头捏住")
    assert not any("还没办完" in row.answer.text for row in office.outgoing(citizen))
    await office.application._forget_forms()
    assert NO_FORM == form(office, citizen)
