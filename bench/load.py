"""The load, in a process of its own: sends messages, measures, prints one JSON object.

python -m bench.load single --channel wechat --url http://127.0.0.1:5005 --messages messages.json --count 200
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import itertools
import json
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

TOKEN = "benchtoken"
WEBHOOK = "/webhooks/wechat/webhook"
PATIENCE_SECONDS = 60.0
SAMPLES = 40  #: pairs of messages for the cost of a long session
WECHAT_SECONDS = 5.0

_XML = (
    "<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><FromUserName><![CDATA[{contact}]]></FromUserName>"
    "<CreateTime>{time}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
    "<MsgId>{id}</MsgId></xml>"
)


def signed_message(contact: str, text: str, message_id: str) -> tuple[dict[str, str], str]:
    """Query and body of a text message as WeChat posts it in plain mode."""
    now = str(int(time.time()))
    signature = hashlib.sha1("".join(sorted((TOKEN, now, message_id))).encode()).hexdigest()
    body = _XML.format(contact=contact, time=now, text=text, id=message_id)
    return {"signature": signature, "timestamp": now, "nonce": message_id}, body


@dataclass
class Outcome:
    seconds: list[float] = field(default_factory=list)
    unanswered: int = 0
    failed: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def fail(self, reason: str) -> None:
        self.failed += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1


class Client:
    """Speaks one of the two channels; `say` gives the seconds until the answer."""

    def __init__(self, session: aiohttp.ClientSession, channel: str, urls: list[str]) -> None:
        self._session = session
        self._send = {"wechat": self._wechat, "rest": self._rest}[channel]
        self._urls = urls
        self._ids = itertools.count(time.time_ns())
        self.outcome = Outcome()

    async def say(self, contact: str, text: str) -> float:
        url = self._urls[int(hashlib.sha256(contact.encode()).hexdigest(), 16) % len(self._urls)]
        began = time.perf_counter()
        try:
            answered = await self._send(url, contact, text)
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            self.outcome.fail(type(error).__name__)
            return time.perf_counter() - began
        taken = time.perf_counter() - began
        self.outcome.seconds.append(taken)
        self.outcome.unanswered += not answered
        return taken

    async def _wechat(self, url: str, contact: str, text: str) -> bool:
        query, body = signed_message(contact, text, str(next(self._ids)))
        headers = {"Content-Type": "text/xml"}
        address = f"{url}{WEBHOOK}"
        async with self._session.post(address, params=query, data=body.encode(), headers=headers) as response:
            response.raise_for_status()
            return b"<Content>" in await response.read()

    async def _rest(self, url: str, contact: str, text: str) -> bool:
        body = {"sender": contact, "message": text}
        async with self._session.post(f"{url}/webhooks/rest/webhook", json=body) as response:
            response.raise_for_status()
            return bool(await response.json())


async def single(client: Client, texts: list[str], count: int) -> dict[str, Any]:
    """One at a time, ten messages a citizen."""
    for number, text in enumerate(_forever(texts, count)):
        await client.say(f"single-{number // 10}", text)
    return {}


async def throughput(client: Client, texts: list[str], count: int, connections: int = 16) -> dict[str, Any]:
    """As fast as `connections` citizens at a time can."""
    queue = iter(list(enumerate(_forever(texts, count))))
    began = time.perf_counter()

    async def worker(name: int) -> None:
        for number, text in queue:
            await client.say(f"citizen-{name}-{number // 160}", text)

    await asyncio.gather(*(worker(name) for name in range(connections)))
    elapsed = time.perf_counter() - began
    return {"messages_per_second": len(client.outcome.seconds) / elapsed, "elapsed_seconds": elapsed}


async def session(client: Client, texts: list[str], count: int, samples: int = SAMPLES) -> dict[str, Any]:
    """One citizen without a pause; then her next messages in turn with first messages of others."""
    for text in texts[:count]:
        await client.say("stubborn", text)
    first, late = [], []
    new = iter(texts[count : count + 2 * samples])  # said by nobody yet: what was said may be remembered
    for number in range(samples):
        first.append(await client.say(f"newcomer-{count}-{number}", next(new)))
        late.append(await client.say("stubborn", next(new)))
    first_median, late_median = statistics.median(first), statistics.median(late)
    return {
        "messages_before": count,
        "first_ms": first_median * 1000,
        "late_ms": late_median * 1000,
        "ratio": late_median / first_median,
    }


async def burst(client: Client, texts: list[str], count: int, window_seconds: float = 10.0) -> dict[str, Any]:
    """Each message at a random moment of the window, from a citizen of its own, answered or not."""
    moments = spread(count, window_seconds)
    began = time.perf_counter()

    async def one(number: int, text: str) -> float:
        await asyncio.sleep(max(0.0, began + moments[number] - time.perf_counter()))
        return await client.say(f"burst-{number}", text)

    taken = await asyncio.gather(*(one(n, text) for n, text in enumerate(_forever(texts, count))))
    in_time = sum(seconds <= WECHAT_SECONDS for seconds in taken) - client.outcome.failed
    return {"sent": count, "within_five_seconds": max(0, in_time), "slowest_seconds": max(taken)}


def spread(count: int, window_seconds: float) -> list[float]:
    """Random moments of a window, in seconds, the same ones every time."""
    chance = random.Random(7)
    return sorted(chance.uniform(0, window_seconds) for _ in range(count))


_MODES: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
    "single": single,
    "throughput": throughput,
    "session": session,
    "burst": burst,
}


def _forever(texts: list[str], count: int) -> Iterable[str]:
    return itertools.islice(itertools.cycle(texts), count)


async def _run(arguments: argparse.Namespace, texts: list[str]) -> dict[str, Any]:
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as http:
        client = Client(http, arguments.channel, arguments.url)
        extra = await _MODES[arguments.mode](client, texts, arguments.count)
    outcome = client.outcome
    spread = _percentiles(outcome.seconds)
    return {
        **extra,
        **spread,
        "answered": len(outcome.seconds) - outcome.unanswered,
        "unanswered": outcome.unanswered,
        "failed": outcome.failed,
        "reasons": outcome.reasons,
    }


def _percentiles(seconds: list[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {}
    cuts = statistics.quantiles(seconds, n=100)
    return {"p50_ms": cuts[49] * 1000, "p95_ms": cuts[94] * 1000, "p99_ms": cuts[98] * 1000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=sorted(_MODES))
    parser.add_argument("--channel", choices=("wechat", "rest"), required=True)
    parser.add_argument("--url", action="append", required=True, help="more than one: spread by citizen")
    parser.add_argument("--messages", required=True, help="JSON list of texts, used in this order")
    parser.add_argument("--count", type=int, required=True)
    arguments = parser.parse_args()
    texts = json.loads(Path(arguments.messages).read_text(encoding="utf-8"))
    json.dump(asyncio.run(_run(arguments, texts)), sys.stdout)


if __name__ == "__main__":
    main()
