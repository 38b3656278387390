"""Whether two reports are about the same matter: by their words, the place and the time.

Without an agreeing place nothing is attached by itself: two burst pipes on two streets read the same.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from xiaoxiao.store.case import Case, CaseType

#: as likely as it gets: attached at once
AUTOMATIC = 0.95
#: likely: shown to staff, who decide
SUGGESTED = 0.75
#: below AUTOMATIC: what is missing or different must be looked at by a person
_NEVER_ALONE = 0.94
#: what speaks against it: certainly not suggested
_ELSEWHERE = 0.5
_TEXT, _PLACE, _TIME = 0.6, 0.3, 0.1
#: metres; a phone's position in a street of tall houses is wrong by this much
NEAR_METRES, FAR_METRES = 100.0, 1000.0
FRESH, STALE = timedelta(days=1), timedelta(days=30)
_EARTH_METRES = 6_371_000.0
#: two texts that share all of the shorter one are about the same only if it says something
_TELLING_CHARACTERS = 8
_COMPARED = 600  #: characters
#: the slow comparison (meaning) only with those that are likely by words and place
_BY_MEANING = 20

#: Gives a unit vector (any sequence of numbers) for each text.
Encode = Callable[[Sequence[str]], Any]


@dataclass(frozen=True)
class Match:
    case: Case
    score: float  #: 0 to 1


class Matcher:
    def __init__(self, encode: Encode | None = None) -> None:
        self._encode = encode

    def best(self, new: Case, others: Sequence[Case]) -> Match | None:
        """The likeliest of `others`; None below SUGGESTED."""
        scored = sorted(
            ((-score(new, other), other.id, other) for other in others), key=lambda each: each[:2]
        )
        ranked = [other for _, _, other in scored[:_BY_MEANING]]
        meanings = self._meanings(new, ranked)
        matches = [
            Match(other, score(new, other, meaning)) for other, meaning in zip(ranked, meanings, strict=True)
        ]
        best = max(matches, key=lambda match: (match.score, -match.case.id), default=None)
        return best if best is not None and best.score >= SUGGESTED else None

    def _meanings(self, new: Case, others: Sequence[Case]) -> list[float]:
        if self._encode is None or not others:
            return [0.0] * len(others)
        first, *rest = self._encode([case.what[:_COMPARED] for case in (new, *others)])
        return [float(sum(a * b for a, b in zip(first, other, strict=True))) for other in rest]


def score(new: Case, other: Case, meaning: float = 0.0) -> float:
    """`meaning`: cosine of the sentence vectors, 0 when there are none."""
    words = max(likeness(new.what, other.what), meaning)
    place, time = closeness(new, other), nearness_in_time(new, other)
    if place is None:
        return min(_NEVER_ALONE, (_TEXT * words + _TIME * time) / (_TEXT + _TIME))
    found = _TEXT * words + _PLACE * place + _TIME * time
    if place == 0.0:
        return min(_ELSEWHERE, found)
    alike = new.type is other.type and new.type is not CaseType.SERVICE
    return found if alike else min(_NEVER_ALONE, found)


def likeness(one: str, other: str) -> float:
    """Of two texts by the pairs and triples of characters they share: 0 to 1."""
    a, b = _normal(one), _normal(other)
    if a == b:
        return 1.0 if a else 0.0
    grams, others = _grams(a), _grams(b)
    shared = sum((grams & others).values())
    if not shared:
        return 0.0
    dice = 2 * shared / (grams.total() + others.total())
    shorter = min(grams.total(), others.total())
    overlap = shared / shorter if min(len(a), len(b)) >= _TELLING_CHARACTERS else 0.0
    return max(dice, 0.9 * overlap)


def closeness(one: Case, other: Case) -> float | None:
    """1 within NEAR_METRES, 0 beyond FAR_METRES; by the words of the place where a position is missing; None:
    unknown.
    """
    metres = distance(one, other)
    if metres is not None:
        return min(1.0, max(0.0, (FAR_METRES - metres) / (FAR_METRES - NEAR_METRES)))
    if not one.place.strip() or not other.place.strip():
        return None
    a, b = _normal(one.place), _normal(other.place)
    if a and b and (a in b or b in a):
        return 1.0 if a == b else 0.9
    # differently written is not elsewhere: never 0
    return max(0.1, likeness(one.place, other.place))


def distance(one: Case, other: Case) -> float | None:
    """Metres on the sphere; None where a position is missing."""
    points = (one.latitude, one.longitude, other.latitude, other.longitude)
    if any(value is None for value in points):
        return None
    lat1, lon1, lat2, lon2 = (math.radians(value) for value in points if value is not None)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_METRES * math.asin(min(1.0, math.sqrt(half)))


def nearness_in_time(one: Case, other: Case) -> float:
    """By when it happened, else when it was told: 1 within a day, 0 after a month."""
    apart = abs((one.happened_at or one.created_at) - (other.happened_at or other.created_at))
    return min(1.0, max(0.0, (STALE - apart) / (STALE - FRESH)))


def _normal(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text[:_COMPARED]).casefold()
    return "".join(character for character in plain if character.isalnum())


def _grams(text: str) -> Counter[str]:
    return Counter(text[i : i + n] for n in (2, 3) for i in range(len(text) - n + 1)) or Counter([text])
