"""Every query on the office's own back end: what it answers is checked as an imported file is."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from xiaoxiao.errors import InvalidRequest
from xiaoxiao.queries.alerts import Alert, Level
from xiaoxiao.queries.backend import Backend
from xiaoxiao.queries.bureaus import Bureau
from xiaoxiao.queries.cache import Cache
from xiaoxiao.queries.columns import BadRow
from xiaoxiao.queries.entries import Entry
from xiaoxiao.queries.errors import BadAnswer
from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.food_trace import FoodBatch
from xiaoxiao.queries.kinds import (
    ALERTS,
    BUREAUS,
    ENTRIES,
    NEWS,
    QUAKES,
    SHELTERS,
    SUSPENSIONS,
    TYPHOONS,
    Kind,
)
from xiaoxiao.queries.news import NewsItem
from xiaoxiao.queries.plates import find_plates
from xiaoxiao.queries.positions import Position, distance_m
from xiaoxiao.queries.quakes import Quake
from xiaoxiao.queries.shelters import NearbyShelter
from xiaoxiao.queries.suspensions import Suspended, Suspension
from xiaoxiao.queries.typhoons import Typhoon
from xiaoxiao.queries.violations import OwnerClaim, ViolationRecord
from xiaoxiao.queries.wire import read_batch, read_findings, read_violations

log = logging.getLogger(__name__)
R = TypeVar("R")
MOST = 20


class Remote:
    """What all of them share: the back end, the cache, and for how long each kind is kept."""

    def __init__(self, backend: Backend, cache: Cache, keep: Mapping[str, timedelta]) -> None:
        self.backend = backend
        self._cache = cache
        self._keep = keep

    async def ask(
        self, name: str, path: str, read: Callable[[Any], R], /, **params: str | int | float | None
    ) -> R:
        """GET, read, kept for a while. A parameter of None is left out."""
        given = {key: value for key, value in params.items() if value is not None}

        async def asked() -> R:
            answer = await self.backend.get(path, given, name=name)
            try:
                return read(answer)
            except BadRow as problem:
                log.warning(
                    "query back end answers badly", extra={"operation": name, "problem": str(problem)}
                )
                raise BadAnswer from None

        key = f"{path}?{sorted(given.items())}"
        answer: R = await self._cache.get(key, self._keep.get(name, timedelta(0)), asked)
        return answer

    async def list(self, kind: Kind[R], /, **params: str | int | float | None) -> Findings[R]:
        return await self.ask(kind.name, kind.name, lambda answer: read_findings(kind, answer), **params)


class _Of:
    def __init__(self, remote: Remote) -> None:
        self._remote = remote


class RemoteViolations(_Of):
    async def look_up(self, claim: OwnerClaim) -> Findings[ViolationRecord]:
        """Never kept, never repeated; the answer must be about this vehicle."""
        body = {
            "plate": claim.plate.number,
            "plate_type": claim.plate_type.value,
            "engine_tail": claim.engine_tail,
        }
        answer = await self._remote.backend.post("violations", body, name="violations")
        try:
            found = read_violations(answer, claim)
        except BadRow as problem:
            log.warning(
                "query back end answers badly", extra={"operation": "violations", "problem": str(problem)}
            )
            raise BadAnswer from None
        return replace(found, items=tuple(_without_plates(record) for record in found.items))


class RemoteFoodTrace(_Of):
    async def trace(self, code: str) -> FoodBatch:
        if not re.fullmatch(r"[0-9]{20}", code):
            raise InvalidRequest("追溯码应为 20 位数字。")
        return await self._remote.ask("food", f"food/{code}", lambda answer: read_batch(answer, code))


class RemoteAlerts(_Of):
    async def in_force(
        self, *, district: str | None = None, level: Level | None = None, kind: str | None = None
    ) -> Findings[Alert]:
        return await self._remote.list(
            ALERTS, district=_short(district), level=level.value if level else None, kind=_short(kind)
        )


class RemoteQuakes(_Of):
    async def latest(self, *, limit: int = 5) -> Findings[Quake]:
        return await self._remote.list(QUAKES, limit=_within(limit))


class RemoteTyphoons(_Of):
    async def active(self) -> Findings[Typhoon]:
        return await self._remote.list(TYPHOONS)


class RemoteShelters(_Of):
    async def near(
        self, position: Position, *, limit: int = 3, barrier_free: bool = False
    ) -> Findings[NearbyShelter]:
        """The back end learns only roughly where she is; who is nearest is worked out here."""
        about = position.rounded()
        found = await self._remote.list(
            SHELTERS,
            latitude=about.latitude,
            longitude=about.longitude,
            limit=MOST,
            barrier_free="true" if barrier_free else None,
        )
        near = [
            NearbyShelter(shelter, distance_m(position, shelter.position))
            for shelter in found.items
            if shelter.barrier_free or not barrier_free
        ]
        near.sort(key=lambda one: one.distance_m)
        return Findings(tuple(near[: _within(limit)]), found.origin, found.incomplete)


class RemoteBureaus(_Of):
    async def find(
        self, purpose: str, *, city: str | None = None, district: str | None = None, limit: int = 3
    ) -> Findings[Bureau]:
        return await self._remote.list(
            BUREAUS,
            purpose=_short(purpose) or "-",
            city=_short(city),
            district=_short(district),
            limit=_within(limit),
        )


class RemoteEntries(_Of):
    async def find(self, matter: str, *, limit: int = 3) -> Findings[Entry]:
        return await self._remote.list(ENTRIES, matter=_short(matter) or "-", limit=_within(limit))


class RemoteSuspensions(_Of):
    async def announced(
        self, *, district: str | None = None, what: Suspended | None = None
    ) -> Findings[Suspension]:
        return await self._remote.list(
            SUSPENSIONS, district=_short(district), what=what.value if what else None
        )


class RemoteNews(_Of):
    async def latest(self, *, limit: int = 5) -> Findings[NewsItem]:
        return await self._remote.list(NEWS, limit=_within(limit))


def _short(words: str | None) -> str | None:
    """As much of a citizen's words as the contract allows."""
    return (words.strip()[:100] or None) if words else None


def _within(limit: int) -> int:
    return max(1, min(MOST, limit))


def _without_plates(record: ViolationRecord) -> ViolationRecord:
    """No plate at all in the words of a record: another's is nobody's business."""
    return replace(record, place=_masked(record.place), act=_masked(record.act))


def _masked(words: str) -> str:
    for reading in reversed(find_plates(words)):
        shown = reading.plate.masked if reading.plate else "***"
        words = words[: reading.start] + shown + words[reading.end :]
    return words
