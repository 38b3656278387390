"""One contestant through all measurements, the load always in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.contestants import WORK, Running
from bench.load import SAMPLES
from bench.messages import all_different, repeated

_LIMIT_SECONDS = 1800.0


@dataclass(frozen=True)
class Plan:
    """How much of everything; every measurement ends by count."""

    single: int
    throughput: int
    sessions: tuple[int, ...]  #: messages before the measured one
    burst: int  #: citizens within ten seconds; 0 leaves it out
    warm_up: int = 30


def measure(running: Running, texts: list[str], plan: Plan) -> dict[str, Any]:
    send = _Sender(running)
    send("single", all_different(texts, plan.warm_up, seed=11), plan.warm_up)
    results: dict[str, Any] = {"start_seconds": running.start_seconds}
    results["single"] = send("single", all_different(texts, plan.single), plan.single)
    results["different"] = send("throughput", all_different(texts, plan.throughput, seed=5), plan.throughput)
    results["repeated"] = send("throughput", repeated(texts, plan.throughput), plan.throughput)
    results["sessions"] = [
        send("session", all_different(texts, count + 2 * SAMPLES, seed=count), count)
        for count in plan.sessions
    ]
    if plan.burst:
        results["burst"] = send("burst", repeated(texts, plan.burst, seed=9), plan.burst)
    results["memory_mb"] = running.memory_mb()
    return results


class _Sender:
    def __init__(self, running: Running) -> None:
        self._running = running

    def __call__(self, mode: str, texts: list[str], count: int) -> dict[str, Any]:
        file = (WORK / "messages.json").resolve()
        file.write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, "-m", "bench.load", mode, "--channel", self._running.channel]
        command += ["--messages", str(file), "--count", str(count)]
        for url in self._running.urls:
            command += ["--url", url]
        before = self._running.cpu_seconds()
        finished = subprocess.run(
            command, cwd=Path(), capture_output=True, timeout=_LIMIT_SECONDS, check=True
        )
        result: dict[str, Any] = json.loads(finished.stdout)
        result["cpu_ms"] = (self._running.cpu_seconds() - before) * 1000 / max(1, count)
        print(f"  {mode} × {count}: {_short(result)}", flush=True)
        return result


def _short(result: dict[str, Any]) -> str:
    keys = ("p50_ms", "p95_ms", "messages_per_second", "ratio", "within_five_seconds", "cpu_ms", "failed")
    return ", ".join(f"{key} {result[key]:.1f}" for key in keys if key in result)
