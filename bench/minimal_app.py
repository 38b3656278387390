"""The smallest app around the engine, where there is no `xiaoxiao serve`: Sanic, one signed channel."""

from __future__ import annotations

import hashlib
import hmac
import xml.etree.ElementTree as ElementTree
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from extensions.agent import load_agent
from xiaoxiao.settings import Settings


def create_app() -> tuple[Any, Settings]:
    settings = Settings.read()
    agent = load_agent(
        settings.model,
        Path("endpoints.yml"),
        database_url=settings.database_url.reveal(),
        redis_url=settings.redis_url.reveal(),
        log_level=settings.log_level,
    )
    from rasa.core.channels.channel import register
    from sanic import Sanic

    app = Sanic("minimal")
    app.ctx.agent = agent
    register([_wechat(settings.wechat_token.reveal())], app, route="/webhooks/")
    return app, settings


def _wechat(token: str) -> Any:
    from rasa.core.channels.channel import InputChannel, UserMessage
    from sanic import Blueprint, response

    from connectors.engine import RasaEngine

    class WeChatInput(InputChannel):
        @classmethod
        def name(cls) -> str:
            return "wechat"

        def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
            engine, blueprint = RasaEngine(on_new_message), Blueprint("wechat")

            @blueprint.post("/webhook")
            async def receive(request: Any) -> Any:
                if not _signed(token, request.args):
                    return response.text("", status=403)
                message = ElementTree.fromstring(request.body)
                contact, account = message.findtext("FromUserName", ""), message.findtext("ToUserName", "")
                reply = await engine.respond(contact, message.findtext("Content", ""), metadata={})
                return response.text(_xml(contact, account, "\n".join(a.text for a in reply.answers)))

            return blueprint

    return WeChatInput()


def _signed(token: str, query: Any) -> bool:
    parts = sorted((token, query.get("timestamp", ""), query.get("nonce", "")))
    expected = hashlib.sha1("".join(parts).encode()).hexdigest()
    return hmac.compare_digest(expected, query.get("signature", ""))


def _xml(contact: str, account: str, text: str) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{contact}]]></ToUserName><FromUserName><![CDATA[{account}]]></FromUserName>"
        f"<CreateTime>0</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content></xml>"
    )


if __name__ == "__main__":
    application, configured = create_app()
    application.run(host=configured.host, port=configured.port, access_log=False, debug=False)
