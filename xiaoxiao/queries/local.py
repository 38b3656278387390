"""Every query on the office's own records: in memory or embedded, the ports do not notice."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
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
from xiaoxiao.queries.positions import Position, distance_m
from xiaoxiao.queries.quakes import Quake
from xiaoxiao.queries.records import Records
from xiaoxiao.queries.shelters import NearbyShelter
from xiaoxiao.queries.suspensions import Suspended, Suspension
from xiaoxiao.queries.typhoons import Typhoon
from xiaoxiao.queries.violations import OwnerClaim, ViolationRecord

R = TypeVar("R")
MOST = 20
#: a typhoon not measured for so long is over, or nobody keeps the table
TYPHOON_LAPSE = timedelta(hours=24)


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
        now, found = self._clock.now(), await self._records.all(ALERTS)
        chosen = [
            alert
            for alert in found.items
            if alert.issued_at <= now
            and (alert.ends_at is None or now < alert.ends_at)
            and holds_for(district, alert.districts)
            and level in (None, alert.level)
            and (kind is None or plain(kind) in plain(f"{alert.kind or ''} {alert.title}"))
        ]
        chosen.sort(key=lambda alert: alert.issued_at, reverse=True)
        chosen.sort(key=lambda alert: severity(alert.level))
        return _some(found, chosen)


class LocalQuakes(_Local):
    async def latest(self, *, limit: int = 5) -> Findings[Quake]:
        now, found = self._clock.now(), await self._records.all(QUAKES)
        past = [quake for quake in found.items if quake.at <= now]
        return _some(found, sorted(past, key=lambda quake: quake.at, reverse=True)[: _within(limit)])


class LocalTyphoons(_Local):
    async def active(self) -> Findings[Typhoon]:
        now, found = self._clock.now(), await self._records.all(TYPHOONS)
        measured = sorted((typhoon for typhoon in found.items if typhoon.at <= now), key=lambda t: t.at)
        last = {t.number: t for t in measured if now - t.at <= TYPHOON_LAPSE}
        return _some(found, sorted(last.values(), key=lambda typhoon: typhoon.at, reverse=True))


class LocalShelters(_Local):
    async def near(
        self, position: Position, *, limit: int = 3, barrier_free: bool = False
    ) -> Findings[NearbyShelter]:
        found = await self._records.all(SHELTERS)
        near = [
            NearbyShelter(shelter, distance_m(position, shelter.position))
            for shelter in found.items
            if shelter.barrier_free or not barrier_free
        ]
        near.sort(key=lambda one: one.distance_m)
        return _some(found, near[: _within(limit)])


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
        return _some(found, best(purpose, here, lambda b: (b.name, *b.purposes), _within(limit)))


class LocalEntries(_Local):
    async def find(self, matter: str, *, limit: int = 3) -> Findings[Entry]:
        found = await self._records.all(ENTRIES)
        return _some(found, best(matter, found.items, lambda e: (e.title, *e.also), _within(limit)))


class LocalSuspensions(_Local):
    async def announced(
        self, *, district: str | None = None, what: Suspended | None = None
    ) -> Findings[Suspension]:
        now, found = self._clock.now(), await self._records.all(SUSPENSIONS)
        holding = [
            notice
            for notice in found.items
            if notice.issued_at <= now
            and (notice.ends_at is None or now < notice.ends_at)
            and holds_for(district, notice.districts)
            and (what is None or what in notice.what)
        ]
        return _some(found, sorted(holding, key=lambda notice: notice.starts_at))


class LocalNews(_Local):
    async def latest(self, *, limit: int = 5) -> Findings[NewsItem]:
        now, found = self._clock.now(), await self._records.all(NEWS)
        published = [item for item in found.items if item.published_at <= now]
        return _some(found, sorted(published, key=lambda i: i.published_at, reverse=True)[: _within(limit)])


def severity(level: Level | None) -> int:
    """0 for red; an alert without a colour comes after blue."""
    return list(Level).index(level) if level else len(Level)


def _within(limit: int) -> int:
    return max(1, min(MOST, limit))


def _some(found: Findings[object], items: list[R] | tuple[R, ...]) -> Findings[R]:
    return Findings(tuple(items), found.origin, found.incomplete)
