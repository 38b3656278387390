"""Where typhoons are: the last measured position of each, never a drawn forecast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from xiaoxiao.queries.findings import Findings


@dataclass(frozen=True)
class Typhoon:
    number: str  #: 202614
    name: str  #: 样例
    at: datetime  #: of the position
    latitude: float
    longitude: float
    grade: str | None  #: 强台风
    wind_ms: float | None  #: metres a second near the centre
    pressure_hpa: float | None
    heading: str | None  #: 西北
    speed_kmh: float | None
    place: str | None  #: 距样例区东南约 320 公里的海面上
    issuer: str
    link: str | None = None


class Typhoons(Protocol):
    async def active(self) -> Findings[Typhoon]:
        """Each with its last position, the latest first. NoData, QueryUnavailable …"""
