"""An office that is slow, broken, or has much to say: nothing is lost, nothing said twice."""

from __future__ import annotations

import asyncio

import pytest

from tests.acceptance.said import DOWN, GAS, PAST_DEADLINE, Open
from tests.acceptance.scripted_office import Office, says
from xiaoxiao.errors import StoreUnavailable
from xiaoxiao.store.conversation import Delivery

# --- slow answers and repeated deliveries -----------------------------------------------------------------


def is_slow(office: Office) -> None:
    office.engine.replies = {"慢": says("查到了")}
    office.is_impatient()


async def test_three_deliveries_are_one_turn_and_one_answer(open_office: Open) -> None:
    office = open_office(right=False)
    citizen, held = office.citizen(), office.engine.hold("慢")
    is_slow(office)
    office.before_delivery = lambda number: held.set() if number == 3 else None
    seen = await citizen.says("慢").sees("查到了")
    assert (3, 1, 1) == (len(office.deliveries), len(office.engine.turns), len(seen))
    assert [Delivery.SENT] == [row.state for row in office.outgoing(citizen)]


async def test_without_the_right_only_the_last_delivery_says_busy_and_the_next_message_brings_it(
    open_office: Open,
) -> None:
    office = open_office(right=False)
    citizen, held = office.citizen(), office.engine.hold("慢")
    is_slow(office)
    office.engine.otherwise = says("嗯")
    seen = await citizen.says("慢").sees("我还在查")
    assert (3, 1) == (len(office.deliveries), len(seen))
    held.set()
    await office.settles()
    await citizen.says("好了吗").sees("查到了")
    assert 2 == len(office.engine.turns)


async def test_with_the_right_a_slow_answer_comes_as_a_customer_service_message(office: Office) -> None:
    citizen, held = office.citizen(), office.engine.hold("慢")
    is_slow(office)
    await citizen.says("慢").sees_nothing()
    assert 1 == len(office.deliveries)
    held.set()
    await office.settles()
    await office.empties_outbox()
    assert "查到了" == citizen.bubbles[-1].text
    assert ["customer_service"] == [row.carrier for row in office.outgoing(citizen)]


async def test_an_answer_just_after_the_deadline_still_uses_the_open_connection(open_office: Open) -> None:
    office = open_office(right=False)
    citizen, held = office.citizen(), office.engine.hold("慢")
    office.engine.replies = {"慢": says("查到了")}
    office.application.webhook.deadline_seconds = PAST_DEADLINE / 5
    office.before_delivery = lambda _: asyncio.get_running_loop().call_later(PAST_DEADLINE, held.set)
    await citizen.says("慢").sees("查到了")
    assert 1 == len(office.deliveries)


async def test_two_messages_meanwhile_are_both_answered_in_order(office: Office) -> None:
    citizen, held = office.citizen(), office.engine.hold("一")
    office.engine.replies = {"一": says("答一"), "二": says("答二")}
    first = asyncio.ensure_future(citizen.says("一")._finish())
    await office.engine.asked.wait()
    office.before_delivery = lambda _: asyncio.get_running_loop().call_soon(held.set)
    await asyncio.gather(first, citizen.says("二"))
    shown = "\n".join(b.text for b in citizen.bubbles)
    assert ["一", "二"] == [text for _, text, _ in office.engine.turns]
    assert 0 <= shown.index("答一") < shown.index("答二")
    assert (1, 1) == (shown.count("答一"), shown.count("答二"))
    assert {} == office.application.turns._order


# --- long answers ---------------------------------------------------------------------------------------

LONG = "。".join(f"第{n}步要做的事情是先离开再打电话" for n in range(1, 120)) + "。结束"


async def test_without_the_right_a_long_answer_goes_on_when_asked(open_office: Open) -> None:
    office = open_office(right=False)
    office.engine.replies = {"长": says(LONG)}
    citizen = office.citizen()
    await citizen.says("长").sees("第1步", "回复「继续」")
    for _ in range(5):
        if "结束" in (await citizen.says("继续")).text:
            break
    await citizen.says("继续").sees("后面没有了")
    assert 1 == len(office.engine.turns)
    assert [Delivery.SENT] == [row.state for row in office.outgoing(citizen)][:1]


async def test_with_the_right_a_long_answer_goes_on_by_itself(office: Office) -> None:
    office.engine.replies = {"长": says(LONG)}
    citizen = office.citizen()
    seen = await citizen.says("长").sees("第1步")
    assert "继续" not in seen.text
    await office.empties_outbox()
    shown = "".join(b.text for b in citizen.bubbles)
    assert all(f"第{n}步" in shown for n in range(1, 120))


# --- failures -------------------------------------------------------------------------------------------


async def test_a_broken_engine_is_admitted_and_the_message_kept(office: Office) -> None:
    office.engine.failure = RuntimeError("broken")
    citizen = office.citizen()
    await citizen.says("积水了怎么办").sees(DOWN, "119")
    assert ["积水了怎么办"] == [m.incoming.text for m in office.messages(citizen)]
    office.engine.failure, office.engine.otherwise = None, says("好了")
    await citizen.says("再问").sees("好了")


async def test_an_engine_that_never_answers_is_given_up_and_the_next_message_answered(office: Office) -> None:
    office.application.turns.turn.engine_seconds = 0.01
    office.engine.hold("永远")
    office.engine.otherwise = says("在")
    citizen = office.citizen()
    await citizen.says("永远").sees(DOWN)
    await citizen.says("您好").sees("在")


def _down(*_: object, **__: object) -> None:
    raise StoreUnavailable


async def test_without_the_database_wechat_delivers_again_but_danger_is_answered(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.store, "receive", _down)
    citizen = office.citizen()
    await citizen.says("您好")
    assert 3 == len(office.deliveries)
    await citizen.says(GAS).sees("119")


async def test_an_outcome_that_could_not_be_stored_is_tried_again_with_the_next_delivery(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.engine.otherwise = says("嗯")
    whole = office.store.answer

    def recover(number: int) -> None:
        if number == 2:
            monkeypatch.setattr(office.store, "answer", whole)

    monkeypatch.setattr(office.store, "answer", _down)
    office.before_delivery = recover
    citizen = office.citizen()
    await citizen.says("您好").sees("嗯")
    assert 2 == len(office.deliveries)


async def test_danger_is_answered_even_if_its_answer_cannot_be_stored(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.store, "answer", _down)
    await office.citizen().says(GAS).sees("119")


async def test_a_new_process_answers_what_was_stored_but_not_handled_exactly_once(office: Office) -> None:
    citizen, held = office.citizen(), office.engine.hold("慢")
    is_slow(office)
    await citizen.says("慢").sees_nothing()
    for task in tuple(office.application.turns._running.values()):  # the process dies
        task.cancel()
    held.set()
    application = office.start()
    assert (1, 0) == (await application.turns.resume(), await application.turns.resume())
    await office.settles()
    await office.empties_outbox()
    assert 1 == sum(b.text == "查到了" for b in citizen.bubbles)
    assert 0 == await office.start().turns.resume()


async def test_resuming_never_starts_what_this_process_is_working_on(office: Office) -> None:
    citizen, held = office.citizen(), office.engine.hold("慢")
    is_slow(office)
    await citizen.says("慢")
    assert 0 == await office.application.turns.resume()
    held.set()
    await office.settles()
    assert 1 == len(office.engine.turns)
