"""What people say in danger and what only sounds like it: data/lexicon/danger/examples.jsonl."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from xiaoxiao.errors import ConfigurationError


@dataclass(frozen=True)
class Example:
    text: str
    danger: str | None  #: the kind; None: nobody is in danger


def read_examples(path: Path) -> list[Example]:
    """One of each line {"text": …, "danger": kind or null}. Raises ConfigurationError naming the file."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [Example(str(row["text"]), row["danger"] and str(row["danger"])) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"读不了危险例句 {path}:{error}") from error
