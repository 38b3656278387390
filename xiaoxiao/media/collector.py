"""The job that fetches what citizens sent before the platform deletes it, and deletes what she wants erased."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from xiaoxiao.clock import Clock
from xiaoxiao.errors import XiaoxiaoError
from xiaoxiao.media.kinds import WrongKind, kind_of
from xiaoxiao.media.source import MediaGone, MediaRefused, MediaSource, MediaUnavailable
from xiaoxiao.media.storage import Storage
from xiaoxiao.store.medium import Medium, MediumState
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.records import Work, where

log = logging.getLogger(__name__)

#: the platform keeps temporary media for so long (临时素材)
KEPT_BY_PLATFORM = timedelta(days=3)
#: longer than any fetching lasts: what is still pending then was left by a dead worker
LEASE = timedelta(minutes=3)
#: before the next attempt, by the number of those made; the last one again and again until it is gone
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600))
_AT_ONCE = 20
#: of one person: a hundred photos are evidence, thousands are somebody filling the disk
MOST_A_DAY = 100

T = TypeVar("T")


class Collector:
    """`run()` for good, or `run_once()` as often as wanted. Safe with any number of workers on one store."""

    def __init__(
        self,
        store: ConversationStore,
        storage: Storage,
        source: MediaSource,
        clock: Clock,
        *,
        limit: int,
        concurrency: int = 3,
        poll_seconds: float = 2.0,
    ) -> None:
        """`limit`: bytes of one file."""
        self._store = store
        self._storage = storage
        self._source = source
        self._clock = clock
        self._limit = limit
        self._places = asyncio.Semaphore(concurrency)
        self._poll_seconds = poll_seconds

    async def run(self) -> None:
        """Until cancelled. A database or storage that is away is waited for."""
        while True:
            try:
                busy = await self.run_once()
            except XiaoxiaoError:
                log.warning("media wait for the database", exc_info=True)
                busy = 0
            except Exception:  # one bad row must not end the job for all others
                log.exception("collecting media failed")
                busy = 0
            if not busy:
                await asyncio.sleep(self._poll_seconds)

    async def run_once(self) -> int:
        """Fetch what is due, delete what is to be erased; how many there were."""
        taken = await self._call(self._take)
        await asyncio.gather(*(self._collect(medium) for medium in taken))
        return len(taken) + await self._call(self._erase)

    # --- fetching

    def _take(self) -> list[Medium]:
        """Ours until the lease ends."""
        now = self._clock.now()
        with self._store.work(only_reads=True) as work:
            if not _due(work, now):
                return []
        with self._store.work() as work:
            work.alone("media")
            taken = [
                replace(medium, attempts=medium.attempts + 1, next_attempt_at=now + LEASE)
                for medium in _due(work, now)
            ]
            for medium in taken:
                work.save(medium)
            return taken

    async def _collect(self, medium: Medium) -> None:
        async with self._places:
            try:
                await self._call(self._check_share, medium)
                content = await self._source.fetch(medium, limit=self._limit)
                await self._call(self._keep, medium, content)
            except (MediaRefused, WrongKind) as problem:
                await self._call(self._settle, medium, MediumState.REFUSED, str(problem))
            except MediaGone as problem:
                await self._call(self._settle, medium, MediumState.GONE, str(problem))
            except MediaUnavailable as problem:
                await self._call(self._try_again, medium, str(problem), problem.after)
            except Exception as problem:  # the storage is full, a library broke: the photo is still there
                log.warning("medium not kept", exc_info=True, extra={"medium_id": medium.id})
                await self._call(self._try_again, medium, type(problem).__name__, timedelta(0))

    def _check_share(self, medium: Medium) -> None:
        hers = where("conversation_id", medium.conversation_id), where("state", MediumState.KEPT)
        since = where("created_at", medium.created_at - timedelta(days=1), "from")
        with self._store.work(only_reads=True) as work:
            if work.count(Medium, *hers, since) >= MOST_A_DAY:
                raise MediaRefused(f"more than {MOST_A_DAY} files of one person in a day")

    def _keep(self, medium: Medium, content: bytes) -> None:
        if len(content) > self._limit:
            raise MediaRefused(f"more than {self._limit} bytes")
        content_type = kind_of(content, medium.kind, format=medium.format)
        digest = self._storage.put(content, content_type)
        kept = {"digest": digest, "size": len(content), "content_type": content_type}
        if not self._settle(medium, MediumState.KEPT, "", **kept):
            self._delete_unless_used(digest)  # erased while it was on its way
        elif not self._storage.has(digest):
            self._storage.put(content, content_type)  # deleted for somebody else at this very moment

    def _try_again(self, medium: Medium, error: str, after: timedelta) -> None:
        now = self._clock.now()
        if now - medium.created_at >= KEPT_BY_PLATFORM:
            self._settle(medium, MediumState.GONE, error)
            return
        wait = max(after, BACK_OFF[min(medium.attempts, len(BACK_OFF)) - 1])
        self._settle(medium, MediumState.PENDING, error, next_attempt_at=now + wait)

    def _settle(self, medium: Medium, state: MediumState, error: str, **changes: Any) -> bool:
        """False when it is no longer wanted."""
        with self._store.work() as work:
            present = work.all(Medium, where("id", medium.id), where("state", MediumState.PENDING))
            if not present:
                return False
            changes.setdefault("next_attempt_at", None)
            # read again: meanwhile it may have come to belong to a case
            work.save(replace(work.one(Medium, where("id", medium.id)), state=state, error=error, **changes))
            return True

    # --- erasing

    def _erase(self) -> int:
        with self._store.work(only_reads=True) as work:
            doomed = work.all(Medium, where("state", MediumState.ERASING), limit=_AT_ONCE)
        for medium in doomed:
            self._delete_unless_used(medium.digest)
            with self._store.work() as work:
                work.remove(Medium, where("id", medium.id), where("state", MediumState.ERASING))
        return len(doomed)

    def _delete_unless_used(self, digest: str) -> None:
        with self._store.work(only_reads=True) as work:
            used = work.count(Medium, where("digest", digest), where("state", MediumState.KEPT))
        if not used:
            self._storage.delete(digest)

    async def _call(self, method: Callable[..., T], *args: Any) -> T:
        return await asyncio.to_thread(method, *args)


def _due(work: Work, now: datetime) -> list[Medium]:
    pending = work.all(Medium, where("state", MediumState.PENDING), limit=1000)
    return [m for m in pending if m.next_attempt_at is None or m.next_attempt_at <= now][:_AT_ONCE]
