"""A back end that really listens, on a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sanic import Sanic

from xiaoxiao.queries.assembly import Sources
from xiaoxiao.settings import Secret
from xiaoxiao.web.backend_server import create_app

TOKEN = "a-token-for-tests-only"


@contextmanager
def served(sources: Sources) -> Iterator[str]:
    """The address of `sources` under the contract, until the end of the block."""
    Sanic.test_mode = (
        True  # else it rewrites its own classes at the first start and cannot start a second app
    )
    app = create_app(sources, Secret(TOKEN), name=f"backend-{uuid.uuid4().hex}")
    listener = socket.create_server(("127.0.0.1", 0))
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def live() -> None:
        server = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.start_serving()
        ready.set()
        await over.wait()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(live())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(20)
        listener.close()
