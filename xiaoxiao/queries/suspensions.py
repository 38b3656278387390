"""停课停工: notices as education authorities and governments have issued them, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from xiaoxiao.queries.findings import Findings


class Suspended(str, Enum):
    SCHOOL = "school"
    WORK = "work"
    BUSINESS = "business"
    TRANSPORT = "transport"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "school": "停课",
            "work": "停工",
            "business": "停业",
            "transport": "停运",
            "other": "其他",
        }[self.value]


@dataclass(frozen=True)
class Suspension:
    id: str
    title: str
    what: tuple[Suspended, ...]
    districts: tuple[str, ...]  #: none: the whole city
    starts_at: datetime
    ends_at: datetime | None  #: None: until further notice
    text: str
    issuer: str
    issued_at: datetime
    link: str | None = None


class Suspensions(Protocol):
    async def announced(
        self, *, district: str | None = None, what: Suspended | None = None
    ) -> Findings[Suspension]:
        """Those that hold now or later, the earliest first (明天上学吗 is answered by `starts_at`). None
        says only that no notice is on file. NoData, QueryUnavailable …
        """
