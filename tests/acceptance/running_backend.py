"""`xiaoxiao backend serve` with the sample district, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from tests.acceptance.running_office import ROOT, START_SECONDS, free_port
from tests.contract.queries.served import TOKEN
from xiaoxiao.clock import SystemClock
from xiaoxiao.queries.embedded import SqlRecords
from xiaoxiao.queries.examination import KINDS
from xiaoxiao.queries.records import MemoryRecords
from xiaoxiao.queries.sample import load_sample
from xiaoxiao.store.database import open_engine
from xiaoxiao.store.migration import migrate


class RunningBackend:
    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}/v1"
        self._log = folder / "backend.log"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("WECHAT_")},
            "DATABASE_URL": database_with(folder / "backend.db", KINDS),
            "BACKEND_TOKEN": TOKEN,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        port = self.url.rpartition(":")[2].removesuffix("/v1")
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "xiaoxiao", "backend", "serve", "--port", port]
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        end = time.monotonic() + START_SECONDS
        while not self._is_up():
            if self._process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"the back end did not start:\n{self.log()[-3000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def _is_up(self) -> bool:
        asks = urllib.request.Request(f"{self.url}/health", headers={"Authorization": f"Bearer {TOKEN}"})
        try:
            with urllib.request.urlopen(asks, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def database_with(path: Path, kinds: Iterable[str]) -> str:
    """The address of a database with these kinds of the sample district's data, as of today."""
    url = f"sqlite:///{path}"
    migrate(url)
    engine, read = open_engine(url), MemoryRecords(samples=True)
    load_sample(ROOT / "sample", read, now=SystemClock().now())
    written = SqlRecords(engine, SystemClock(), samples=True)
    for kind in kinds:
        records, origin = read.kept(KINDS[kind])
        written.replace(KINDS[kind], records, origin)
    engine.dispose()
    return url
