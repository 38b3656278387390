"""Scenes told without a trigger word, recognised by resemblance to data/lexicon/danger/examples.jsonl.

A logistic regression on the character n-grams of a message, fitted in plain Python in a fraction of a second.
It only raises alarms where the trigger words found nothing, above a threshold chosen by cross-validation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from math import exp, sqrt
from pathlib import Path
from random import Random

from xiaoxiao.errors import ConfigurationError

_LONGEST = 120  #: characters looked at: a scene is told at the beginning, and the work stays bounded
_EPOCHS = 12
_RATE = 0.3

Example = tuple[str, bool]  #: spelled text, danger or not


class Scenes:
    """Weights of character n-grams (1 to 3) and a bias."""

    def __init__(self, weights: dict[str, float], bias: float) -> None:
        self._weights = weights
        self._bias = bias

    @classmethod
    def fit(cls, examples: Iterable[Example]) -> Scenes:
        """Stochastic gradient descent in a fixed order: the same examples always give the same weights."""
        data = [(_features(text), float(danger)) for text, danger in examples]
        scenes, order = cls({}, 0.0), Random(3)  # noqa: S311 - shuffling, no secret
        for _ in range(_EPOCHS):
            order.shuffle(data)
            for features, target in data:
                scenes._learn(features, target)
        return scenes

    def score(self, spelled: str) -> float:
        """Log-odds that the message tells of danger."""
        return self._score(_features(spelled))

    def _score(self, features: Sequence[str]) -> float:
        return self._bias + sum(self._weights.get(f, 0.0) for f in features) / sqrt(len(features))

    def _learn(self, features: Sequence[str], target: float) -> None:
        odds = max(-30.0, min(30.0, self._score(features)))
        step = _RATE * (target - 1 / (1 + exp(-odds)))
        self._bias += step / 3
        for feature in features:
            self._weights[feature] = self._weights.get(feature, 0.0) + step / sqrt(len(features))


def _features(spelled: str) -> list[str]:
    text = f"^{spelled[:_LONGEST]}$"
    return sorted({text[i : i + n] for n in (1, 2, 3) for i in range(len(text) - n + 1)})


def read_examples(path: Path) -> list[tuple[str, bool]]:
    """(text, danger or not) of each line {"text": …, "danger": kind or null}. Raises ConfigurationError."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [(str(row["text"]), row["danger"] is not None) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"读不了危险例句 {path}:{error}") from error
