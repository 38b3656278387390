"""The office's own back end over HTTP: bounded in time, size, tries and trust (docs/reference/backends.yaml)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_fixed

from xiaoxiao.clock import Clock
from xiaoxiao.queries.breaker import Breaker
from xiaoxiao.queries.errors import (
    BadAnswer,
    NoData,
    NotFound,
    OwnerUnproven,
    QueryRefused,
    QueryUnavailable,
)
from xiaoxiao.settings import Secret

log = logging.getLogger(__name__)

ATTEMPTS = 3
BODY_MAX_BYTES = 1_000_000
#: of the whole time, for one attempt: a second one has a chance
SHARE = 0.6
_MEANT: dict[str, type[Exception]] = {
    "no_data": NoData,
    "not_found": NotFound,
    "owner_unproven": OwnerUnproven,
}
_CODES = {403: {"owner_unproven"}, 404: {"no_data", "not_found"}}


@dataclass(frozen=True)
class Address:
    """Where the back end is, and how long it may take in all."""

    url: str
    token: Secret = field(default_factory=lambda: Secret(""))
    timeout: timedelta = timedelta(seconds=3)


class _Transient(Exception):
    """Worth another attempt."""


class Backend:
    def __init__(
        self,
        address: Address,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        pause_seconds: float = 0.1,
    ) -> None:
        self._address = address
        self._clock = clock
        self._transport = transport
        self._pause = pause_seconds
        self._breakers: dict[str, Breaker] = {}

    async def get(self, path: str, params: Mapping[str, str | int | float], *, name: str) -> Any:
        """The JSON of a 200. Tries again, up to three times, after a broken connection or a 5xx."""
        return await self._bounded("GET", path, name, ATTEMPTS, params=params)

    async def post(self, path: str, body: Mapping[str, str], *, name: str) -> Any:
        """Once: whatever happened to it, it is not sent a second time."""
        return await self._bounded("POST", path, name, 1, json=body)

    async def _bounded(self, method: str, path: str, name: str, attempts: int, **content: Any) -> Any:
        breaker = self._breakers.setdefault(name, Breaker(self._clock))
        breaker.enter()
        seconds = self._address.timeout.total_seconds()
        try:
            answer = await asyncio.wait_for(self._retried(method, path, attempts, **content), seconds)
        except (_Transient, asyncio.TimeoutError) as problem:
            breaker.failed()
            log.warning("query back end unavailable", extra={"operation": name, "problem": _kind(problem)})
            raise QueryUnavailable from None
        except asyncio.CancelledError:
            raise
        except Exception:
            breaker.succeeded()  # it answers, if not to our liking
            raise
        breaker.succeeded()
        return answer

    async def _retried(self, method: str, path: str, attempts: int, **content: Any) -> Any:
        again = AsyncRetrying(
            stop=stop_after_attempt(attempts),
            wait=wait_fixed(self._pause),
            retry=retry_if_exception_type(_Transient),
            reraise=True,
        )
        async with self._client() as client:
            return await again(self._once, client, method, path, **content)

    def _client(self) -> httpx.AsyncClient:
        token = self._address.token.reveal()
        return httpx.AsyncClient(
            base_url=self._address.url,
            headers={"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {token}"} if token else {}),
            timeout=self._address.timeout.total_seconds() * SHARE,
            follow_redirects=False,
            trust_env=False,  # no proxy of the environment sees a plate
            transport=self._transport,
        )

    async def _once(self, client: httpx.AsyncClient, method: str, path: str, **content: Any) -> Any:
        try:
            async with client.stream(method, path, **content) as response:
                body = await _read(response)
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            raise _Transient(type(problem).__name__) from None
        return _judge(response, body)


async def _read(response: httpx.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise BadAnswer  # a few packed bytes may be gigabytes
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > BODY_MAX_BYTES:
            raise BadAnswer
    return bytes(body)


def _judge(response: httpx.Response, body: bytes) -> Any:
    """The JSON of a 200; else the error that the status, and a code of the contract, stand for."""
    status = response.status_code
    if status >= 500:
        raise _Transient(str(status))
    if status == 429:
        raise QueryUnavailable
    if status == 200:
        return _json(response, body)
    try:
        code = _json(response, body)["error"]["code"]
    except (BadAnswer, KeyError, TypeError):
        code = None
    if isinstance(code, str) and code in _CODES.get(status, ()):
        raise _MEANT[code]
    log.warning("query back end refuses", extra={"status": status})
    raise QueryRefused


def _json(response: httpx.Response, body: bytes) -> Any:
    if "json" not in response.headers.get("content-type", ""):
        raise BadAnswer
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadAnswer from None


def _refuse(constant: str) -> None:
    raise ValueError("not JSON")


def _kind(problem: BaseException) -> str:
    return str(problem) or type(problem).__name__
