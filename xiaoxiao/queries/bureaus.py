"""便民热线: offices of this city by purpose, with number, address and hours. National numbers are in hotlines.csv."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from xiaoxiao.queries.findings import Findings


@dataclass(frozen=True)
class Bureau:
    id: str
    name: str  #: 样例区供水服务中心
    purposes: tuple[str, ...]  #: what people come for: 停水, 水费, 水管爆裂
    city: str
    district: str | None
    phone: str | None
    address: str | None
    hours: str | None  #: in words
    checked_on: date | None
    note: str | None = None


class Bureaus(Protocol):
    async def find(
        self, purpose: str, *, city: str | None = None, district: str | None = None, limit: int = 3
    ) -> Findings[Bureau]:
        """The best match first; `purpose` is free text. NoData, QueryUnavailable …"""
