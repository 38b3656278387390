"""`xiaoxiao chat`: a citizen in the terminal, on the very path of WeChat messages (simulated account, no network)."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from xiaoxiao.commands.sample import put_sample
from xiaoxiao.errors import InvalidRequest, NotFound, XiaoxiaoError
from xiaoxiao.serve import open_agent, platform_of, simulated_settings
from xiaoxiao.services import Services, build_services
from xiaoxiao.simulator import deeds
from xiaoxiao.simulator.dialog import Turn
from xiaoxiao.simulator.platform import Platform
from xiaoxiao.simulator.transport import SimulatedTransport
from xiaoxiao.simulator.webhook import InProcessWebhook, Response
from xiaoxiao.store.conversation import Conversation
from xiaoxiao.store.memory import MemoryStore

CITIZEN = "终端里的市民"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jsonl", action="store_true", help="每行一个 JSON,每行答一个 JSON")


def execute(options: argparse.Namespace) -> int:
    services = build_services(store=MemoryStore())
    services = replace(services, settings=simulated_settings(services.settings, pace=0))
    put_sample(services)
    return asyncio.run(_lines(Terminal(services)) if options.jsonl else _talk(Terminal(services)))


class Terminal:
    """One citizen, one office, one process."""

    def __init__(self, services: Services) -> None:
        agent = open_agent(services, log_level="ERROR", database=False)
        from connectors.engine import RasaEngine
        from connectors.wechat.assembly import build

        self._services = services
        self.platform: Platform = platform_of(services, InProcessWebhook(self._post, get=self._post))
        http = httpx.AsyncClient(transport=SimulatedTransport(self.platform.api))
        self._application = build(
            services, RasaEngine(agent.handle_message, agent.processor.parse_message), http=http
        )
        self._citizen = self.platform.citizen(CITIZEN)
        self._shown = 0

    async def _post(self, query: Any, body: bytes) -> Response:
        answer = await self._application.webhook.post(query, body)
        return Response(answer.status, answer.body.encode())

    async def turn(self, said: dict[str, Any]) -> dict[str, Any]:
        """Do what `said` describes; what came of it. Raises InvalidRequest."""
        if str(said.get("event", "")).startswith("staff_"):
            await self._staff(said["event"])
        else:
            await self._act(said)
            while self._application.outbox is not None and await self._application.outbox.run_once():
                pass
        return self._result()

    async def _staff(self, event: str) -> None:
        desk = self._services.conversations
        acts: dict[str, Callable[[int, str], object]] = {
            "staff_takeover": desk.take_over,
            "staff_release": desk.release,
        }
        if event not in acts:
            raise InvalidRequest(f"不认识的事件 {event}。")
        if self._conversation() is None:
            await self._citizen.enters(
                0, 0
            )  # nobody has said anything yet: open the conversation without a word
        conversation = self._conversation()
        if conversation is not None:
            acts[event](conversation.id, "cli:chat")

    def _act(self, said: dict[str, Any]) -> Turn:
        match said:
            case {"user": str(text)}:
                return self._citizen.says(text)
            case {"image": str(path)}:
                return self._citizen.sends_photo(_read(Path(path)))
            case {"location": [float() | int() as latitude, float() | int() as longitude, *label]}:
                return self._citizen.sends_location(latitude, longitude, str(label[0]) if label else "")
            case {"voice": str(text)}:
                return self._citizen.speaks(text or None)
            case {"event": "subscribe"}:
                return self._citizen.follows()
            case {"event": "unsubscribe"}:
                return self._citizen.unfollows()
            case {"event": str(event)} if event.startswith("CLICK:"):
                return self._click(event.removeprefix("CLICK:"))
        raise InvalidRequest(
            '每行应为 {"user": …}、{"image": 路径}、{"location": [纬度, 经度, 地址]} 或 {"event": …}。'
        )

    def _click(self, key: str) -> Turn:
        """A key of menu.yml, or one of an older menu that is still on a phone."""
        try:
            return self._citizen.clicks(key)
        except NotFound:
            return self._citizen.does(deeds.event("CLICK", ("EventKey", key)))

    def _result(self) -> dict[str, Any]:
        conversation = self._conversation()
        if conversation is None:
            return {"answers": [], "state": "bot", "intent": None, "danger": None}
        rows = [row for row in self._services.store.outgoing(conversation.id) if row.id > self._shown]
        self._shown = max((row.id for row in rows), default=self._shown)
        last = self._services.store.messages(conversation.id, limit=1)[-1]
        return {
            "answers": [row.answer.to_json() for row in rows],
            "state": conversation.status.value,
            "intent": last.intent,
            "danger": last.danger,
        }

    def _conversation(self) -> Conversation | None:
        try:
            return self._services.store.find(self._citizen.openid)
        except NotFound:
            return None


async def _lines(terminal: Terminal) -> int:
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            if not isinstance(said, dict):
                raise InvalidRequest("每行应为一个 JSON 对象。")
            result = await terminal.turn(said)
        except ValueError:
            result = {"error": "不是 JSON"}
        except XiaoxiaoError as problem:
            result = {"error": str(problem)}
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return 0


async def _talk(terminal: Terminal) -> int:
    print("直接打字;空行结束。数字可选择编号。\n", flush=True)
    said: dict[str, Any] = {"event": "subscribe"}
    while True:
        _print(await terminal.turn(said))
        try:
            text = (await asyncio.to_thread(input, "您 > ")).strip()
        except EOFError:
            text = ""
        if not text:
            return 0
        said = {"user": text}


def _print(result: dict[str, Any]) -> None:
    for answer in result["answers"]:
        options = [f"  {n}. {b['title']}" for n, b in enumerate(answer["buttons"], 1)]
        print("\n".join(["小 > " + answer["text"], *options]), flush=True)
    if not result["answers"]:
        print(f"(没有回答;会话状态:{result['state']})", flush=True)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise InvalidRequest(f"读不到图片 {path}:{problem.strerror}") from problem
