"""The parts of a long message that are worth a closer look: the danger may come in the middle of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import accumulate

SHORT = 90  #: characters up to which a message is judged as a whole only
_WINDOW = 50  #: characters of a part, about: as long as most examples
_MOST = 4  #: parts looked at closely, so that hostile length costs nothing
_CLAUSE = re.compile(r"[^,.!?;:~\n]+[,.!?;:~\n]*")


def windows(text: str, weights: Mapping[str, float]) -> list[str]:
    """Runs of whole clauses that hold most weight, best first; none of a short text.

    `weights` tells for 2- and 3-grams how much they speak for danger.
    """
    if len(text) <= SHORT:
        return []
    spans = _spans(text)
    sums = [0.0, *accumulate(_weight(text, place, weights) for place in range(len(text)))]
    spans.sort(key=lambda span: (sums[span[0]] - sums[span[1]]) / (span[1] - span[0]) ** 0.5)
    return [text[start:end] for start, end in _apart(spans)]


def _weight(text: str, place: int, weights: Mapping[str, float]) -> float:
    return weights.get(text[place : place + 2], 0.0) + weights.get(text[place : place + 3], 0.0)


def _spans(text: str) -> list[tuple[int, int]]:
    """From the beginning of every clause as many whole clauses as fit a window, one at least."""
    clauses = [piece for match in _CLAUSE.finditer(text) for piece in _cut(*match.span())]
    spans = []
    for first, (start, end) in enumerate(clauses):
        for _, further in clauses[first + 1 :]:
            if further - start > _WINDOW:
                break
            end = further
        spans.append((start, end))
    return spans


def _cut(start: int, end: int) -> list[tuple[int, int]]:
    """A clause without end (nobody set a mark) in overlapping pieces."""
    if end - start <= SHORT:
        return [(start, end)]
    return [(place, min(place + _WINDOW, end)) for place in range(start, end, _WINDOW // 2)]


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first few that do not begin in one another."""
    chosen: list[tuple[int, int]] = []
    for start, end in spans:
        if all(abs(start - other) > _WINDOW // 2 for other, _ in chosen):
            chosen.append((start, end))
        if len(chosen) == _MOST:
            break
    return chosen
