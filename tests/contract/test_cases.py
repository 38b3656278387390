"""Case work on every store: a number at once, the same matter together, every change told, nobody else's seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError

from tests.contract.case_office import LEAK, START, Office, other
from tests.contract.storing import at_once
from xiaoxiao.desk.draft import Draft
from xiaoxiao.errors import Conflict, InvalidRequest, NotFound
from xiaoxiao.store.case import Case, CaseState, CaseType
from xiaoxiao.store.migration import migrate
from xiaoxiao.store.sql import SqlStore

# --- numbers


def test_numbers_begin_at_one_each_day_in_china(office: Office) -> None:
    assert "YJ20261123-0001" == office.file("o1", other(0)).number
    assert "YJ20261123-0002" == office.file("o1", other(1)).number
    office.clock.advance(hours=14)  # midnight in China, still the 23rd in UTC
    assert "YJ20261124-0001" == office.file("o1", other(2)).number


def test_two_who_file_at_the_same_moment_get_different_numbers_without_a_gap(office: Office) -> None:
    for contact in ("o0", "o1", "o2", "o3"):
        office.hears(contact)
    filed = at_once(*(lambda n=n: office.cases.file(f"o{n}", other(n)) for n in range(4)))
    assert [f"YJ20261123-000{n}" for n in (1, 2, 3, 4)] == sorted(each.case.number for each in filed)


def test_two_who_report_the_same_at_the_same_moment_are_one_matter(office: Office) -> None:
    for contact in ("o0", "o1", "o2"):
        office.hears(contact)
    filed = at_once(*(lambda n=n: office.cases.file(f"o{n}", LEAK) for n in range(3)))
    assert [False, True, True] == sorted(each.attached for each in filed)
    assert 3 == len(office.casework.show(filed[0].case.number, "li").group)


def test_one_yes_files_once_however_often_it_is_run(office: Office) -> None:
    yes = office.hears("o1", "对,就这样")
    drafts = [replace(LEAK, confirmed_by=yes)] * 3
    filed = at_once(*(lambda d=d: office.cases.file("o1", d) for d in drafts))
    assert {"YJ20261123-0001"} == {each.case.number for each in filed}
    assert 1 == len(office.cases.mine("o1"))


def test_an_unknown_openid_files_nothing(office: Office) -> None:
    with pytest.raises(NotFound):
        office.cases.file("nobody", LEAK)


def test_the_promise_skips_the_weekend(office: Office) -> None:
    office.clock.advance(days=4, hours=8)  # Friday 18:00: nobody is there
    assert datetime(2026, 12, 1, 1, tzinfo=timezone.utc) == office.file("o1").due_at  # Tuesday 9:00


# --- what she gave


def test_a_report_comes_back_as_it_was_filed(office: Office) -> None:
    picture = office.photo("o1")
    filed = office.file(
        "o1",
        type=CaseType.COMPLAINT,
        when="昨晚",
        happened_at=START - timedelta(hours=9),
        anonymous=False,
        name="王小明",
        phone="13800138000",
        evidence=(picture,),
    )
    assert filed == office.cases.look_up("o1", filed.number)
    assert [filed] == office.cases.mine("o1")
    assert ("王小明", "13800138000", (picture,)) == (filed.name, filed.phone, filed.evidence)
    assert [filed.id] == [medium.case_id for medium in office.casework.show(filed.number, "li").media]


def test_who_stays_anonymous_leaves_no_name(office: Office) -> None:
    filed = office.file("o1", anonymous=True, name="王小明", phone="13800138000")
    assert ("", "") == (filed.name, filed.phone)


def test_somebody_elses_photo_is_no_evidence(office: Office) -> None:
    theirs = office.photo("o2")
    assert () == office.file("o1", evidence=(theirs, 999_999)).evidence


@pytest.mark.parametrize("what", ["", "   ", "。。。", "\x00\x07", "\u202e\u202d", "\ud800"])
def test_a_report_that_says_nothing_is_refused(office: Office, what: str) -> None:
    office.hears("o1")
    with pytest.raises(InvalidRequest):
        office.cases.file("o1", Draft(what))
    assert [] == office.cases.mine("o1")


@pytest.mark.parametrize(
    ("what", "kept"),
    [
        ("漏" * 1_000_000, "漏" * 5000),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("漏\x00水\x07了\x1b[2J", "漏水了[2J"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("漏水\n在三楼", "漏水\n在三楼"),
        ("'; DROP TABLE cases; --", "'; DROP TABLE cases; --"),
    ],
)
def test_hostile_words_are_kept_as_harmless_text(office: Office, what: str, kept: str) -> None:
    assert kept == office.cases.look_up("o1", office.file("o1", Draft(what)).number).what


@pytest.mark.parametrize("what", [None, [], {}, 1.5, True, b"bytes"])
def test_what_is_no_text_says_nothing(office: Office, what: object) -> None:
    office.hears("o1")
    with pytest.raises(InvalidRequest):
        office.cases.file("o1", Draft(what))  # type: ignore[arg-type]


def test_of_wrong_kinds_only_the_right_ones_are_kept(office: Office) -> None:
    picture = office.photo("o1")
    filed = office.file(
        "o1",
        place=None,
        latitude="31.2",
        longitude=[121.4],
        happened_at="昨天",
        anonymous=False,
        phone=13800138000,
        evidence=("1", None, True, picture, picture, -5, 10**30),
    )
    assert ("", None, None, None) == (filed.place, filed.latitude, filed.longitude, filed.happened_at)
    assert ("13800138000", (picture,)) == (filed.phone, filed.evidence)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(91.0, 0.0), (float("nan"), 0.0), (0.0, float("inf")), (31.0, None)]
)
def test_a_place_that_cannot_be_is_left_out(
    office: Office, latitude: float | None, longitude: float | None
) -> None:
    filed = office.file("o1", latitude=latitude, longitude=longitude)
    assert (None, None) == (filed.latitude, filed.longitude)


def test_an_error_of_the_database_does_not_quote_her(database_url: str) -> None:
    migrate(database_url)
    store = SqlStore(database_url)
    office = Office(store)
    office.file("o1", anonymous=False, name="王小明", phone="13800138000")
    with pytest.raises(IntegrityError) as caught, store.work() as work:
        work.add(work.all(Case)[0])  # its number is taken
    assert not any(word in str(caught.value) for word in ("王小明", "13800138000", "化工厂"))
    store.close()


# --- whose it is


def test_nobody_else_sees_a_case_and_cannot_tell_that_it_exists(office: Office) -> None:
    filed = office.file("o1")
    office.hears("o2")
    for number in (filed.number, "YJ20261123-0999"):
        with pytest.raises(NotFound):
            office.cases.look_up("o2", number)
        with pytest.raises(NotFound):
            office.cases.add("o2", number, "我也看到了")
        with pytest.raises(NotFound):
            office.cases.withdraw("o2", number)
        with pytest.raises(NotFound):
            office.satisfaction.rate("o2", number, 1)
    assert [] == office.cases.mine("o2")


def test_more_can_be_said_until_it_is_done(office: Office) -> None:
    filed = office.file("o1")
    picture = office.photo("o1")
    assert (picture,) == office.cases.add("o1", filed.number, "今晚又排了", [picture]).evidence
    assert "今晚又排了" in [
        event.data.get("text") for event in office.casework.show(filed.number, "li").trail
    ]
    office.casework.reject(filed.number, "li", "属于生态环境部门")
    with pytest.raises(Conflict):
        office.cases.add("o1", filed.number, "还有")


# --- the same matter


def test_the_same_from_somebody_else_is_attached_and_keeps_its_own_number(office: Office) -> None:
    first, second = office.file("o1"), office.cases
    office.hears("o2")
    filed = second.file("o2", LEAK)
    assert (True, False) == (filed.attached, filed.repeated)
    assert first.number != filed.case.number
    office.casework.accept(first.number, "li")
    assert CaseState.ACCEPTED is office.cases.look_up("o2", filed.case.number).state
    assert filed.case.number in office.told("o2")[-1]
    assert first.number not in office.told("o2")[-1]
    assert [first.number] == [case.number for case in office.casework_list()]


def test_the_same_from_herself_adds_to_her_case(office: Office) -> None:
    first = office.file("o1")
    picture = office.photo("o1")
    again = office.cases.file("o1", replace(LEAK, evidence=(picture,)))
    assert (True, first.number, (picture,)) == (again.repeated, again.case.number, again.case.evidence)
    assert 1 == len(office.cases.mine("o1"))


def test_the_same_words_elsewhere_are_another_matter(office: Office) -> None:
    office.file("o1")
    office.hears("o2")
    filed = office.cases.file("o2", replace(LEAK, latitude=31.3))
    assert (False, None) == (filed.attached, filed.case.similar_to)


def test_without_a_place_the_same_words_are_only_suggested(office: Office) -> None:
    nowhere = {"place": "", "latitude": None, "longitude": None}
    first = office.file("o1", **nowhere)
    office.hears("o2")
    filed = office.cases.file("o2", replace(LEAK, **nowhere))  # type: ignore[arg-type]
    assert (False, first.id) == (filed.attached, filed.case.similar_to)
    assert first.number == office.casework.show(filed.case.number, "li").similar.number  # type: ignore[union-attr]


def test_staff_merge_and_split(office: Office) -> None:
    one, two, three = (office.file(f"o{n}", other(n)) for n in range(3))
    office.casework.merge(two.number, one.number, "li")
    office.casework.merge(one.number, three.number, "li")
    assert [one.id, two.id, three.id] == [case.id for case in office.casework.show(two.number, "li").group]
    with pytest.raises(Conflict):
        office.casework.merge(three.number, two.number, "li")
    office.casework.split(two.number, "li")
    assert CaseState.RECEIVED is office.cases.look_up("o1", two.number).state
    with pytest.raises(Conflict):
        office.casework.split(two.number, "li")


def test_who_takes_back_the_first_report_does_not_take_back_the_others(office: Office) -> None:
    first, second, third = (office.file(f"o{n}") for n in (1, 2, 3))
    office.casework.accept(first.number, "li")
    assert CaseState.WITHDRAWN is office.cases.withdraw("o1", first.number).state
    assert [second.number] == [case.number for case in office.casework_list()]
    office.casework.start(third.number, "li")
    assert CaseState.IN_PROGRESS is office.cases.look_up("o3", third.number).state
    assert CaseState.IN_PROGRESS is office.cases.look_up("o2", second.number).state
    with pytest.raises(Conflict):
        office.cases.withdraw("o1", first.number)
