"""One account put together: services + engine → turns, webhook, API client, outbox and their jobs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any

import httpx

from connectors.wechat.client import WeChatClient
from connectors.wechat.crypto import Crypter
from connectors.wechat.media_source import WeChatMediaSource
from connectors.wechat.sender import WeChatSender
from connectors.wechat.shared_tokens import SharedTokens
from connectors.wechat.webhook import Account, Webhook
from xiaoxiao.alarm import Alarm
from xiaoxiao.blocking import Blocking
from xiaoxiao.delivery.composition import Packed, pack
from xiaoxiao.delivery.outbox import Outbox
from xiaoxiao.engine import Engine
from xiaoxiao.errors import ConfigurationError, StoreUnavailable
from xiaoxiao.forms.progress import KEPT
from xiaoxiao.hearing import Hearing, Recogniser
from xiaoxiao.media.collector import Collector
from xiaoxiao.pace import Pace
from xiaoxiao.schedule import Turns
from xiaoxiao.services import Services
from xiaoxiao.settings import Settings
from xiaoxiao.store.conversation import Outgoing
from xiaoxiao.turn import Turn
from xiaoxiao.understanding import Understanding

log = logging.getLogger(__name__)

#: A worker that has not finished a message after this is taken for dead when others share the database.
LAPSE = timedelta(seconds=30)
RESUME_SECONDS = 5.0
FORGET_EVERY = timedelta(hours=1)


@dataclass
class Application:
    """What a channel needs; `start` and `stop` are server listeners."""

    services: Services
    turns: Turns
    webhook: Webhook
    right: PushRight
    client: WeChatClient | None = None
    outbox: Outbox | None = None
    collector: Collector | None = None
    _jobs: list[asyncio.Task[None]] = field(default_factory=list)
    _forgotten: datetime | None = None  #: when old forms were last thrown away

    async def start(self, *_: object) -> None:
        """Go on where the last process stopped, then keep the outbox empty."""
        with contextlib.suppress(StoreUnavailable):
            await (
                self.right.refresh()
            )  # before the first message: an account without the right answers otherwise
        self._jobs.append(asyncio.create_task(self._resume()))
        if self.outbox is not None:
            self._jobs.append(asyncio.create_task(self.outbox.run()))
        if self.collector is not None:
            self._jobs.append(asyncio.create_task(self.collector.run()))
        self._jobs.append(asyncio.create_task(self.services.upkeep.run()))

    async def stop(self, *_: object) -> None:
        """Let running turns end; what is left goes on at the next start."""
        await self.turns.settle(seconds=5)
        for job in self._jobs:
            job.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        if self.client is not None:
            with contextlib.suppress(Exception):
                await self.client.aclose()

    async def _resume(self) -> None:
        while True:
            try:
                if resumed := await self.turns.resume():
                    log.info("resumed messages", extra={"count": resumed})
                await self.right.refresh()
                await self._forget_forms()
            except StoreUnavailable:
                log.warning("the database does not answer")
            except Exception:  # one bad row must not end the job for all others
                log.exception("resuming failed")
            await asyncio.sleep(RESUME_SECONDS)

    async def _forget_forms(self) -> None:
        """What nobody has gone on with for weeks: numbers of cars and places of living among it."""
        now = self.services.clock.now()
        if self._forgotten is None or now - self._forgotten >= FORGET_EVERY:
            self._forgotten = now
            await asyncio.to_thread(self.services.store.forget_forms, before=now - KEPT)


class PushRight:
    """May answers leave as customer-service messages? By setting, else as WeChat's error codes have taught us."""

    def __init__(self, services: Services, account: str) -> None:
        self._services, self._account = services, account
        self._learnt: str | None = None

    def may_push(self) -> bool:
        settings = self._services.settings
        if not settings.wechat_app_secret or settings.wechat_customer_service == "no":
            return False
        return settings.wechat_customer_service == "yes" or self._learnt != "no"

    async def refresh(self) -> None:
        store, now = self._services.store, self._services.clock.now()
        self._learnt = await asyncio.to_thread(store.recall, f"customer_service:{self._account}", now=now)


def build(services: Services, engine: Engine, *, http: httpx.AsyncClient | None = None) -> Application:
    """`http` takes the API calls elsewhere (tests, the terminal). ConfigurationError when the settings cannot work."""
    settings = services.settings
    right = PushRight(services, settings.wechat_app_id)
    client = open_client(services, http) if settings.wechat_app_secret else None
    outbox = None
    if client is not None and settings.wechat_customer_service != "no":
        outbox = Outbox(services.store, WeChatSender(client), services.clock)
    blocking = services.blocking = Blocking(_executor(settings))
    turn = Turn(
        store=services.store,
        blocking=blocking,
        understanding=Understanding(services.store, blocking, engine, services.clock),
        forms=services.forms,
        evidence=services.evidence,
        opinion=services.opinion,
        alarm=Alarm(services.detector, services.fixed, services.conversations, blocking),
        notices=services.notices,
        menu=services.menu,
        desk=services.conversations,
        orders=services.orders,
        gate=services.gate,
        clock=services.clock,
        pace=Pace(settings.pace),
        hearing=Hearing(_recogniser(settings, client)),
    )
    turns = Turns(
        turn=turn,
        store=services.store,
        composer=partial(_compose, right=right, hint=services.notices.text("more")),
        clock=services.clock,
        worker=services.worker,
        blocking=blocking,
        # alone on SQLite: whatever is unhandled at the start was left by a process that is gone
        lapse=LAPSE if settings.shared_database else timedelta(0),
        on_answered=outbox.wake if outbox else lambda: None,
    )
    webhook = Webhook(
        account=_account(settings),
        turns=turns,
        right=right,
        menu=services.menu,
        notices=services.notices,
        detector=services.detector,
        fixed=services.fixed,
        clock=services.clock,
    )
    return Application(services, turns, webhook, right, client, outbox, _collector(services, client))


def build_from_environment(engine: Engine) -> Application:
    """For `rasa run`, where nobody has made the services yet."""
    from actions._services import set_services
    from xiaoxiao.services import build_services

    services = build_services()
    if services.settings.simulated:
        raise ConfigurationError(
            "WECHAT_TOKEN 没有设置:空的 Token 等于对所有人开门。没有公众号请用 make run(模拟器)。"
        )
    set_services(services)
    return build(services, engine)


def _compose(rows: list[Outgoing], *, right: PushRight, hint: str) -> Packed:
    return pack(rows, hint="" if right.may_push() else hint)


def _account(settings: Settings) -> Account:
    crypter = None
    if settings.wechat_aes_key:
        crypter = Crypter(
            settings.wechat_token.reveal(),
            settings.wechat_app_id,
            settings.wechat_aes_key.reveal(),
            settings.wechat_aes_key_previous.reveal() or None,
        )
    return Account(
        token=settings.wechat_token.reveal(),
        app_id=settings.wechat_app_id,
        crypter=crypter,
        safe_only=settings.wechat_mode == "safe",
        freshness_seconds=settings.wechat_freshness_seconds,
    )


def open_client(services: Services, http: httpx.AsyncClient | None = None) -> WeChatClient:
    settings = services.settings
    tokens = SharedTokens(services.store, services.clock, services.worker)
    return WeChatClient(
        settings.wechat_app_id, settings.wechat_app_secret.reveal(), settings.wechat_api_base, tokens, http
    )


def _executor(settings: Settings) -> Executor | None:
    """PostgreSQL may make us wait: not in the event loop. SQLite answers faster than a thread switch."""
    return ThreadPoolExecutor(8, "store") if settings.shared_database else None


def _collector(services: Services, client: WeChatClient | None) -> Collector:
    settings = services.settings
    simulator = settings.wechat_api_base.removesuffix("/api") + "/"
    local = simulator if simulator.startswith("http://127.0.0.1:") else ""
    source = WeChatMediaSource(client, local=local)
    limit = settings.media_limit_mb * 1024 * 1024
    return Collector(services.store, services.storage, source, services.clock, limit=limit)


def _recogniser(settings: Settings, client: WeChatClient | None) -> Recogniser | None:
    if not settings.recogniser:
        return None
    module, _, name = settings.recogniser.rpartition(".")
    try:
        factory: Any = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as problem:
        raise ConfigurationError(f"XIAOXIAO_RECOGNISER={settings.recogniser} 找不到:{problem}") from problem
    recogniser: Recogniser = factory(client)
    return recogniser
