"""Alerts in force, passed on word for word: only their issuer may change them (气象法 25, 突发事件应对法 64, 65)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from xiaoxiao.queries.findings import Findings


class Level(str, Enum):
    """From the most to the least severe. The colour is data, never inferred."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"

    @property
    def label(self) -> str:
        return {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}[self.value]


@dataclass(frozen=True)
class Alert:
    """The eight legal fields (突发事件应对法 64); None shows as 原文未载明. A missing one delays no alert."""

    id: str
    title: str  #: word for word
    kind: str | None  #: 类别: 暴雨
    level: Level | None  #: 级别
    starts_at: datetime | None  #: 起始时间
    area: str | None  #: 可能影响的范围, in words
    warning: str | None  #: 警示事项
    measures: str | None  #: 应采取的措施
    issuer: str  #: 发布单位
    issued_at: datetime  #: 发布时间
    ends_at: datetime | None = None  #: no longer in force from here on
    districts: tuple[str, ...] = ()  #: for the choice by district; none: the whole city
    link: str | None = None  #: the original


class Alerts(Protocol):
    async def in_force(
        self, *, district: str | None = None, level: Level | None = None, kind: str | None = None
    ) -> Findings[Alert]:
        """Those issued and not ended, the most severe first, then the latest. A district also gets what
        holds for the whole city. NoData: nothing is known (never the same as no alert); QueryUnavailable …
        """
