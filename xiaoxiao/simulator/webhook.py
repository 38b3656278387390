"""The door to the account's server: over HTTP as WeChat does it, or in process. One contract, two twins."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx

DEADLINE_SECONDS = 5.0  #: WeChat closes the connection when no answer has come by then

_HEADERS = {
    "User-Agent": "Mozilla/4.0",
    "Accept": "*/*",
    "Pragma": "no-cache",
    "Content-Type": "text/xml",
    "Connection": "close",
}


@dataclass(frozen=True)
class Response:
    status: int
    body: bytes


class WebhookTimeout(Exception):
    """The server did not answer within five seconds; the connection was closed."""


class WebhookUnreachable(Exception):
    """No connection, or it broke before the answer was complete."""


class Webhook(Protocol):
    async def get(self, query: Mapping[str, str]) -> Response:
        """URL verification. Raises WebhookTimeout, WebhookUnreachable."""

    async def post(self, query: Mapping[str, str], body: bytes) -> Response:
        """One delivery. Raises WebhookTimeout, WebhookUnreachable."""


class HttpWebhook:
    """A fresh connection for each delivery, closed at the deadline whatever the server does."""

    def __init__(
        self,
        url: str,
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url
        self._deadline = deadline_seconds
        self._transport = transport
        self._trust = ssl.create_default_context()  # once: it takes tens of milliseconds

    async def get(self, query: Mapping[str, str]) -> Response:
        return await self._request("GET", query, b"")

    async def post(self, query: Mapping[str, str], body: bytes) -> Response:
        return await self._request("POST", query, body)

    async def _request(self, method: str, query: Mapping[str, str], body: bytes) -> Response:
        try:
            return await asyncio.wait_for(self._exchange(method, query, body), self._deadline)
        except (asyncio.TimeoutError, httpx.TimeoutException) as exc:
            raise WebhookTimeout from exc
        except httpx.HTTPError as exc:
            raise WebhookUnreachable(str(exc)) from exc

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=self._transport, verify=self._trust, trust_env=False, timeout=self._deadline
        )

    async def _exchange(self, method: str, query: Mapping[str, str], body: bytes) -> Response:
        async with self._client() as client:
            answer = await client.request(
                method, self.url, params=dict(query), content=body or None, headers=_HEADERS
            )
            return Response(answer.status_code, answer.content)


#: answers (query, body) as the server would
Handler = Callable[[Mapping[str, str], bytes], Awaitable[Response]]


class InProcessWebhook:
    """The twin without a network. At the deadline the handler is cancelled, as Sanic does on a lost peer."""

    def __init__(
        self, post: Handler, *, get: Handler | None = None, deadline_seconds: float = DEADLINE_SECONDS
    ) -> None:
        self._post = post
        self._get = get or post
        self._deadline = deadline_seconds

    async def get(self, query: Mapping[str, str]) -> Response:
        return await self._answer(self._get, query, b"")

    async def post(self, query: Mapping[str, str], body: bytes) -> Response:
        return await self._answer(self._post, query, body)

    async def _answer(self, handler: Handler, query: Mapping[str, str], body: bytes) -> Response:
        try:
            return await asyncio.wait_for(handler(query, body), self._deadline)
        except asyncio.TimeoutError as exc:
            raise WebhookTimeout from exc
        except ConnectionError as exc:
            raise WebhookUnreachable(str(exc)) from exc
        except Exception as exc:  # an unhandled error is a 500 on any web server
            return Response(500, f"{type(exc).__name__}: {exc}".encode())
