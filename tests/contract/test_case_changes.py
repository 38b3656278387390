"""Every change of a case is on record and told; marks and media belong to it, on every store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.case_office import START, Office, other
from tests.contract.storing import says
from xiaoxiao.errors import Conflict, InvalidRequest, NotFound
from xiaoxiao.store.case import Case, CaseState
from xiaoxiao.store.conversation import Delivery, Status, Trigger
from xiaoxiao.store.medium import Medium
from xiaoxiao.store.records import where

# --- every change is on record and told


def test_every_change_is_told_and_on_record(office: Office) -> None:
    number = office.file("o1").number
    office.casework.accept(number, "li")
    office.casework.assign(number, "li", "安监科")
    office.casework.assign(number, "li", "安监科老张")  # within the office: nobody outside is told
    office.casework.start(number, "zhang")
    office.casework.extend(number, "zhang", "要等检测结果。")
    office.casework.answer(number, "zhang", "已责令停产,罚款五万元。")
    office.casework.close(number, "zhang")
    told = office.told("o1")
    assert 6 == len(told)
    assert all(number in text for text in told)
    assert "要等检测结果。" in told[3]
    assert "已责令停产,罚款五万元。" in told[4]
    trail = office.casework.show(number, "chen").trail
    states = [event.data["to"] for event in trail if event.name == "state"]
    assert ["accepted", "assigned", "in_progress", "answered", "closed"] == states
    assert 6 == sum(event.name == "told" for event in trail)
    assert ("chen", "seen") == (trail[-1].actor, trail[-1].name)


def test_who_left_is_told_when_she_is_back(office: Office) -> None:
    number = office.file("o1").number
    office.hears("o1", "", kind="event", event="unsubscribe", trigger=Trigger.NONE)
    office.casework.answer(number, "li", "修好了")
    assert [Delivery.HELD] == [row.state for row in office.rows("o1")]
    office.hears("o1", "", kind="event", event="subscribe", trigger=Trigger.FOLLOW)
    assert [Delivery.QUEUED] == [row.state for row in office.rows("o1")]


def test_a_change_that_cannot_be_told_leaves_the_case_as_it_was(office: Office) -> None:
    number = office.file("o1").number

    def fail(case: Case) -> None:
        raise RuntimeError("no words")

    office.casework._notices.changed = fail  # type: ignore[method-assign,assignment]
    with pytest.raises(RuntimeError):
        office.casework.accept(number, "li")
    assert CaseState.RECEIVED is office.cases.look_up("o1", number).state
    assert [] == office.told("o1")


@pytest.mark.parametrize("state", ["answered", "closed", "rejected", "withdrawn"])
def test_what_is_done_is_not_worked(office: Office, state: str) -> None:
    number = office.file("o1").number
    ends = {
        "answered": lambda: office.casework.answer(number, "li", "好了"),
        "closed": lambda: (office.casework.answer(number, "li", "好了"), office.casework.close(number, "li")),
        "rejected": lambda: office.casework.reject(number, "li", "不归我们管"),
        "withdrawn": lambda: office.cases.withdraw("o1", number),
    }
    ends[state]()
    for act in (office.casework.accept, office.casework.start):
        with pytest.raises(Conflict):
            act(number, "li")


@pytest.mark.parametrize("text", ["", " \n", "\x00", "好" * 2001])
def test_an_answer_must_be_readable(office: Office, text: str) -> None:
    number = office.file("o1").number
    with pytest.raises(InvalidRequest):
        office.casework.answer(number, "li", text)
    assert CaseState.RECEIVED is office.cases.look_up("o1", number).state


def test_time_is_extended_once_and_never_for_what_is_answered(office: Office) -> None:
    filed = office.file("o1")
    later = office.casework.extend(filed.number, "li", "要检测")
    assert timedelta(days=1) == later.due_at - filed.due_at
    with pytest.raises(Conflict):
        office.casework.extend(filed.number, "li", "还要检测")


def test_an_answer_nobody_objects_to_closes_the_case(office: Office) -> None:
    number = office.file("o1").number
    office.casework.answer(number, "li", "修好了")
    office.clock.advance(days=6)
    assert 0 == office.casework.close_silent()
    office.clock.advance(days=1)
    assert 1 == office.casework.close_silent()
    assert CaseState.CLOSED is office.cases.look_up("o1", number).state


def test_an_unknown_number_is_said_to_be_unknown(office: Office) -> None:
    with pytest.raises(NotFound, match="YJ20261123-0009"):
        office.casework.accept("YJ20261123-0009", "li")


# --- satisfaction


def test_a_bad_mark_opens_the_case_again_once(office: Office) -> None:
    number = office.file("o1").number
    with pytest.raises(Conflict):
        office.satisfaction.rate("o1", number, 1)
    office.casework.answer(number, "li", "修好了")
    rated = office.satisfaction.rate("o1", number, 2, "没修好")
    assert rated.reopened
    assert CaseState.REOPENED is office.cases.look_up("o1", number).state
    office.casework.answer(number, "li", "这次真修好了")
    again = office.satisfaction.rate("o1", number, 1)
    assert not again.reopened
    assert CaseState.ANSWERED is office.cases.look_up("o1", number).state
    assert [2, 1] == [rating.score for rating in office.casework.show(number, "li").ratings]


def test_a_good_mark_closes_the_case_of_the_only_reporter(office: Office) -> None:
    alone = office.file("o1", other(0)).number
    office.casework.answer(alone, "li", "修好了")
    office.satisfaction.rate("o1", alone, 5)
    assert CaseState.CLOSED is office.cases.look_up("o1", alone).state
    shared, second = office.file("o1").number, office.file("o2").number
    office.casework.answer(shared, "li", "查处了")
    office.satisfaction.rate("o2", second, 4)
    assert CaseState.ANSWERED is office.cases.look_up("o1", shared).state


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_mark_is_one_to_five(office: Office, score: int) -> None:
    number = office.file("o1").number
    office.casework.answer(number, "li", "修好了")
    with pytest.raises(InvalidRequest):
        office.satisfaction.rate("o1", number, score)


def test_usefulness_is_asked_once_a_topic_and_day(office: Office) -> None:
    office.hears("o1")
    assert office.satisfaction.may_ask("o1", "gas_leak")
    assert not office.satisfaction.may_ask("o1", "gas_leak")
    assert office.satisfaction.may_ask("o1", "flood")
    office.satisfaction.useful("o1", "flood", True)
    office.satisfaction.useful("o1", "flood", False, "号码打不通")
    assert {"flood": (0, 1)} == dict(office.satisfaction.topics())
    office.clock.advance(days=1)
    assert office.satisfaction.may_ask("o1", "gas_leak")


def test_who_never_answers_is_left_in_peace(office: Office) -> None:
    office.hears("o1")
    assert [True, True, True] == [office.satisfaction.may_ask("o1", topic) for topic in "abc"]
    assert not office.satisfaction.may_ask("o1", "d")
    office.clock.advance(days=2)
    assert not office.satisfaction.may_ask("o1", "d")
    office.clock.advance(days=12)
    assert office.satisfaction.may_ask("o1", "d")


def test_nobody_is_asked_while_a_person_has_the_conversation(office: Office) -> None:
    office.hears("o1")
    found = office.store.find("o1")
    office.store.transition(found.id, Status.OPEN, actor="li", reason="take", now=START, assignee="li")
    assert not office.satisfaction.may_ask("o1", "gas_leak")


# --- media are noted with the message


def test_a_photo_is_noted_as_pending_with_its_message_and_once(office: Office) -> None:
    incoming = says("", kind="image", key="p", fields={"MediaId": "m1", "PicUrl": "http://mmbiz.qpic.cn/1"})
    first = office.store.receive(incoming, worker="w", now=START)
    office.store.receive(incoming, worker="w", now=START)
    with office.store.work(only_reads=True) as work:
        found = work.all(Medium, where("message_id", first.message.id))
    assert [("m1", "http://mmbiz.qpic.cn/1", "pending")] == [(m.source, m.url, m.state.value) for m in found]


@pytest.mark.parametrize("number", ["", "\x00", "漏" * 100_000, "\ud800", "%", "YJ20261123-0001' OR 1=1 --"])
def test_a_number_that_cannot_be_finds_nothing(office: Office, number: str) -> None:
    office.file("o1")
    with pytest.raises(NotFound):
        office.cases.look_up("o1", number)
    with pytest.raises(NotFound):
        office.casework.show(number, "li")
