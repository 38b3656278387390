"""Every query on the office's own records: in memory or embedded, the ports do not notice."""

from __future__ import annotations

import asyncio
import re
from typing import TypeVar

from xiaoxiao.clock import Clock
from xiaoxiao.errors import InvalidRequest, NotFound
from xiaoxiao.queries.alerts import Alert, Level
from xiaoxiao.queries.bureaus import Bureau
from xiaoxiao.queries.entries import Entry
from xiaoxiao.queries.errors import NoData, OwnerUnproven
from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.food_trace import FoodBatch, Stage
from xiaoxiao.queries.gazetteer import places_in
from xiaoxiao.queries.kept import FOOD, RECALLS, VEHICLES, VIOLATIONS, nobody, vehicle_key
from xiaoxiao.queries.kinds import (
    ALERTS,
    BUREAUS,
    ENTRIES,
    NEWS,
    PLACES,
    QUAKES,
    SHELTERS,
    SUSPENSIONS,
    TYPHOONS,
)
from xiaoxiao.queries.matching import best, holds_for, plain, same_district
from xiaoxiao.queries.news import NewsItem
from xiaoxiao.queries.places import Place
from xiaoxiao.queries.positions import Position
from xiaoxiao.queries.quakes import Quake
from xiaoxiao.queries.records import Records
from xiaoxiao.queries.selection import (
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

R = TypeVar("R")


class _Local:
    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock


class LocalViolations(_Local):
    async def look_up(self, claim: OwnerClaim) -> Findings[ViolationRecord]:
        key = vehicle_key(claim.plate.number, claim.plate_type)
        filed = await self._records.of(VIOLATIONS, key)
        vehicles = (await self._records.of(VEHICLES, key)).items or (nobody(claim),)
        if not await asyncio.to_thread(vehicles[0].proves, claim):
            raise OwnerUnproven
        records = sorted((f.record for f in filed.items), key=lambda r: r.at, reverse=True)
        return Findings(tuple(records), filed.origin)


class LocalFoodTrace(_Local):
    async def trace(self, code: str) -> FoodBatch:
        if not re.fullmatch(r"[0-9]{20}", code):
            raise InvalidRequest("追溯码应为 20 位数字。")
        filed = await self._records.of(FOOD, code)
        if not filed:
            raise NotFound
        order = list(Stage)
        steps = sorted((f.step for f in filed.items), key=lambda step: order.index(step.stage))
        try:
            recalls = [f.recall for f in (await self._records.of(RECALLS, code)).items]
        except NoData:
            recalls = []
        recalls.sort(key=lambda recall: recall.issued_at, reverse=True)
        return FoodBatch(code, filed.items[0].product, tuple(steps), tuple(recalls), filed.origin)


class LocalAlerts(_Local):
    async def in_force(
        self, *, district: str | None = None, level: Level | None = None, kind: str | None = None
    ) -> Findings[Alert]:
        found = await self._records.all(ALERTS)
        chosen = [
            alert
            for alert in found.items
            if holds_for(district, alert.districts)
            and level in (None, alert.level)
            and (kind is None or plain(kind) in plain(f"{alert.kind or ''} {alert.title}"))
        ]
        return _some(found, alerts_in_force(chosen, self._clock.now()))


class LocalQuakes(_Local):
    async def latest(self, *, limit: int = 5) -> Findings[Quake]:
        found = await self._records.all(QUAKES)
        return _some(found, latest_quakes(found.items, self._clock.now(), limit))


class LocalTyphoons(_Local):
    async def active(self) -> Findings[Typhoon]:
        found = await self._records.all(TYPHOONS)
        return _some(found, active_typhoons(found.items, self._clock.now()))


class LocalShelters(_Local):
    async def near(
        self, position: Position, *, limit: int = 3, barrier_free: bool = False
    ) -> Findings[NearbyShelter]:
        found = await self._records.all(SHELTERS)
        return _some(found, nearest(found.items, position, limit, barrier_free))


class LocalPlaces(_Local):
    async def named(self, text: str) -> Findings[Place]:
        found = await self._records.all(PLACES)
        return _some(found, places_in(text[:500], found.items))


class LocalBureaus(_Local):
    async def find(
        self, purpose: str, *, city: str | None = None, district: str | None = None, limit: int = 3
    ) -> Findings[Bureau]:
        found = await self._records.all(BUREAUS)
        here = [
            bureau
            for bureau in found.items
            if (city is None or same_district(city, bureau.city))
            and (district is None or bureau.district is None or same_district(district, bureau.district))
        ]
        return _some(found, best(purpose, here, lambda b: (b.name, *b.purposes), within(limit)))


class LocalEntries(_Local):
    async def find(self, matter: str, *, limit: int = 3) -> Findings[Entry]:
        found = await self._records.all(ENTRIES)
        return _some(found, best(matter, found.items, lambda e: (e.title, *e.also), within(limit)))


class LocalSuspensions(_Local):
    async def announced(
        self, *, district: str | None = None, what: Suspended | None = None
    ) -> Findings[Suspension]:
        found = await self._records.all(SUSPENSIONS)
        chosen = [
            notice
            for notice in found.items
            if holds_for(district, notice.districts) and (what is None or what in notice.what)
        ]
        return _some(found, announced(chosen, self._clock.now()))


class LocalNews(_Local):
    async def latest(self, *, limit: int = 5) -> Findings[NewsItem]:
        found = await self._records.all(NEWS)
        return _some(found, latest_news(found.items, self._clock.now(), limit))


def _some(found: Findings[object], items: tuple[R, ...]) -> Findings[R]:
    return Findings(items, found.origin, found.incomplete)
