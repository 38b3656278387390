"""网上办事: where a matter is dealt with, and what to bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from xiaoxiao.queries.findings import Findings


@dataclass(frozen=True)
class Entry:
    id: str
    title: str  #: 特种作业操作证复审
    also: tuple[str, ...]  #: other words for it
    department: str
    link: str | None  #: the official page
    bring: tuple[str, ...]  #: what to bring, one thing each
    where: str | None  #: counter and hours, in words
    note: str | None
    checked_on: date | None


class Entries(Protocol):
    async def find(self, matter: str, *, limit: int = 3) -> Findings[Entry]:
        """The best match first; `matter` is free text. NoData, QueryUnavailable …"""
