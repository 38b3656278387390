"""The two ways to the server keep one contract: in process, and over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlsplit

import pytest

from xiaoxiao.simulator.webhook import (
    Handler,
    HttpWebhook,
    InProcessWebhook,
    Response,
    Webhook,
    WebhookTimeout,
    WebhookUnreachable,
)

DEADLINE = 0.3  # seconds; only handlers that never answer reach it


@asynccontextmanager
async def over_http(handler: Handler) -> AsyncIterator[HttpWebhook]:
    """A minimal HTTP server; a handler's ConnectionError makes it hang up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lengths = [
                int(v)
                for k, _, v in (x.partition(":") for x in head.split("\r\n"))
                if k.lower() == "content-length"
            ]
            body = await reader.readexactly(lengths[0] if lengths else 0)
            query = dict(parse_qsl(urlsplit(head.split()[1]).query))
            answer = await handler(query, body)
            writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (answer.status, len(answer.body)))
            writer.write(answer.body)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield HttpWebhook(f"http://127.0.0.1:{port}/wx", deadline_seconds=DEADLINE)
    finally:
        server.close()


@asynccontextmanager
async def in_process(handler: Handler) -> AsyncIterator[InProcessWebhook]:
    yield InProcessWebhook(handler, deadline_seconds=DEADLINE)


@pytest.fixture(params=[in_process, over_http], ids=["in process", "http"])
def reach(request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    return request.param


async def test_query_and_body_arrive_unchanged_and_so_does_the_answer(reach) -> None:  # type: ignore[no-untyped-def]
    got: list[tuple[Mapping[str, str], bytes]] = []

    async def handler(query: Mapping[str, str], body: bytes) -> Response:
        got.append((query, body))
        return Response(200, "好".encode())

    query = {"signature": "a+b/c=", "nonce": "1"}
    async with reach(handler) as webhook:
        assert Response(200, "好".encode()) == await webhook.post(query, "<xml>\x10着火</xml>\n".encode())
        assert Response(200, "好".encode()) == await webhook.get(query)
    assert [(query, "<xml>\x10着火</xml>\n".encode()), (query, b"")] == got


async def test_an_error_status_is_an_answer(reach) -> None:  # type: ignore[no-untyped-def]
    async def handler(query: Mapping[str, str], body: bytes) -> Response:
        return Response(503, b"")

    async with reach(handler) as webhook:
        assert 503 == (await webhook.post({}, b"x")).status


async def test_silence_ends_at_the_deadline(reach) -> None:  # type: ignore[no-untyped-def]
    over = asyncio.Event()

    async def handler(query: Mapping[str, str], body: bytes) -> Response:
        await over.wait()
        raise ConnectionResetError

    async with reach(handler) as webhook:
        with pytest.raises(WebhookTimeout):
            await webhook.post({}, b"x")
        over.set()


async def test_a_lost_connection_is_unreachable(reach) -> None:  # type: ignore[no-untyped-def]
    async def handler(query: Mapping[str, str], body: bytes) -> Response:
        raise ConnectionResetError

    async with reach(handler) as webhook:
        with pytest.raises(WebhookUnreachable):
            await webhook.post({}, b"x")


async def test_nobody_listening_is_unreachable() -> None:
    async def handler(query: Mapping[str, str], body: bytes) -> Response:
        return Response(200, b"")

    async with over_http(handler) as webhook:
        gone: Webhook = webhook
    with pytest.raises(WebhookUnreachable):
        await gone.post({}, b"x")
