"""Staff are alerted once before and once after the time a citizen was promised, on every store."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from tests.contract.case_office import Office, other
from xiaoxiao.desk.due import DueAlerts, Urgency, urgencies
from xiaoxiao.store.case import Case

#: filed Monday at 10:00, promised for Tuesday at 10:00: the last quarter begins at 04:00
SOON, OVER = timedelta(hours=18), timedelta(hours=24, seconds=1)


def alerts(office: Office) -> DueAlerts:
    """As a new process has them."""
    return DueAlerts(office.store, office.clock)


def alerted(office: Office, number: str) -> list[str]:
    trail = office.casework.show(number, "li").trail
    return [event.name for event in trail if event.name in ("due_soon", "overdue")]


def marks(office: Office, *cases: Case) -> list[Urgency | None]:
    with office.store.work(only_reads=True) as work:
        found = urgencies(work, cases, office.clock.now())
    return [found.get(case.id) for case in cases]


def test_nothing_is_said_before_the_last_quarter(office: Office) -> None:
    case = office.file("o1")
    office.clock.advance(hours=17, minutes=59)
    assert 0 == alerts(office).run_once()
    assert ([], [None]) == (alerted(office, case.number), marks(office, case))


def test_once_in_the_last_quarter_and_once_when_it_is_over_whoever_looks(office: Office) -> None:
    case = office.file("o1")
    office.clock.advance(seconds=SOON.total_seconds())
    assert [1, 0, 0] == [alerts(office).run_once() for _ in range(3)]
    assert [Urgency.SOON] == marks(office, case)
    office.clock.advance(seconds=(OVER - SOON).total_seconds())
    assert [1, 0, 0] == [alerts(office).run_once() for _ in range(3)]
    assert [Urgency.OVERDUE] == marks(office, case)
    office.clock.advance(days=30)
    assert 0 == alerts(office).run_once()
    assert ["due_soon", "overdue"] == alerted(office, case.number)


def test_the_moment_itself_is_still_in_time(office: Office) -> None:
    case = office.file("o1")
    office.clock.advance(hours=24)
    alerts(office).run_once()
    assert ["due_soon"] == alerted(office, case.number)


def test_after_a_long_standstill_only_what_holds_now_is_said(office: Office) -> None:
    case = office.file("o1")
    office.clock.advance(days=9)
    assert 1 == alerts(office).run_once()
    assert ["overdue"] == alerted(office, case.number)


def test_a_new_promise_is_watched_anew(office: Office) -> None:
    case = office.file("o1")
    office.clock.advance(hours=20)
    alerts(office).run_once()
    office.casework.extend(case.number, "li", "等检测")  # until Wednesday at 10:00
    assert [None] == marks(office, office.casework.show(case.number, "li").case)
    assert 0 == alerts(office).run_once()
    office.clock.advance(hours=24)  # Wednesday at 06:00
    assert 1 == alerts(office).run_once()
    office.clock.advance(hours=5)
    assert 1 == alerts(office).run_once()
    assert ["due_soon", "due_soon", "overdue"] == alerted(office, case.number)


def test_opened_again_it_has_its_whole_time(office: Office) -> None:
    case = office.file("o1")
    office.casework.answer(case.number, "li", "修好了")
    office.clock.advance(days=1)
    office.casework.reopen(case.number, "li")
    assert 0 == alerts(office).run_once()
    office.clock.advance(hours=20)
    assert 1 == alerts(office).run_once()


@pytest.mark.parametrize("act", ["answer", "reject"])
def test_what_is_done_alarms_nobody(office: Office, act: str) -> None:
    case = getattr(office.casework, act)(office.file("o1").number, "li", "说明")
    office.clock.advance(days=3)
    assert (0, [None]) == (alerts(office).run_once(), marks(office, case))


def test_a_merged_case_is_alerted_with_its_head_only(office: Office) -> None:
    first, second = office.file("o1", other(0)), office.file("o2", other(1))
    office.casework.merge(second.number, first.number, "li")
    office.clock.advance(days=2)
    assert 1 == alerts(office).run_once()


def test_the_log_names_the_case_and_nobody(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    case = office.file("o1", anonymous=False, name="王小明", phone="13800138000")
    office.clock.advance(days=2)
    with caplog.at_level(logging.WARNING):
        alerts(office).run_once()
    (record,) = [r for r in caplog.records if r.name == "xiaoxiao.desk.due"]
    assert (case.number, "overdue") == (record.__dict__["case"], record.__dict__["urgency"])
    assert [] == office.told("o1")
    assert [] == [e.name for e in office.store.events(office.store.find("o1").id)]
