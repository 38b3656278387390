"""The whole office in process: simulated platform → webhook → turns → store, with a scripted engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from connectors.wechat.assembly import Application, build
from xiaoxiao.clock import SettableClock
from xiaoxiao.engine import Reply, ScriptedEngine
from xiaoxiao.knowledge.cards import Cards
from xiaoxiao.notices import Notices
from xiaoxiao.safety.answers import Answers
from xiaoxiao.safety.detector import Detector
from xiaoxiao.services import Services, build_services
from xiaoxiao.settings import Settings
from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.platform import Platform
from xiaoxiao.simulator.transport import SimulatedTransport
from xiaoxiao.simulator.webhook import InProcessWebhook, Response, WebhookTimeout
from xiaoxiao.store.conversation import Answer, Button, Conversation, Message, Outgoing, Status
from xiaoxiao.store.memory import MemoryStore
from xiaoxiao.store.port import ConversationStore

ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 24, 1, 30, tzinfo=timezone.utc)
#: real seconds; only an engine that is being held reaches them
PATIENCE, HOLD, HANG_UP = 0.02, 0.5, 0.06
PATIENT, PATIENT_HOLD, PATIENT_HANG_UP = 20.0, 30.0, 60.0


def says(text: str, *buttons: tuple[str, str]) -> Reply:
    return Reply((Answer(text, tuple(Button(*b) for b in buttons)),), intent="scripted", confidence=0.9)


@dataclass
class HeldEngine(ScriptedEngine):
    """Answers by its script, but a text named in `held` waits until it is let go."""

    held: dict[str, asyncio.Event] = field(default_factory=dict)
    during: Callable[[str], object] = lambda contact: None  #: called with the openid before the answer
    asked: asyncio.Event = field(default_factory=asyncio.Event)  #: somebody has asked for something

    def hold(self, text: str) -> asyncio.Event:
        return self.held.setdefault(text, asyncio.Event())

    async def respond(
        self,
        contact: str,
        text: str,
        *,
        payload: str | None = None,
        metadata: Mapping[str, Any],
        withhold: Collection[str] = (),
    ) -> Reply:
        reply = await super().respond(contact, text, payload=payload, metadata=metadata, withhold=withhold)
        self.asked.set()
        if text in self.held:
            await self.held[text].wait()
        self.during(contact)
        return reply


@cache
def _read_once() -> tuple[Detector, Answers, Cards, Notices]:
    services = build_services({}, root=ROOT, store=MemoryStore())
    return services.detector, services.fixed, services.cards, services.notices


class Office:
    """One account, its server, and what a test wants to know of them."""

    def __init__(
        self, store: ConversationStore, clock: SettableClock, *, right: bool = True, **environ: str
    ) -> None:
        self.store, self.clock = store, clock
        self.account = Account(mode=Mode.SAFE, customer_service=right)
        self.engine = HeldEngine()
        self.environ = {
            "WECHAT_TOKEN": self.account.token,
            "WECHAT_APP_ID": self.account.app_id,
            "WECHAT_AES_KEY": self.account.aes_key,
            "WECHAT_APP_SECRET": self.account.secret,
            **({} if right else {"WECHAT_CUSTOMER_SERVICE": "no"}),
            **environ,
        }
        self.hang_up_seconds = PATIENT_HANG_UP
        menu = [{"name": "帮助", "type": "click", "key": "query_alert"}]
        self.deliveries: list[int] = []
        self.before_delivery: Callable[[int], object] = lambda _: None
        self.platform = Platform(
            self.account,
            InProcessWebhook(self._post, deadline_seconds=PATIENT_HANG_UP),
            clock=clock,
            sleep=self._no_pause,
            menu=menu,
        )
        self.application = self.start()

    def start(self) -> Application:
        """A new process on the same database."""
        settings = Settings.read(self.environ, root=ROOT / "tests")
        services = Services(settings, ROOT, self.store, self.clock, f"worker-{len(self.deliveries)}")
        # it takes most of a second
        services.detector, services.fixed, services.cards, services.notices = _read_once()
        http = httpx.AsyncClient(transport=SimulatedTransport(self.platform.api))
        application = build(services, self.engine, http=http)
        application.webhook.deadline_seconds, application.webhook.hold_seconds = PATIENT, PATIENT_HOLD
        self.application = application
        return application

    def is_impatient(self) -> None:
        """From now on the webhook's 4.5 s and WeChat's 5 s pass in the blink of an eye."""
        webhook = self.application.webhook
        webhook.deadline_seconds, webhook.hold_seconds = PATIENCE, HOLD
        self.hang_up_seconds = HANG_UP

    def citizen(self, name: str = "小王") -> Citizen:
        return self.platform.citizen(name)

    async def empties_outbox(self) -> None:
        self.clock.advance(seconds=3)
        outbox = self.application.outbox
        while outbox is not None and await outbox.run_once():
            pass

    async def settles(self) -> None:
        await self.application.turns.settle(seconds=5)

    # --- what is stored ------------------------------------------------------------------------------

    def conversation(self, citizen: Citizen) -> Conversation:
        return self.store.find(citizen.openid)

    def status(self, citizen: Citizen) -> Status:
        return self.conversation(citizen).status

    def messages(self, citizen: Citizen) -> list[Message]:
        return self.store.messages(self.conversation(citizen).id)

    def outgoing(self, citizen: Citizen) -> list[Outgoing]:
        return self.store.outgoing(self.conversation(citizen).id)

    def hands_off(self, contact: str) -> object:
        return self.application.services.conversations.hand_off_contact(contact, "request_human")

    # --- the wire --------------------------------------------------------------------------------------

    async def _post(self, query: Mapping[str, str], body: bytes) -> Response:
        self.deliveries.append(len(self.deliveries) + 1)
        self.before_delivery(len(self.deliveries))
        try:
            answer = await asyncio.wait_for(self.application.webhook.post(query, body), self.hang_up_seconds)
        except asyncio.TimeoutError:  # WeChat has hung up and delivers again
            self.clock.advance(seconds=5)
            raise WebhookTimeout from None
        return Response(answer.status, answer.body.encode())

    async def _no_pause(self, _: float) -> None:
        return None
