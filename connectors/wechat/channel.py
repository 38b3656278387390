"""The Rasa channel: HTTP ↔ webhook. Named in credentials.yml by its class path."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text

from connectors.engine import RasaEngine
from connectors.wechat.body import MAX_BYTES
from connectors.wechat.incoming import CHANNEL
from connectors.wechat.webhook import Response, Webhook
from xiaoxiao.engine import Engine


class WeChatInput(InputChannel):  # type: ignore[misc]
    """`rasa run` builds it from credentials.yml; `xiaoxiao serve` hands it the services it already has."""

    def __init__(self, build: Callable[[Engine], Any]) -> None:
        """`build` gives, for an engine, the assembled application (see `xiaoxiao.services.Application`)."""
        self._build = build

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WeChatInput:
        """Everything comes from the environment (docs/reference/settings.md); the YAML stays empty."""
        from connectors.wechat.assembly import build_from_environment

        return cls(build_from_environment)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        engine = RasaEngine(on_new_message)
        application = self._build(engine)
        webhook: Webhook = application.webhook
        routes = Blueprint("wechat_webhook", __name__)

        @routes.get("/webhook")  # type: ignore[untyped-decorator]
        async def handshake(request: Request) -> HTTPResponse:
            return _http(webhook.handshake(_query(request)))

        @routes.post("/webhook")  # type: ignore[untyped-decorator]
        async def push(request: Request) -> HTTPResponse:
            if len(request.body) > MAX_BYTES:
                return text("", status=413)
            return _http(await webhook.post(_query(request), request.body))

        @routes.get("/")  # type: ignore[untyped-decorator]
        async def health(_: Request) -> HTTPResponse:
            return text("ok")

        @routes.listener("after_server_start")  # type: ignore[untyped-decorator]
        async def listen(app: Any, *_: object) -> None:
            engine.parse = lambda words: app.ctx.agent.processor.parse_message(
                words
            )  # the agent of the moment

        routes.listener("after_server_start")(application.start)
        routes.listener("before_server_stop")(application.stop)
        return routes


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in request.get_args(keep_blank_values=True).items() if values}


def _http(response: Response) -> HTTPResponse:
    return text(response.body, status=response.status, content_type=response.content_type)
