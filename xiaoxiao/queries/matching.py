"""Free words of citizens against names: which record is meant, which district, which place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

R = TypeVar("R")

#: a third of the pairs of characters in common: 路灯坏了 finds 路灯不亮, 停水 finds no 停电
_ALIKE = 0.33


def plain(text: str) -> str:
    """Full width narrowed, lower case, only letters, digits and characters."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def likeness(text: str, phrases: Iterable[str]) -> float:
    """How well the phrases fit: 2 and more when one is said whole, 0 when none is like it.

    The best counts; the others decide between equals (消费投诉: 消费 and 投诉举报 before 投诉 alone).
    """
    said = plain(text)
    fits = [_likeness(said, plain(phrase)) for phrase in phrases]
    most = max(fits, default=0.0)
    return most + (sum(fits) - most) / 10


def best(
    text: str, records: Iterable[R], phrases: Callable[[R], Iterable[str]], limit: int, *, least: float = 0.0
) -> tuple[R, ...]:
    """The records that fit (better than `least`), the best first; equally good ones keep their order."""
    rated = [(likeness(text, phrases(record)), record) for record in records]
    fitting = [pair for pair in rated if pair[0] > least]
    fitting.sort(key=lambda pair: -pair[0])
    return tuple(record for _, record in fitting[:limit])


def same_district(one: str, other: str) -> bool:
    """样例 and 样例区 are one district.

    >>> same_district("样例", "样例区"), same_district("浦东新区", "浦口区")
    (True, False)
    """
    return _without_suffix(one) == _without_suffix(other)


def holds_for(district: str | None, districts: Sequence[str]) -> bool:
    """What names no district holds for the whole city."""
    return district is None or not districts or any(same_district(district, other) for other in districts)


def short_names(name: str) -> tuple[str, ...]:
    """样例区 is also called 样例; names of one character are too common."""
    short = _without_suffix(name)
    return (short,) if short != plain(name) and len(short) > 1 else ()


def _without_suffix(name: str) -> str:
    return re.sub(r"(?<=..)(新区|自治县|自治旗|[区县市旗])$", "", plain(name))


def _likeness(said: str, phrase: str) -> float:
    if not said or not phrase:
        return 0.0
    if phrase in said:
        return 2 + len(phrase) / 100
    if len(said) > 1 and said in phrase:
        return 1 + len(said) / len(phrase)
    ours, theirs = _pairs(said), _pairs(phrase)
    alike = len(ours & theirs) / max(1, min(len(ours), len(theirs)))
    return alike if alike >= _ALIKE else 0.0


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}
