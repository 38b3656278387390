"""The one Sanic app: Rasa in process, the WeChat webhook, and, without a real account, the simulator."""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, redirect

from connectors.wechat.menus import menu_body
from xiaoxiao.errors import ConfigurationError, XiaoxiaoError
from xiaoxiao.services import Services
from xiaoxiao.settings import Secret, Settings
from xiaoxiao.simulator import blueprint as simulator
from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.simulator.platform import Platform
from xiaoxiao.simulator.webhook import HttpWebhook, Webhook
from xiaoxiao.training import latest_model

log = logging.getLogger(__name__)

#: Sanic refuses larger requests by itself; WeChat's pushes are far smaller, the simulator's photos are not.
REQUEST_MAX_BYTES = 12 * 1024 * 1024


def serve(services: Services) -> None:
    """Run until stopped. Raises ConfigurationError before anything is opened to the outside."""
    if services.settings.simulated:
        services = replace(services, settings=simulated_settings(services.settings))
        app = create_app(services)
        webhook = HttpWebhook(f"http://127.0.0.1:{services.settings.port}/webhooks/wechat/webhook")
        app.blueprint(simulator.create(platform_of(services, webhook)))
        app.add_route(_to_simulator, "/")
    else:
        app = create_app(services)
    settings = services.settings
    app.register_listener(_announce, "after_server_start")
    try:
        app.run(settings.host, settings.port, access_log=False, motd=False)
    except OSError as problem:
        raise ConfigurationError(
            f"端口 {settings.port} 打不开({problem.strerror})。换一个:PORT={settings.port + 1} make run"
        ) from problem


def create_app(services: Services) -> Sanic:
    """The app with webhook and health page; the model is loaded here."""
    agent = open_agent(services, log_level=services.settings.log_level)
    from connectors.wechat.assembly import build
    from connectors.wechat.channel import WeChatInput

    channel = WeChatInput(lambda engine: build(services, engine))
    app = Sanic("xiaoxiao", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = REQUEST_MAX_BYTES
    app.config.FALLBACK_ERROR_FORMAT = "text"
    app.ctx.agent = agent
    app.ctx.services = services
    app.blueprint(channel.blueprint(agent.handle_message), url_prefix=f"/webhooks/{channel.url_prefix()}")
    app.add_route(_health, "/health")
    return app


def open_agent(services: Services, *, log_level: str, database: bool = True) -> Any:
    """Rasa's agent with the newest model, and its actions with our services. Trackers in memory without `database`."""
    # this module must come before anything of Rasa (it defers what only training uses)
    from extensions.agent import load_agent

    settings = services.settings
    agent = load_agent(
        latest_model(settings.model),
        services.root / "endpoints.yml",
        database_url=settings.database_url.reveal() if database else "",
        redis_url=settings.redis_url.reveal() if database else "",
        log_level=log_level,
    )
    from actions._services import set_services
    from xiaoxiao.language.encoder import shared_encoder

    services.encode = shared_encoder("use").encode  # the classifier has loaded it: it costs nothing more
    set_services(services)
    return agent


def simulated_settings(settings: Settings, **changes: Any) -> Settings:
    """The credentials of an account that exists only in this process."""
    account = Account()
    return replace(
        settings,
        **changes,
        wechat_token=Secret(secrets.token_hex(16)),
        wechat_app_id=account.app_id,
        wechat_app_secret=Secret(secrets.token_hex(16)),
        wechat_aes_key=Secret((secrets.token_hex(32))[:43]),
        wechat_api_base=f"http://127.0.0.1:{settings.port}/simulator/api",
    )


def platform_of(services: Services, webhook: Webhook) -> Platform:
    """The simulated platform that hosts the account of these settings."""
    settings = services.settings
    account = Account(
        app_id=settings.wechat_app_id,
        secret=settings.wechat_app_secret.reveal(),
        token=settings.wechat_token.reveal(),
        aes_key=settings.wechat_aes_key.reveal(),
        mode=Mode.SAFE,
        name=services.persona.office,
    )
    address = f"http://127.0.0.1:{settings.port}"
    menu: list[Any] = menu_body(services.menu.describe())["button"]
    return Platform(account, webhook, picture_base=f"{address}/simulator", menu=menu)


async def _announce(app: Sanic, *_: object) -> None:
    services: Services = app.ctx.services
    settings = services.settings
    page = "/simulator" if settings.wechat_api_base.startswith("http://127.0.0.1") else "/health"
    print(f"✓ {services.persona.name}已就绪:http://{settings.host}:{settings.port}{page}", flush=True)


async def _to_simulator(_: Request) -> HTTPResponse:
    return redirect("/simulator/")


async def _health(request: Request) -> HTTPResponse:
    """200 when messages can be stored and answered, else 503 with what is missing."""
    try:
        request.app.ctx.services.store.ping()
    except XiaoxiaoError as problem:
        return json({"ok": False, "problem": str(problem)}, status=503)
    return json({"ok": bool(request.app.ctx.agent.is_ready())})
