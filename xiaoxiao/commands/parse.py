"""`xiaoxiao parse`: JSON lines {"text": …} in, one JSON line of understanding out for each, in order."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from xiaoxiao.settings import Settings
from xiaoxiao.training import latest_model


def execute(options: argparse.Namespace) -> int:
    from extensions.parser import parse_lines

    model = latest_model(Settings.read().model)
    wrong: dict[int, str] = {}
    texts = _texts(sys.stdin, wrong)
    for number, result in enumerate(parse_lines(texts, model=model, root=Path.cwd()), 1):
        if number in wrong:
            result = {"text": "", "error": wrong.pop(number)}
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return 0


def _texts(lines: Iterable[str], wrong: dict[int, str]) -> Iterator[str]:
    """The texts; a line that is none counts as empty, and `wrong` says why."""
    for number, line in enumerate(lines, 1):
        text, problem = _text(line)
        if problem:
            wrong[number] = f"第 {number} 行:{problem}"
        yield text


def _text(line: str) -> tuple[str, str]:
    try:
        data: Any = json.loads(line)
    except ValueError:
        return "", "不是 JSON"
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        return "", '应为 {"text": "……"}'
    return data["text"], ""
