"""The two that are compared: how each is trained and started. Only the commands differ."""

from __future__ import annotations

import hashlib
import http.client
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.load import TOKEN, WEBHOOK, signed_message
from bench.processes import Server, free_port, run, start, wait_until

RASA = str(Path(sys.executable).with_name("rasa"))
WORK = Path("var/bench")
ALL = WORK / "all"  #: everything there is to learn, in stock form
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2"}
_TRAINING_LIMIT_SECONDS = 7200.0
_START_LIMIT_SECONDS = 300.0


@dataclass(frozen=True)
class Trained:
    model: Path
    examples: int
    seconds: float  #: of the training, however long ago


@dataclass(frozen=True)
class Running:
    channel: str
    urls: tuple[str, ...]
    servers: tuple[Server, ...]  #: chat workers
    start_seconds: float
    helpers: tuple[Server, ...] = ()  #: the action server

    def memory_mb(self) -> int:
        """Of one chat worker."""
        return max(server.memory_mb() for server in self.servers)

    def cpu_seconds(self) -> float:
        """Of all servers that take part in an answer."""
        return sum(server.cpu_seconds() for server in (*self.servers, *self.helpers))


# --- stock Rasa -------------------------------------------------------------------------------------------
def train_stock(examples: int) -> Trained:
    """Train once for each state of the data: the model and its time are kept under var/bench."""
    project = WORK / "stock"
    _export(project, examples)
    count = len(json.loads((project / "examples.json").read_text(encoding="utf-8")))
    kept = WORK / "models" / f"stock-{_fingerprint(project)}.tar.gz"
    if not kept.exists():
        command = [RASA, "train", "--force", "--fixed-model-name", "stock"]
        seconds = run(
            command,
            cwd=project,
            log=WORK / "stock-train.log",
            env=_QUIET,
            limit_seconds=_TRAINING_LIMIT_SECONDS,
        )
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project / "models" / "stock.tar.gz", kept)
        kept.with_suffix(".json").write_text(json.dumps({"seconds": seconds}))
    return Trained(kept, count, json.loads(kept.with_suffix(".json").read_text())["seconds"])


@contextmanager
def stock(trained: Trained) -> Iterator[Running]:
    """`rasa run` with the REST channel, and `rasa run actions`; in memory, as out of the box."""
    project, port, actions_port = WORK / "stock", free_port(), free_port()
    (project / "credentials.yml").write_text("rest:\n")
    (project / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n"
    )
    action_command = [RASA, "run", "actions", "--actions", "actions", "--port", str(actions_port)]
    actions = start(action_command, port=actions_port, cwd=Path(), log=WORK / "stock-actions.log", env=_QUIET)
    command = [RASA, "run", "--model", str(trained.model.resolve()), "--port", str(port)]
    command += [
        "--interface",
        "127.0.0.1",
        "--endpoints",
        "endpoints.yml",
        "--credentials",
        "credentials.yml",
    ]
    server = start(command, port=port, cwd=project, log=WORK / "stock.log", env=_QUIET)
    try:
        body = json.dumps({"sender": "start", "message": "你好"})
        seconds = wait_until(
            lambda: _answers(port, "/webhooks/rest/webhook", body, "application/json"),
            server,
            limit_seconds=_START_LIMIT_SECONDS,
        )
        yield Running("rest", (f"http://127.0.0.1:{port}",), (server,), seconds, (actions,))
    finally:
        server.stop()
        actions.stop()


# --- ours -------------------------------------------------------------------------------------------------
def train_ours() -> Trained:
    """From nothing, every time: it does not take long."""
    models = WORK / "models"
    command = [RASA, "train", "--force", "--fixed-model-name", "ours", "--out", str(models)]
    seconds = run(
        command, cwd=Path(), log=WORK / "ours-train.log", env=_QUIET, limit_seconds=_TRAINING_LIMIT_SECONDS
    )
    _export(ALL, 0)
    return Trained(models / "ours.tar.gz", len(example_texts()), seconds)


def example_texts() -> list[str]:
    """Everything that is trained on, knowledge cards included, as Rasa's importer reads it."""
    texts: list[str] = json.loads((ALL / "examples.json").read_text(encoding="utf-8"))
    return texts


@contextmanager
def ours(
    trained: Trained, *, workers: int = 1, database_url: str = "", redis_url: str = ""
) -> Iterator[Running]:
    """`xiaoxiao serve` behind signed WeChat XML; several workers share PostgreSQL and Redis."""
    database = (WORK / "ours.db").resolve()
    for file in WORK.glob("ours.db*"):
        file.unlink()
    settings = {
        **_QUIET,
        "WECHAT_TOKEN": TOKEN,
        "DATABASE_URL": database_url or f"sqlite:///{database}",
        "REDIS_URL": redis_url,
        "XIAOXIAO_MODEL": str(trained.model.resolve()),
        "LOG_LEVEL": "WARNING",
        "XIAOXIAO_PACE": "0",  # one citizen writes as fast as she can
    }
    servers, seconds = [], 0.0
    try:
        for number in range(workers):
            port = free_port()
            env = {**settings, "HOST": "127.0.0.1", "PORT": str(port)}
            log = WORK / f"ours-{number}.log"
            servers.append(start(_serve_command(), port=port, cwd=Path(), log=log, env=env))
        for server in servers:
            seconds = max(
                seconds, wait_until(_wechat_ready(server), server, limit_seconds=_START_LIMIT_SECONDS)
            )
        urls = tuple(f"http://127.0.0.1:{server.port}" for server in servers)
        yield Running("wechat", urls, tuple(servers), seconds)
    finally:
        for server in servers:
            server.stop()


def _serve_command() -> list[str]:
    return [sys.executable, "-m", "xiaoxiao", "serve"]


# --- both -------------------------------------------------------------------------------------------------
def _wechat_ready(server: Server) -> Callable[[], bool]:
    """Ready is who answers a signed message."""

    def ready() -> bool:
        query, body = signed_message("start", "你好", str(time.time_ns()))
        return _answers(server.port, f"{WEBHOOK}?{urlencode(query)}", body, "text/xml")

    return ready


def _answers(port: int, path: str, body: str, content_type: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", path, body.encode(), {"Content-Type": content_type})
        response = connection.getresponse()
        return response.status == 200 and len(response.read()) > 2
    finally:
        connection.close()


def _export(out: Path, examples: int) -> None:
    command = [sys.executable, "-m", "bench.peer_project", str(out), "--examples", str(examples)]
    run(command, cwd=Path(), log=WORK / "export.log", env=_QUIET, limit_seconds=600)


def _fingerprint(project: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted([project / "config.yml", project / "domain.yml", *project.glob("data/**/*.yml")]):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
