"""Case work on every store: a number at once, the same matter together, every change told, nobody else's seen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from tests.contract.test_store import at_once, says
from xiaoxiao.clock import SettableClock
from xiaoxiao.desk.case_notices import CaseNotices
from xiaoxiao.desk.cases import Cases
from xiaoxiao.desk.casework import Casework
from xiaoxiao.desk.deadlines import OfficeHours
from xiaoxiao.desk.dossier import listing
from xiaoxiao.desk.draft import Draft
from xiaoxiao.desk.rewards import Rewards
from xiaoxiao.desk.satisfaction import Satisfaction
from xiaoxiao.errors import Conflict, InvalidRequest, NotFound
from xiaoxiao.notices import Notices
from xiaoxiao.persona import load_persona
from xiaoxiao.store.case import Case, CaseState, CaseType
from xiaoxiao.store.conversation import Delivery, Incoming, Outgoing, Status, Trigger
from xiaoxiao.store.medium import Medium
from xiaoxiao.store.migration import migrate
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.records import where
from xiaoxiao.store.sql import SqlStore

ROOT = Path(__file__).parents[2]
#: Monday 23 November 2026, 10:00 in China
START = datetime(2026, 11, 23, 2, tzinfo=timezone.utc)
LEAK = Draft(
    "东风路化工厂夜里偷偷往河里排黄水,味道刺鼻", place="东风路 12 号", latitude=31.2, longitude=121.4
)


@dataclass
class Office:
    store: ConversationStore
    clock: SettableClock = field(default_factory=lambda: SettableClock(START))

    def __post_init__(self) -> None:
        persona = load_persona(ROOT / "persona.yml")
        notices = CaseNotices(Notices.load(ROOT / "data/notices.yml", persona.placeholders()))
        hours, promise = OfficeHours.of(persona), timedelta(hours=24)
        self.cases = Cases(self.store, self.clock, hours, promise)
        self.casework = Casework(self.store, self.clock, hours, promise, notices)
        self.rewards = Rewards(self.store, self.clock, hours, notices)
        self.satisfaction = Satisfaction(self.store, self.clock, self.casework)
        self._said = 0

    def hears(self, contact: str, text: str = "喂", **more: object) -> int:
        """The message's id."""
        self._said += 1
        incoming: Incoming = says(text, contact=contact, key=str(self._said), **more)
        message = self.store.receive(incoming, worker="w", now=self.clock.now()).message
        self.store.answer(message.id, [], now=self.clock.now())
        return message.id

    def photo(self, contact: str) -> int:
        return self.hears(
            contact, "", kind="image", fields={"MediaId": "m1", "PicUrl": "http://mmbiz.qpic.cn/1"}
        )

    def file(self, contact: str, draft: Draft = LEAK, **changes: object) -> Case:
        self.hears(contact)
        return self.cases.file(contact, replace(draft, **changes)).case  # type: ignore[arg-type]

    def casework_list(self) -> list[Case]:
        return listing(self.store)

    def rows(self, contact: str) -> list[Outgoing]:
        return self.store.outgoing(self.store.find(contact).id)

    def told(self, contact: str) -> list[str]:
        return [row.answer.text for row in self.rows(contact)]


@pytest.fixture
def office(store: ConversationStore) -> Office:
    return Office(store)


def other(number: int) -> Draft:
    """A matter of its own."""
    matters = ("路灯坏了三天没人修", "小区电梯困人两次", "工地塔吊半夜施工", "井盖丢了差点摔跤")
    return Draft(
        matters[number % 4], place=f"{'甲乙丙丁'[number % 4]}街", latitude=30.0 + number, longitude=110.0
    )


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
