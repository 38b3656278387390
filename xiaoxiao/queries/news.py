"""工作要闻: what the office has published lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from xiaoxiao.queries.findings import Findings


@dataclass(frozen=True)
class NewsItem:
    id: str
    title: str
    issuer: str
    published_at: datetime
    summary: str | None
    link: str | None


class News(Protocol):
    async def latest(self, *, limit: int = 5) -> Findings[NewsItem]:
        """The latest first; `limit` 1 to 20. NoData, QueryUnavailable …"""
