"""The real server in a process of its own, on a free port, that tests may kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from xiaoxiao.simulator.account import Account, Mode

ROOT = Path(__file__).parents[2]
START_SECONDS = 90  #: generous: a start takes ten, on a busy machine more


class RunningOffice:
    """`account` None: no credentials, so the simulator stands in."""

    def __init__(
        self, folder: Path, account: Account | None = None, *, api_base: str = "", **settings: str
    ) -> None:
        self.port = free_port()
        self._log = folder / "server.log"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("WECHAT_")},
            **(_credentials(account, api_base) if account else {}),
            "DATABASE_URL": f"sqlite:///{folder}/office.db",
            "PORT": str(self.port),
            "XIAOXIAO_PACE": "0",
            "LOG_LEVEL": "WARNING",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def webhook_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/wechat/webhook"

    def start(self) -> None:
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "xiaoxiao", "serve"]
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)

    def wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not self.is_up():
            if self._process is None or self._process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"the server did not start:\n{self.log()[-3000:]}")
            time.sleep(0.1)

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def command(self, *words: str) -> str:
        """What `xiaoxiao …` prints with this office's settings."""
        done = subprocess.run(
            [sys.executable, "-m", "xiaoxiao", *words],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""


def _credentials(account: Account, api_base: str) -> dict[str, str]:
    """`api_base` "": an account that cannot call the API."""
    known = {"WECHAT_TOKEN": account.token, "WECHAT_APP_ID": account.app_id}
    if account.mode is not Mode.PLAIN:
        known["WECHAT_AES_KEY"] = account.aes_key
    if api_base:
        known |= {"WECHAT_APP_SECRET": account.secret, "WECHAT_API_BASE": api_base}
    return known


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
