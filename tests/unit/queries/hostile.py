"""A back end that answers what it is told to, and the queries that ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx

from xiaoxiao.clock import SettableClock
from xiaoxiao.queries.assembly import own, with_backend
from xiaoxiao.queries.backend import Address, Backend
from xiaoxiao.queries.offered import Queries
from xiaoxiao.queries.plate_types import PlateType
from xiaoxiao.queries.plates import parse_plate
from xiaoxiao.queries.records import MemoryRecords
from xiaoxiao.queries.tries import MemoryTries
from xiaoxiao.queries.violations import OwnerClaim
from xiaoxiao.settings import Secret

NOW = datetime(2026, 11, 24, 2, tzinfo=timezone.utc)
CODE = "31010212345678901234"
ORIGIN = {"source": "示例市应急管理局", "as_of": "2026-11-24T10:00:00+08:00", "is_sample": False}
NEWS = {"id": "1", "title": "要闻", "issuer": "示例市应急管理局", "published_at": "2026-11-24T09:00:00+08:00"}
ALERT = {"id": "1", "title": "暴雨橙色预警", "issuer": "气象台", "issued_at": "2026-11-24T09:00:00+08:00"}
VIOLATION = {
    "at": "2026-11-02T08:15:00+08:00",
    "place": "人民路",
    "act": "闯红灯",
    "points": 6,
    "fine_yuan": 200,
    "processed": False,
    "authority": "交警支队",
}

Handler = Callable[[httpx.Request], Any]


class Hostile(httpx.AsyncBaseTransport):
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self, *answers: Handler) -> None:
        self.asked: list[httpx.Request] = []
        self._answers = answers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers[min(len(self.asked), len(self._answers)) - 1](request)
        if asyncio.iscoroutine(answer):
            answer = await answer
        assert isinstance(answer, httpx.Response)
        return answer


def says(content: Any, status: int = 200) -> Handler:
    return lambda _: httpx.Response(status, json=content)


def raises(problem: Exception) -> Handler:
    def answer(_: httpx.Request) -> httpx.Response:
        raise problem

    return answer


def items(*rows: Any, **also: Any) -> Handler:
    return says({**ORIGIN, **also, "items": list(rows)})


def asking(
    transport: Hostile, clock: SettableClock | None = None, *, seconds: float = 3, keep: int = 0
) -> Queries:
    clock = clock or SettableClock(NOW)
    address = Address(
        "https://data.example.gov.cn/v1", Secret("0123456789abcdef"), timedelta(seconds=seconds)
    )
    backend = Backend(address, clock, transport=transport, pause_seconds=0)
    bare = own(MemoryRecords(), MemoryTries(), clock).queries
    kept = {"news": timedelta(seconds=keep), "violations": timedelta(0)}
    return with_backend(bare, backend, MemoryTries(), clock, kinds=frozenset(), keep=kept, samples=False)


def claim() -> OwnerClaim:
    plate = parse_plate("沪A12345")
    assert plate is not None
    return OwnerClaim(plate, PlateType.SMALL, "123456")


def vehicle(*rows: Any, plate: str = "沪A12345") -> Handler:
    return items(*rows, plate=plate, plate_type="02")
