"""Which records a query shows, and in which order; the same for own data and for what a back end answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from xiaoxiao.queries.alerts import Alert, Level
from xiaoxiao.queries.news import NewsItem
from xiaoxiao.queries.positions import Position, distance_m
from xiaoxiao.queries.quakes import Quake
from xiaoxiao.queries.shelters import NearbyShelter, Shelter
from xiaoxiao.queries.suspensions import Suspension
from xiaoxiao.queries.typhoons import Typhoon

MOST = 20
#: a typhoon not measured for so long is over, or nobody keeps the table
TYPHOON_LAPSE = timedelta(hours=24)


def within(limit: int) -> int:
    return max(1, min(MOST, limit))


def alerts_in_force(alerts: Iterable[Alert], now: datetime) -> tuple[Alert, ...]:
    """Issued and not ended: the most severe first, those without a colour last, then the latest."""
    valid = [a for a in alerts if a.issued_at <= now and (a.ends_at is None or now < a.ends_at)]
    order = list(Level)
    valid.sort(key=lambda alert: alert.issued_at, reverse=True)
    valid.sort(key=lambda alert: order.index(alert.level) if alert.level else len(order))
    return tuple(valid)


def announced(notices: Iterable[Suspension], now: datetime) -> tuple[Suspension, ...]:
    """Issued and not over, the earliest first."""
    valid = [n for n in notices if n.issued_at <= now and (n.ends_at is None or now < n.ends_at)]
    return tuple(sorted(valid, key=lambda notice: notice.starts_at))


def latest_quakes(quakes: Iterable[Quake], now: datetime, limit: int) -> tuple[Quake, ...]:
    past = [quake for quake in quakes if quake.at <= now]
    return tuple(sorted(past, key=lambda quake: quake.at, reverse=True)[: within(limit)])


def latest_news(items: Iterable[NewsItem], now: datetime, limit: int) -> tuple[NewsItem, ...]:
    past = [item for item in items if item.published_at <= now]
    return tuple(sorted(past, key=lambda item: item.published_at, reverse=True)[: within(limit)])


def active_typhoons(positions: Iterable[Typhoon], now: datetime) -> tuple[Typhoon, ...]:
    """The last position of each."""
    fresh = sorted((t for t in positions if timedelta(0) <= now - t.at <= TYPHOON_LAPSE), key=lambda t: t.at)
    last = {typhoon.number: typhoon for typhoon in fresh}
    return tuple(sorted(last.values(), key=lambda typhoon: typhoon.at, reverse=True))


def nearest(
    shelters: Iterable[Shelter], position: Position, limit: int, barrier_free: bool
) -> tuple[NearbyShelter, ...]:
    near = [
        NearbyShelter(shelter, distance_m(position, shelter.position))
        for shelter in shelters
        if shelter.barrier_free or not barrier_free
    ]
    return tuple(sorted(near, key=lambda one: one.distance_m)[: within(limit)])
