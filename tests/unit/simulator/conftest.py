from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import httpx
import pytest

from tests.unit.simulator.office import Office, Script, echo
from xiaoxiao.clock import SettableClock
from xiaoxiao.simulator.account import Account
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.platform import Platform
from xiaoxiao.simulator.transport import SimulatedTransport
from xiaoxiao.simulator.webhook import InProcessWebhook

MENU = [
    {"name": "常识", "type": "click", "key": "knowledge"},
    {
        "name": "更多",
        "sub_button": [
            {"name": "官网", "type": "view", "url": "https://example.org/"},
            {"name": "扫码", "type": "scancode_waitmsg", "key": "scan"},
            {"name": "爆料", "type": "pic_photo_or_album", "key": "report"},
            {"name": "避难", "type": "location_select", "key": "shelter"},
            {"name": "海报", "type": "media_id", "media_id": "m"},
        ],
    },
]


class Caller:
    """Calls the API as the account's server does: over httpx, with a token of its own."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        transport = SimulatedTransport(platform.api)
        self.http = httpx.AsyncClient(transport=transport, base_url="https://api.weixin.qq.com/cgi-bin/")
        self.token = platform.api.tokens.issue_stable(force=False, now=platform.clock.now())

    async def post(self, path: str, data: Any, **query: str) -> dict[str, Any]:
        params = {"access_token": self.token, **query}
        return (await self.http.post(path, params=params, json=data)).json()  # type: ignore[no-any-return]

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        params = {"access_token": self.token, **query}
        return (await self.http.get(path, params=params)).json()  # type: ignore[no-any-return]

    async def says(self, citizen: Citizen, text: str = "您好") -> int:
        """Send a customer-service text; the errcode."""
        message = {"touser": citizen.openid, "msgtype": "text", "text": {"content": text}}
        return int((await self.post("message/custom/send", message))["errcode"])


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 11, 24, 1, 30, tzinfo=timezone.utc))


@pytest.fixture
def pauses() -> list[float]:
    """Every pause the platform made; none of them takes time."""
    return []


@pytest.fixture
def caller() -> Callable[[Platform], Caller]:
    return Caller


@pytest.fixture
def build(clock: SettableClock, pauses: list[float]) -> Callable[..., tuple[Platform, Office]]:
    """A platform and the scripted office behind its webhook. Keywords: those of Account, and script."""

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    def make(
        script: Script = echo, *, fresh_signatures: bool = False, **account: Any
    ) -> tuple[Platform, Office]:
        office = Office(Account(**account), script)
        webhook = InProcessWebhook(office, get=office.verify, deadline_seconds=0.02)
        platform = Platform(
            office.account, webhook, clock=clock, sleep=sleep, menu=MENU, fresh_signatures=fresh_signatures
        )
        return platform, office

    return make
