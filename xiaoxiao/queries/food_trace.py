"""食品追溯: the way of one batch from the farm to the shop, by the 20 digits on its receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from xiaoxiao.queries.findings import Origin


class Stage(str, Enum):
    """In the order of the way."""

    FARM = "farm"
    SLAUGHTER = "slaughter"
    MARKET = "market"
    SHOP = "shop"

    @property
    def label(self) -> str:
        return {"farm": "养殖种植", "slaughter": "屠宰加工", "market": "批发市场", "shop": "零售"}[self.value]


@dataclass(frozen=True)
class TraceStep:
    stage: Stage
    name: str  #: 样例区红旗养殖场
    place: str | None
    at: datetime | None  #: when the batch left it
    inspection: str | None  #: 瘦肉精检测
    passed: bool | None  #: None when no result is on file
    certificate: str | None  #: 检疫合格证明编号


@dataclass(frozen=True)
class Recall:
    title: str
    text: str
    issuer: str
    issued_at: datetime
    link: str | None = None


class Miss(str, Enum):
    """Why a code may not be found: none of the three means that the goods are fake."""

    NOT_UPLOADED = "not_uploaded"  #: just delivered
    MISTYPED = "mistyped"
    NOT_CONNECTED = "not_connected"  #: this shop or product takes no part


@dataclass(frozen=True)
class FoodBatch:
    code: str
    product: str
    steps: tuple[TraceStep, ...]  #: from farm to shop
    recalls: tuple[Recall, ...]  #: shown on top, the latest first
    origin: Origin


class FoodTrace(Protocol):
    async def trace(self, code: str) -> FoodBatch:
        """`code`: 20 digits (trace_codes.find_codes reads them from what she wrote).

        InvalidRequest for anything else; NotFound: say the reasons of `Miss`; NoData, QueryUnavailable …
        """
