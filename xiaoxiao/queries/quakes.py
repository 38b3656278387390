"""The latest earthquakes as the network has measured them. Nothing here is a forecast or an early warning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from xiaoxiao.queries.findings import Findings


@dataclass(frozen=True)
class Quake:
    at: datetime
    place: str
    magnitude: float  #: one decimal
    latitude: float
    longitude: float
    depth_km: float | None
    reviewed: bool  #: 正式测定; False is 自动测定 and may still change
    issuer: str


class Quakes(Protocol):
    async def latest(self, *, limit: int = 5) -> Findings[Quake]:
        """The latest first; `limit` 1 to 20. NoData, QueryUnavailable …"""
