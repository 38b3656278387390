"""A report's whole way through the platform: photo fetched and kept, number given, staff's answer on the phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.scripted_office import START, Office, says
from tests.unit.media.test_kinds import JPEG
from xiaoxiao.clock import SettableClock
from xiaoxiao.desk.draft import Draft
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.store.case import CaseState
from xiaoxiao.store.conversation import Delivery
from xiaoxiao.store.medium import Medium, MediumState
from xiaoxiao.store.migration import migrate
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.sql import SqlStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    url = f"sqlite:///{tmp_path / 'xiaoxiao.db'}"
    migrate(url)
    made = SqlStore(url)
    yield made
    made.close()


@pytest.fixture
def office(store: ConversationStore, tmp_path: Path) -> Office:
    office = Office(store, SettableClock(START), MEDIA_STORAGE=str(tmp_path / "media"))
    office.engine.replies = {text: says("好的") for text in ("东风路化工厂排黄水", "在吗")}
    return office


def media(office: Office) -> list[Medium]:
    with office.store.work(only_reads=True) as work:
        return work.all(Medium)


async def report(office: Office, citizen: Citizen) -> str:
    await citizen.says("东风路化工厂排黄水")
    await citizen.sends_photo(JPEG)
    message = office.messages(citizen)[-1]
    draft = Draft("东风路化工厂排黄水", evidence=(message.id,), confirmed_by=message.id)
    return office.application.services.cases.file(citizen.openid, draft).case.number


async def test_a_photo_a_video_and_a_voice_message_are_fetched_through_the_api(office: Office) -> None:
    citizen = office.citizen()
    await citizen.sends_photo(JPEG)
    await citizen.sends_video(b"\x00\x00\x00\x18ftypisom" + bytes(50))
    await citizen.speaks(audio=b"#!AMR\n" + bytes(50))
    assert [MediumState.PENDING] * 3 == [medium.state for medium in media(office)]
    office.start()  # the process died; another one goes on
    collector = office.application.collector
    assert collector is not None
    assert 3 == await collector.run_once()
    kept = media(office)
    assert ["image/jpeg", "video/mp4", "audio/amr"] == [medium.content_type for medium in kept]
    assert JPEG == office.application.services.library.show(kept[0].id, "li").content


async def test_what_the_platform_has_deleted_is_gone_and_said_so(office: Office) -> None:
    await office.citizen().sends_photo(JPEG)
    office.clock.advance(days=3, seconds=1)
    collector = office.application.collector
    assert collector is not None
    await collector.run_once()
    assert [MediumState.GONE] == [medium.state for medium in media(office)]


async def test_staffs_answer_reaches_her_phone_while_the_window_is_open(office: Office) -> None:
    citizen = office.citizen()
    number = await report(office, citizen)
    office.application.services.casework.answer(number, "li", "已责令停产整改。")
    await office.empties_outbox()
    assert await citizen.waits_for("已责令停产整改。", seconds=1)


async def test_after_two_days_the_answer_waits_for_her_next_word(office: Office) -> None:
    citizen = office.citizen()
    number = await report(office, citizen)
    office.clock.advance(hours=49)
    office.application.services.casework.answer(number, "li", "已责令停产整改。")
    await office.empties_outbox()
    assert Delivery.HELD is office.outgoing(citizen)[-1].state
    said = await citizen.says("在吗")
    assert "已责令停产整改。" in said.text
    assert number in said.text


async def test_five_taps_are_offered_and_a_bad_one_opens_the_case_again(office: Office) -> None:
    citizen = office.citizen()
    number = await report(office, citizen)
    services = office.application.services
    services.casework.answer(number, "li", "修好了")
    offered = office.outgoing(citizen)[-1].answer.buttons
    payload = offered[0].payload
    assert payload.startswith("/rate_case")
    slots = json.loads(payload.removeprefix("/rate_case"))
    rated = services.satisfaction.rate(citizen.openid, slots["number"], int(slots["score"]))
    assert rated.reopened
    assert CaseState.REOPENED is services.cases.look_up(citizen.openid, number).state


async def test_erased_photos_leave_the_disk(office: Office, tmp_path: Path) -> None:
    citizen = office.citizen()
    await citizen.sends_photo(JPEG)
    collector, privacy = office.application.collector, office.application.services.privacy
    assert collector is not None
    await collector.run_once()
    assert 1 == len([path for path in (tmp_path / "media").rglob("*") if path.is_file()])
    privacy.erase(citizen.openid, privacy.ask(citizen.openid))
    await collector.run_once()
    assert [] == [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert [] == media(office)


async def test_upkeep_closes_and_is_done_by_one_worker(office: Office) -> None:
    citizen = office.citizen()
    number = await report(office, citizen)
    first = office.application.services
    first.casework.answer(number, "li", "修好了")
    office.clock.advance(days=7)
    second = office.start().services
    assert (0, 1, 0) == first.upkeep.run_once()
    assert (0, 0, 0) == second.upkeep.run_once()


async def test_upkeep_alerts_staff_of_a_case_that_is_late_also_in_a_new_process(office: Office) -> None:
    await report(office, office.citizen())
    office.clock.advance(days=3)
    assert (1, 0, 0) == office.application.services.upkeep.run_once()
    office.clock.advance(hours=1)
    assert (0, 0, 0) == office.start().services.upkeep.run_once()
