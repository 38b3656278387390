"""「删除我的数据」 on every store: what goes, what stays, and that it was meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.contract.case_office import Office, other
from tests.contract.storing import says
from tests.contract.test_rewards import approved
from xiaoxiao.desk.case_numbers import last_filed
from xiaoxiao.desk.privacy import Privacy
from xiaoxiao.errors import Conflict, NotFound
from xiaoxiao.store.case import Case, CaseEvent
from xiaoxiao.store.conversation import Answer, Author, Delivery
from xiaoxiao.store.medium import Medium, MediumState
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.records import where
from xiaoxiao.store.sql import SqlStore


@pytest.fixture
def office(store: ConversationStore) -> Office:
    return Office(store)


def privacy(office: Office) -> Privacy:
    return Privacy(office.store, office.clock)


def talk(office: Office, contact: str = "o1") -> None:
    office.store.receive(
        says("我爸心脏病", contact=contact, key=f"t{contact}"), worker="w", now=office.clock.now()
    )
    message = office.store.messages(office.store.find(contact).id)[-1]
    office.store.answer(
        message.id, [(Author.BOT, Answer("马上打 120"))], now=office.clock.now(), topic="heart"
    )
    office.store.compose(
        message.id, lambda rows: Carried(rows[0].answer.text, [rows[0].id]), now=office.clock.now()
    )


class Carried:
    remaining: dict[int, int] = {}  # noqa: RUF012
    choices = ()

    def __init__(self, text: str, carried: list[int]) -> None:
        self.text, self.carried = text, carried


def everything(office: Office, contact: str) -> str:
    """All the store still says about her."""
    found = office.store.find(contact)
    with office.store.work() as work:
        records = [work.all(kind) for kind in (Case, CaseEvent, Medium)]
    return repr(
        [
            office.store.messages(found.id),
            office.store.outgoing(found.id),
            office.store.events(found.id),
            found,
            records,
        ]
    )


def test_her_words_are_gone_and_another_citizens_are_not(office: Office) -> None:
    talk(office, "o1")
    talk(office, "o2")
    stored = privacy(office).stored("o1")
    assert (1, 1, True) == (stored.messages, stored.answers, bool(stored.erasable))
    erased = privacy(office).erase("o1", privacy(office).ask("o1"))
    assert (1, 1, ("trail",)) == (erased.deleted.messages, erased.deleted.answers, erased.kept)
    assert "心脏" not in everything(office, "o1")
    assert "120" not in everything(office, "o1")
    assert "heart" not in everything(office, "o1")
    assert 1 == privacy(office).stored("o2").messages
    assert ["erased"] == [event.name for event in office.store.events(office.store.find("o1").id)]


def test_the_answer_to_her_last_yes_still_reaches_her(office: Office) -> None:
    talk(office)
    receipt = office.store.receive(says("删", contact="o1", key="yes"), worker="w", now=office.clock.now())
    waiting = office.store.post(
        receipt.conversation.id, Author.STAFF, Answer("您的事办好了"), actor="li", now=office.clock.now()
    )
    privacy(office).erase("o1", privacy(office).ask("o1"))
    made = office.store.answer(receipt.message.id, [(Author.BOT, Answer("已经删除"))], now=office.clock.now())
    assert ["已经删除"] == [row.answer.text for row in made]
    rows = {row.id: row.state for row in office.store.outgoing(receipt.conversation.id)}
    assert Delivery.QUEUED is rows[waiting.id]


def test_what_still_waited_to_be_said_takes_none_of_her_words_along(office: Office) -> None:
    incoming = says("我爸心脏病", contact="o1", key="heart")
    asked = office.store.receive(incoming, worker="w", now=office.clock.now())
    said = [(Author.SAFETY, Answer("马上打 120")), (Author.BOT, Answer("心脏病平时要注意"))]
    office.store.answer(asked.message.id, said, now=office.clock.now(), topic="heart")
    privacy(office).erase("o1", privacy(office).ask("o1"))
    assert "心脏" not in everything(office, "o1")
    left = office.store.outgoing(asked.conversation.id)
    assert [("马上打 120", None, Delivery.QUEUED)] == [(r.answer.text, r.message_id, r.state) for r in left]
    later = office.store.receive(says("在吗", contact="o1", key="later"), worker="w", now=office.clock.now())
    assert "马上打 120" == office.store.compose(
        later.message.id, lambda rows: Carried(rows[0].answer.text, [rows[0].id]), now=office.clock.now()
    )


def test_what_is_being_sent_can_still_be_settled(office: Office) -> None:
    incoming = says("我爸心脏病", contact="o1", key="heart")
    asked = office.store.receive(incoming, worker="w", now=office.clock.now())
    (row,) = office.store.answer(asked.message.id, [(Author.BOT, Answer("打 120"))], now=office.clock.now())
    assert office.store.sending(row.id, now=office.clock.now())
    privacy(office).erase("o1", privacy(office).ask("o1"))
    office.store.settle(row.id, Delivery.SENT, now=office.clock.now())
    assert "心脏" not in everything(office, "o1")


def test_a_message_still_in_work_keeps_its_answers(office: Office) -> None:
    incoming = says("我爸心脏病", contact="o1", key="heart")
    asked = office.store.receive(incoming, worker="w", now=office.clock.now())
    safety = [(Author.SAFETY, Answer("马上打 120"))]
    office.store.answer(asked.message.id, safety, now=office.clock.now(), handled=False)
    privacy(office).erase("o1", privacy(office).ask("o1"))
    assert [asked.message.id] == [row.message_id for row in office.store.outgoing(asked.conversation.id)]


def test_without_the_token_nothing_is_erased(office: Office) -> None:
    talk(office, "o1")
    talk(office, "o2")
    service = privacy(office)
    theirs = service.ask("o2")
    first = service.ask("o1")
    second = service.ask("o1")
    for wrong in ("", "是", theirs, first, "é", "0" * 100_000):
        with pytest.raises(Conflict):
            service.erase("o1", wrong)
    office.clock.advance(minutes=10)
    with pytest.raises(Conflict):
        service.erase("o1", second)
    assert 1 == service.stored("o1").messages


def test_a_token_is_good_once(office: Office) -> None:
    talk(office)
    token = privacy(office).ask("o1")
    privacy(office).erase("o1", token)
    with pytest.raises(Conflict):
        privacy(office).erase("o1", token)


def test_a_stranger_has_nothing_to_erase(office: Office) -> None:
    with pytest.raises(NotFound):
        privacy(office).stored("nobody")
    with pytest.raises(NotFound):
        privacy(office).ask("nobody")


def test_a_case_in_work_stays_until_it_is_done_then_it_names_nobody(office: Office) -> None:
    picture = office.photo("o1")
    named = {"anonymous": False, "name": "王小明", "phone": "13800138000", "evidence": (picture,)}
    filed = office.file("o1", **named)
    office.cases.add("o1", filed.number, "打我电话 13900139000")
    erased = privacy(office).erase("o1", privacy(office).ask("o1"))
    assert ("open_cases", "trail") == erased.kept
    assert "王小明" == office.cases.look_up("o1", filed.number).name
    office.casework.answer(filed.number, "li", "查处了")
    office.casework.close(filed.number, "li")
    assert [] == office.cases.mine("o1")
    dossier = office.casework.show(filed.number, "li")
    assert ("", "", None) == (dossier.case.name, dossier.case.phone, dossier.case.conversation_id)
    assert not any(word in everything(office, "o1") for word in ("王小明", "13800138000", "13900139000"))
    assert "化工厂" in dossier.case.what
    assert [None] == [medium.conversation_id for medium in dossier.media]


def test_a_done_case_becomes_a_file_without_her_at_once(office: Office) -> None:
    filed = office.file("o1", anonymous=False, name="王小明", phone="13800138000")
    office.casework.reject(filed.number, "li", "不归我们管")
    assert ("case_files", "trail") == privacy(office).erase("o1", privacy(office).ask("o1")).kept
    assert "王小明" not in everything(office, "o1")
    assert filed.what == office.casework.show(filed.number, "li").case.what


def test_no_fact_leads_to_a_case_that_names_nobody(office: Office) -> None:
    filed = office.file("o1")
    office.casework.reject(filed.number, "li", "不归我们管")
    key, now = last_filed(office.store.find("o1").id), office.clock.now()
    office.store.remember(key, filed.number, now=now, expires_at=now + timedelta(hours=3))
    privacy(office).erase("o1", privacy(office).ask("o1"))
    assert not office.store.recall(key, now=now)


def test_while_money_is_on_its_way_she_stays_reachable(office: Office) -> None:
    number = office.file("o1").number
    approved(office, number)
    office.casework.answer(number, "li", "查处了")
    office.casework.close(number, "li")
    erased = privacy(office).erase("o1", privacy(office).ask("o1"))
    assert ("open_cases", "rewards", "trail") == erased.kept
    office.rewards.claim(number, "li")
    office.rewards.pay(number, "li")
    assert None is office.casework.show(number, "li").case.conversation_id


def test_photos_of_no_case_are_deleted_and_those_of_a_case_are_not(office: Office) -> None:
    loose, bound = office.photo("o1"), office.photo("o1")
    with office.store.work() as work:
        for medium in work.all(Medium):
            work.save(replace(medium, state=MediumState.KEPT, digest=f"{medium.id}" * 64))
    office.file("o1", other(0), evidence=(bound,))
    privacy(office).erase("o1", privacy(office).ask("o1"))
    with office.store.work() as work:
        states = {medium.digest[0]: medium.state for medium in work.all(Medium)}
        assert [None] == [m.conversation_id for m in work.all(Medium, where("state", MediumState.ERASING))]
    assert [MediumState.ERASING, MediumState.KEPT] == list(states.values())
    assert loose != bound


def test_what_the_audit_trail_quotes_is_gone(office: Office) -> None:
    talk(office)
    found = office.store.find("o1")
    office.store.record(
        found.id, actor="system", name="danger", now=office.clock.now(), kind="suicide", evidence=["不想活了"]
    )
    privacy(office).erase("o1", privacy(office).ask("o1"))
    assert "不想活了" not in everything(office, "o1")
    assert "danger" in [event.name for event in office.store.events(found.id)]


def test_numbers_go_on_after_an_erasure(office: Office) -> None:
    """Ids are never given a second time while anything refers to them."""
    talk(office, "o1")
    privacy(office).erase("o1", privacy(office).ask("o1"))
    talk(office, "o2")
    talk(office, "o3")
    ids = [m.id for c in ("o2", "o3") for m in office.store.messages(office.store.find(c).id)]
    assert 2 == len(set(ids))


def test_the_dialogue_engines_memory_is_erased_too(database_url: str) -> None:
    from xiaoxiao.store.migration import migrate

    migrate(database_url)
    office = Office(SqlStore(database_url))
    talk(office)
    store = office.store
    assert isinstance(store, SqlStore)
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE dialogue_trackers (sender_id TEXT PRIMARY KEY, events TEXT)"))
        connection.execute(text("INSERT INTO dialogue_trackers VALUES ('o1', '心脏病'), ('o2', '别人的')"))
    assert 1 == privacy(office).stored("o1").trackers
    assert 1 == privacy(office).erase("o1", privacy(office).ask("o1")).deleted.trackers
    with store.engine.begin() as connection:
        assert ["o2"] == list(connection.execute(text("SELECT sender_id FROM dialogue_trackers")).scalars())
    store.close()
