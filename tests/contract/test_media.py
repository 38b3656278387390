"""Fetching media on every store: each once, none forgotten, none kept that is not wanted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from tests.contract.storing import NOW, says
from tests.unit.media.test_kinds import JPEG
from xiaoxiao.clock import SettableClock
from xiaoxiao.errors import NotFound, StorageUnavailable
from xiaoxiao.media.collector import Collector
from xiaoxiao.media.library import Library
from xiaoxiao.media.source import MediaGone, MediaRefused, MediaUnavailable
from xiaoxiao.media.storage import MemoryStorage, digest_of
from xiaoxiao.store.medium import Medium, MediumState
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.records import where

LIMIT = 10_000


@dataclass
class Shelf:
    """A platform that gives what it has, or what it is told to raise."""

    answers: dict[str, bytes | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, medium: Medium, *, limit: int) -> bytes:
        self.asked.append(medium.source)
        await asyncio.sleep(0)
        answer = self.answers[medium.source]
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Desk:
    store: ConversationStore
    clock: SettableClock = field(default_factory=lambda: SettableClock(NOW))
    shelf: Shelf = field(default_factory=Shelf)
    storage: MemoryStorage = field(default_factory=MemoryStorage)

    def __post_init__(self) -> None:
        self.collector = self.worker()
        self.library = Library(self.store, self.storage, self.clock)

    def worker(self) -> Collector:
        return Collector(self.store, self.storage, self.shelf, self.clock, limit=LIMIT)

    def sends(
        self, key: str, answer: bytes | Exception = JPEG, *, kind: str = "image", **more: object
    ) -> Medium:
        self.shelf.answers[key] = answer
        fields = {"MediaId": key, "PicUrl": "", **more}
        incoming = says("", key=key, kind=kind, fields=fields)
        message = self.store.receive(incoming, worker="w", now=self.clock.now()).message
        return self.library.of_messages([message.id])[0]

    def now(self, medium: Medium) -> Medium:
        with self.store.work(only_reads=True) as work:
            return work.all(Medium, where("id", medium.id))[0]


@pytest.fixture
def desk(store: ConversationStore) -> Desk:
    return Desk(store)


async def test_a_photo_is_kept_under_its_hash(desk: Desk) -> None:
    medium = desk.sends("m1")
    assert 1 == await desk.collector.run_once()
    kept = desk.now(medium)
    assert (MediumState.KEPT, digest_of(JPEG), len(JPEG), "image/jpeg") == (
        kept.state,
        kept.digest,
        kept.size,
        kept.content_type,
    )
    assert JPEG == desk.library.show(medium.id, "li").content
    assert 0 == await desk.collector.run_once()


async def test_two_workers_fetch_it_once(desk: Desk) -> None:
    for key in "abc":
        desk.sends(key)
    await asyncio.gather(*(desk.worker().run_once() for _ in range(3)))
    assert ["a", "b", "c"] == sorted(desk.shelf.asked)


async def test_what_a_dead_worker_left_is_fetched_by_the_next(desk: Desk) -> None:
    medium = desk.sends("m1")
    desk.collector._take()
    assert 0 == await desk.worker().run_once()
    desk.clock.advance(minutes=3)
    assert 1 == await desk.worker().run_once()
    assert MediumState.KEPT is desk.now(medium).state


async def test_a_platform_that_is_away_is_asked_again_later(desk: Desk) -> None:
    medium = desk.sends("m1", MediaUnavailable("busy"))
    await desk.collector.run_once()
    assert 0 == await desk.collector.run_once()
    desk.shelf.answers["m1"] = JPEG
    desk.clock.advance(seconds=5)
    await desk.collector.run_once()
    assert MediumState.KEPT is desk.now(medium).state


async def test_it_is_asked_not_before_the_platform_wants(desk: Desk) -> None:
    desk.sends("m1", MediaUnavailable("quota", after=timedelta(hours=2)))
    await desk.collector.run_once()
    desk.clock.advance(minutes=119)
    assert 0 == await desk.collector.run_once()


async def test_a_full_storage_loses_nothing(desk: Desk) -> None:
    class Full(MemoryStorage):
        def put(self, content: bytes, content_type: str) -> str:
            raise StorageUnavailable

    medium = desk.sends("m1")
    await Collector(desk.store, Full(), desk.shelf, desk.clock, limit=LIMIT).run_once()
    assert MediumState.PENDING is desk.now(medium).state
    desk.clock.advance(seconds=5)
    await desk.collector.run_once()
    assert MediumState.KEPT is desk.now(medium).state


async def test_after_three_days_it_is_gone(desk: Desk) -> None:
    medium = desk.sends("m1", MediaUnavailable("away"))
    desk.clock.advance(days=3)
    await desk.collector.run_once()
    assert MediumState.GONE is desk.now(medium).state
    with pytest.raises(NotFound, match="没能取回"):
        desk.library.show(medium.id, "li")


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        (MediumState.GONE, MediaGone("40007")),
        (MediumState.REFUSED, MediaRefused("too large")),
        (MediumState.REFUSED, b"<html>"),
        (MediumState.REFUSED, b""),
        (MediumState.REFUSED, JPEG + bytes(LIMIT)),
    ],
)
async def test_what_cannot_be_had_is_not_asked_for_again(
    desk: Desk, state: MediumState, answer: bytes | Exception
) -> None:
    medium = desk.sends("m1", answer)
    await desk.collector.run_once()
    desk.clock.advance(hours=2)
    assert 0 == await desk.collector.run_once()
    assert state is desk.now(medium).state


async def test_one_that_breaks_does_not_stop_the_others(desk: Desk) -> None:
    broken, good = desk.sends("a", ValueError("a library broke")), desk.sends("b")
    await desk.collector.run_once()
    assert [MediumState.PENDING, MediumState.KEPT] == [desk.now(broken).state, desk.now(good).state]


async def test_nobody_fills_the_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiaoxiao.media.collector.MOST_A_DAY", 2)
    sent = [desk.sends(key) for key in "ab"]
    await desk.collector.run_once()
    sent.append(desk.sends("c"))
    await desk.collector.run_once()
    assert ["kept", "kept", "refused"] == [desk.now(medium).state.value for medium in sent]
    desk.clock.advance(days=1, seconds=1)
    tomorrow = desk.sends("d")
    await desk.collector.run_once()
    assert MediumState.KEPT is desk.now(tomorrow).state


async def test_voice_and_video_are_kept_too(desk: Desk) -> None:
    voice = desk.sends("v", bytes(range(50, 90)), kind="voice", Format="speex")
    video = desk.sends("f", b"\x00\x00\x00\x18ftypisom", kind="video")
    await desk.collector.run_once()
    assert ["audio/speex", "video/mp4"] == [desk.now(each).content_type for each in (voice, video)]


async def test_who_looks_is_written_down(desk: Desk) -> None:
    medium = desk.sends("m1")
    await desk.collector.run_once()
    desk.library.show(medium.id, "li")
    trail = desk.store.events(medium.conversation_id or 0)
    assert [("li", "seen", f"medium:{medium.id}")] == [(e.actor, e.name, e.data["what"]) for e in trail]


async def test_an_erased_file_is_deleted_unless_somebody_else_sent_the_same(desk: Desk) -> None:
    one, same, other = desk.sends("a"), desk.sends("b"), desk.sends("c", JPEG + b"2")
    await desk.collector.run_once()
    _doom(desk, one)
    _doom(desk, other)
    await desk.collector.run_once()
    assert desk.storage.has(digest_of(JPEG))
    assert not desk.storage.has(digest_of(JPEG + b"2"))
    _doom(desk, same)
    await desk.collector.run_once()
    assert not desk.storage.has(digest_of(JPEG))


async def test_what_is_erased_while_it_is_fetched_is_not_kept(desk: Desk) -> None:
    medium = desk.sends("m1")
    taken = desk.collector._take()
    with desk.store.work() as work:
        work.save(replace(desk.now(medium), state=MediumState.GONE))
    await desk.collector._collect(taken[0])
    assert MediumState.GONE is desk.now(medium).state
    assert not desk.storage.has(digest_of(JPEG))


def _doom(desk: Desk, medium: Medium) -> None:
    found = desk.now(medium)
    with desk.store.work() as work:
        work.save(replace(found, state=MediumState.ERASING, conversation_id=None, message_id=None))
