"""Every query on the office's own back end: what it answers is checked as an imported file is."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from xiaoxiao.clock import Clock
from xiaoxiao.errors import InvalidRequest
from xiaoxiao.queries.alerts import Alert, Level
from xiaoxiao.queries.backend import Backend
from xiaoxiao.queries.bureaus import Bureau
from xiaoxiao.queries.cache import Cache
from xiaoxiao.queries.columns import BadRow
from xiaoxiao.queries.entries import Entry
from xiaoxiao.queries.errors import BadAnswer, NoData
from xiaoxiao.queries.findings import Findings, Origin
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
from xiaoxiao.queries.plate_masking import without_near_plates, without_plates
from xiaoxiao.queries.positions import Position
from xiaoxiao.queries.quakes import Quake
from xiaoxiao.queries.selection import (
    MOST,
    active_typhoons,
    alerts_in_force,
    announced,
    latest_news,
    latest_quakes,
    nearest,
    within,
)
from xiaoxiao.queries.shelters import NearbyShelter
from xiaoxiao.queries.suspensions import Suspended, Suspension
from xiaoxiao.queries.typhoons import Typhoon
from xiaoxiao.queries.violations import OwnerClaim, ViolationRecord
from xiaoxiao.queries.wire import read_batch, read_findings, read_violations

log = logging.getLogger(__name__)
R = TypeVar("R")


class _Sourced(Protocol):
    @property
    def origin(self) -> Origin: ...


S = TypeVar("S", bound=_Sourced)


class Remote:
    """What all of them share: the back end, and for how long the answers of each kind are kept.

    `samples` False: a back end that answers with sample data has no data (a deployment with a real account).
    """

    def __init__(
        self, backend: Backend, clock: Clock, keep: Mapping[str, timedelta], *, samples: bool
    ) -> None:
        self.backend = backend
        self._clock = clock
        self._cache = Cache(clock)
        self._keep = keep
        self._samples = samples

    @property
    def now(self) -> datetime:
        return self._clock.now()

    def read(self, name: str, read: Callable[[Any], S], answer: Any) -> S:
        """What the answer says. BadAnswer, NoData."""
        try:
            found = read(answer)
        except BadRow as problem:
            log.warning("query back end answers badly", extra={"operation": name, "problem": str(problem)})
            raise BadAnswer from None
        if found.origin.is_sample and not self._samples:
            raise NoData
        return without_plates(found)

    async def ask(
        self, name: str, path: str, read: Callable[[Any], S], /, **params: str | int | float | None
    ) -> S:
        """GET, read, kept for a while. A parameter of None is left out."""
        given = {key: value for key, value in params.items() if value is not None}

        async def asked() -> S:
            return self.read(name, read, await self.backend.get(path, given, name=name))

        key = f"{path}?{sorted(given.items())}"
        answer: S = await self._cache.get(key, self._keep.get(name, timedelta(0)), asked)
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
        found = self._remote.read("violations", lambda said: read_violations(said, claim), answer)
        return replace(found, items=without_near_plates(found.items))


class RemoteFoodTrace(_Of):
    async def trace(self, code: str) -> FoodBatch:
        if not re.fullmatch(r"[0-9]{20}", code):
            raise InvalidRequest("追溯码应为 20 位数字。")
        return await self._remote.ask("food", f"food/{code}", lambda answer: read_batch(answer, code))


class RemoteAlerts(_Of):
    async def in_force(
        self, *, district: str | None = None, level: Level | None = None, kind: str | None = None
    ) -> Findings[Alert]:
        """What has ended is left out, whatever the back end says."""
        found = await self._remote.list(
            ALERTS, district=_short(district), level=level.value if level else None, kind=_short(kind)
        )
        return replace(found, items=alerts_in_force(found.items, self._remote.now))


class RemoteQuakes(_Of):
    async def latest(self, *, limit: int = 5) -> Findings[Quake]:
        found = await self._remote.list(QUAKES, limit=within(limit))
        return replace(found, items=latest_quakes(found.items, self._remote.now, limit))


class RemoteTyphoons(_Of):
    async def active(self) -> Findings[Typhoon]:
        found = await self._remote.list(TYPHOONS)
        return replace(found, items=active_typhoons(found.items, self._remote.now))


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
        near = nearest(found.items, position, limit, barrier_free)
        return Findings(near, found.origin, found.incomplete)


class RemoteBureaus(_Of):
    async def find(
        self, purpose: str, *, city: str | None = None, district: str | None = None, limit: int = 3
    ) -> Findings[Bureau]:
        found = await self._remote.list(
            BUREAUS,
            purpose=_short(purpose) or "-",
            city=_short(city),
            district=_short(district),
            limit=within(limit),
        )
        return replace(found, items=found.items[:limit])


class RemoteEntries(_Of):
    async def find(self, matter: str, *, limit: int = 3) -> Findings[Entry]:
        found = await self._remote.list(ENTRIES, matter=_short(matter) or "-", limit=within(limit))
        return replace(found, items=found.items[:limit])


class RemoteSuspensions(_Of):
    async def announced(
        self, *, district: str | None = None, what: Suspended | None = None
    ) -> Findings[Suspension]:
        found = await self._remote.list(
            SUSPENSIONS, district=_short(district), what=what.value if what else None
        )
        return replace(found, items=announced(found.items, self._remote.now))


class RemoteNews(_Of):
    async def latest(self, *, limit: int = 5) -> Findings[NewsItem]:
        found = await self._remote.list(NEWS, limit=within(limit))
        return replace(found, items=latest_news(found.items, self._remote.now, limit))


def _short(words: str | None) -> str | None:
    """As much of a citizen's words as the contract allows."""
    return (words.strip()[:100] or None) if words else None
