"""How citizens say yes and no and name a choice (data/lexicon/form_answers.csv)."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from xiaoxiao.errors import ConfigurationError

#: characters of an answer to a choice: 我的是小型汽车
BRIEF = 10


class Words:
    """Answers by key; of several that fit, the one with the longest word."""

    def __init__(self, words: Mapping[str, Collection[str]]) -> None:
        self._words = {key: tuple(map(bare, said)) for key, said in words.items()}

    @classmethod
    def load(cls, path: Path) -> Words:
        """Two columns, answer and word. Raises ConfigurationError naming what is wrong."""
        words: dict[str, list[str]] = {}
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    words.setdefault(row["answer"], []).append(row["word"])
        except (OSError, UnicodeDecodeError, KeyError) as problem:
            raise ConfigurationError(f"{path}:{problem}") from problem
        return cls(words)

    def whole(self, plain: str, keys: Collection[str]) -> str | None:
        """The answer that the whole text is."""
        said = bare(plain)
        return next((key for key in keys if said in self._words.get(key, ())), None)

    def within(self, plain: str, keys: Collection[str]) -> str | None:
        """The answer that the text names."""
        said = bare(plain)
        found = [(len(w), key) for key in keys for w in self._words.get(key, ()) if w in said]
        return max(found)[1] if found else None

    def brief(self, plain: str, keys: Collection[str]) -> str | None:
        """The answer that a short text names; a longer one is about something else."""
        return self.within(plain, keys) if len(bare(plain)) <= BRIEF else None

    def without(self, plain: str, key: str) -> str:
        """The text less these words."""
        words = sorted(self._words.get(key, ()), key=len, reverse=True)
        return re.sub("|".join(map(re.escape, words)), " ", plain.lower()) if words else plain

    def yes(self, plain: str) -> bool | None:
        """None: neither yes nor no."""
        answer = self.whole(plain, ("yes", "no"))
        return None if answer is None else answer == "yes"


def bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
