"""Words that steer a form wherever it stands (data/lexicon/form_commands.csv)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

from xiaoxiao.errors import ConfigurationError


class Command(str, Enum):
    STOP = "stop"
    BACK = "back"
    SKIP = "skip"
    RESTART = "restart"
    CONTINUE = "continue"
    RETRY = "retry"  #: the data could not be had a moment ago
    CORRECT = "correct"  #: a beginning: 不对,车牌是……


_FRAME = re.compile(r"^(?:那就|那|我|先|还是|就)*|(?:吧|了|啦|啊|哦|呀|谢谢)*$")


class Commands:
    def __init__(self, words: Mapping[Command, frozenset[str]]) -> None:
        self._words = words

    @classmethod
    def load(cls, path: Path) -> Commands:
        """Two columns, command and word. Raises ConfigurationError naming what is wrong."""
        words: dict[Command, set[str]] = {command: set() for command in Command}
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                for number, row in enumerate(csv.reader(file), 1):
                    if number > 1:
                        words[Command(row[0])] |= {_bare(row[1]), _core(row[1])} - {""}
        except (OSError, UnicodeDecodeError, ValueError, IndexError) as problem:
            raise ConfigurationError(f"{path}:{problem}") from problem
        if empty := [command.value for command in Command if not words[command]]:
            raise ConfigurationError(f"{path} 缺少:{'、'.join(empty)}")
        return cls({command: frozenset(said) for command, said in words.items()})

    def read(self, plain: str) -> Command | None:
        """The command that the whole text is, give or take a particle."""
        said = {_bare(plain), _core(plain)} - {""}
        kinds = (command for command in Command if command is not Command.CORRECT)
        return next((command for command in kinds if said & self._words[command]), None)

    def correction(self, plain: str) -> str | None:
        """What follows 不对, 改成 …: "" when nothing does, None when it is no correction."""
        beginnings = sorted(self._words[Command.CORRECT], key=len, reverse=True)
        found = re.match(rf"[\W_]*(?:{'|'.join(map(re.escape, beginnings))})[\W_]*", plain)
        return plain[found.end() :] if found else None


def _core(text: str) -> str:
    """Without what comes before and after: 那算了吧 → 算."""
    return _FRAME.sub("", _bare(text))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
