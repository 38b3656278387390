"""A back end that listens on a real port and answers well, or as badly as it is told, kind by kind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.acceptance.backend_office import sample
from tests.acceptance.scripted_office import START
from xiaoxiao.clock import SettableClock
from xiaoxiao.queries.assembly import own
from xiaoxiao.queries.plate_types import PlateType
from xiaoxiao.queries.plates import parse_plate
from xiaoxiao.queries.positions import Position
from xiaoxiao.queries.tries import MemoryTries
from xiaoxiao.queries.violations import OwnerClaim
from xiaoxiao.queries.wire import write_batch, write_findings

Record = dict[str, Any]
#: what an answer becomes before it is sent
Change = Callable[[Record], Any]
Send = Callable[[bytes], Awaitable[None]]
Misdeed = Callable[["UnrulyBackend", Record, Send], Awaitable[None]]


@dataclass
class UnrulyBackend:
    """`misdeeds` by kind; a kind without one answers as the contract says."""

    port: int = 0
    misdeeds: dict[str, Misdeed] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)  #: paths, in their order
    reached: asyncio.Event = field(default_factory=asyncio.Event)  #: somebody has asked
    released: asyncio.Event = field(default_factory=asyncio.Event)  #: those who hang may end

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def send(content: bytes) -> None:
            writer.write(content)
            await writer.drain()

        # uvloop says RuntimeError when the other side has gone
        with suppress(ConnectionError, RuntimeError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ")[1]
            self.asked.append(path)
            self.reached.set()
            kind = path.removeprefix("/v1/").partition("?")[0].partition("/")[0]
            good = await good_answer(kind)
            await self.misdeeds.get(kind, says())(self, good, send)
        writer.close()


@asynccontextmanager
async def unruly_backend() -> AsyncIterator[UnrulyBackend]:
    backend = UnrulyBackend()
    server = await asyncio.start_server(backend.answer, "127.0.0.1", 0)
    backend.port = server.sockets[0].getsockname()[1]
    try:
        yield backend
    finally:
        backend.released.set()
        server.close()
        await server.wait_closed()


# --- what it may do ---------------------------------------------------------------------------------------


def says(change: Change = lambda good: good, status: str = "200 OK") -> Misdeed:
    """An answer in JSON, changed first."""

    async def act(backend: UnrulyBackend, good: Record, send: Send) -> None:
        await send(_http(json.dumps(change(good), ensure_ascii=False).encode(), status=status))

    return act


def sends(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json") -> Misdeed:
    async def act(backend: UnrulyBackend, good: Record, send: Send) -> None:
        await send(_http(body, *headers, status=status, kind=kind))

    return act


def raw(content: bytes) -> Misdeed:
    """No HTTP at all, or half of it."""

    async def act(backend: UnrulyBackend, good: Record, send: Send) -> None:
        await send(content)

    return act


async def hangs(backend: UnrulyBackend, good: Record, send: Send) -> None:
    await backend.released.wait()


async def drips(backend: UnrulyBackend, good: Record, send: Send) -> None:
    """A blank now and then, for ever: no single wait is long."""
    await send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while not backend.released.is_set():
        await send(b" ")
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(backend.released.wait(), 0.05)


def redirects(*where: str) -> Misdeed:
    """Without a place: to itself, for ever."""

    async def act(backend: UnrulyBackend, good: Record, send: Send) -> None:
        there = where[0] if where else backend.url + backend.asked[-1].removeprefix("/v1")
        await send(_http(b"", f"Location: {there}", status="302 Found"))

    return act


def _http(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


# --- what a good one would say ------------------------------------------------------------------------------


async def good_answer(kind: str) -> Record:
    """The sample district's, as `xiaoxiao backend serve` would send it."""
    sources = own(sample(), MemoryTries(), SettableClock(START))
    queries = sources.queries
    if kind == "violations":
        plate = parse_plate("沪A12345")
        assert plate is not None
        claim = OwnerClaim(plate, PlateType.SMALL, "123456")
        found = await sources.violations.look_up(claim)
        return write_findings(found, plate=plate.number, plate_type=PlateType.SMALL.value)
    if kind == "food":
        return write_batch(await queries.food_trace.trace("31010212345678901234"))
    if kind == "shelters":
        near = await queries.shelters.near(Position(31.0, 121.0), limit=20)
        return {**write_findings(near), "items": [_shelter(item) for item in write_findings(near)["items"]]}
    ask: dict[str, Callable[[], Awaitable[Any]]] = {
        "alerts": queries.alerts.in_force,
        "quakes": queries.quakes.latest,
        "typhoons": queries.typhoons.active,
        "bureaus": partial(queries.bureaus.find, "停水"),
        "entries": partial(queries.entries.find, "电工证复审"),
        "suspensions": queries.suspensions.announced,
        "news": queries.news.latest,
    }
    return write_findings(await ask[kind]())


def _shelter(near: Record) -> Record:
    return dict(near["shelter"])
