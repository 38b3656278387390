"""A small WeChat API behind httpx's mock transport: tokens, scripted answers, a record of what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from connectors.wechat.client import WeChatClient
from connectors.wechat.tokens import MemoryTokenStore, TokenStore

SECRET = "s3cr3t-0123456789"
Scripted = dict[str, Any] | httpx.Response | Exception


class Clock:
    """Time moves only when somebody sleeps or a test says so."""

    def __init__(self) -> None:
        self.now = 1_795_500_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class FakeWeChat:
    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.token_answers: list[Scripted] = []
        self.answers: list[Scripted] = []
        self.issued = 0
        self.valid: Callable[[str], bool] = lambda token: True

    # --- what a test reads

    @property
    def calls(self) -> list[httpx.Request]:
        return [request for request in self.requests if request.url.path != "/cgi-bin/stable_token"]

    @property
    def token_calls(self) -> list[httpx.Request]:
        return [request for request in self.requests if request.url.path == "/cgi-bin/stable_token"]

    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.calls]

    # --- what it answers

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == "/cgi-bin/stable_token":
            return self._play(self.token_answers, request) or self._issue()
        if not self.valid(request.url.params.get("access_token", "")):
            return httpx.Response(200, json={"errcode": 40001, "errmsg": "invalid credential rid: 1-2"})
        return self._play(self.answers, request) or httpx.Response(200, json={"errcode": 0, "errmsg": "ok"})

    def _issue(self) -> httpx.Response:
        self.issued += 1
        return httpx.Response(200, json={"access_token": f"tok-{self.issued}", "expires_in": 7200})

    @staticmethod
    def _play(script: list[Scripted], request: httpx.Request) -> httpx.Response | None:
        if not script:
            return None
        answer = script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(200, json=answer) if isinstance(answer, dict) else answer

    def client(self, clock: Clock, store: TokenStore | None = None) -> WeChatClient:
        return WeChatClient(
            "wx1",
            SECRET,
            "https://api.test/",
            store or MemoryTokenStore(clock),
            httpx.AsyncClient(transport=httpx.MockTransport(self)),
            clock,
            sleep=clock.sleep,
        )
