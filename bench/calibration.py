"""Is a confidence of 0.7 right seven times in ten, and what would a threshold let through?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.examination import Graded
from bench.scores import is_answerable, share

_BINS = 10


@dataclass(frozen=True)
class Bin:
    count: int
    confidence: float  #: mean of those in the bin
    accuracy: float  #: share of them that is right


@dataclass(frozen=True)
class AtThreshold:
    threshold: float
    answered: float  #: share of what can be answered whose first guess is at least as sure
    accuracy: float  #: share of these that is right
    strangers_below: float  #: share of what is out of scope that stays below, or is known to be


def certainties(graded: Graded) -> list[tuple[float, bool]]:
    """(confidence, right) of the first guess, before any threshold."""
    return [(r.confidence, r.first in q.right) for q, r in graded if r.candidates]


def reliability(pairs: Sequence[tuple[float, bool]], bins: int = _BINS) -> list[Bin]:
    """Bins of equal width that are not empty, from the least sure to the surest."""
    inside: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, right in pairs:
        inside[min(bins - 1, int(confidence * bins))].append((confidence, right))
    return [
        Bin(len(some), sum(c for c, _ in some) / len(some), share(right for _, right in some))
        for some in inside
        if some
    ]


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = _BINS) -> float:
    """Expected calibration error (Naeini and others, 2015): mean distance of confidence and accuracy, 0–1."""
    return sum(b.count * abs(b.confidence - b.accuracy) for b in reliability(pairs, bins)) / max(
        1, len(pairs)
    )


def against_threshold(graded: Graded, steps: int = 20) -> list[AtThreshold]:
    known = [(r.confidence, r.first in q.right) for q, r in graded if is_answerable(q)]
    strangers = [(r.confidence, r.first in q.right) for q, r in graded if not is_answerable(q)]
    return [_at(step / steps, known, strangers) for step in range(steps + 1)]


def _at(
    threshold: float, known: list[tuple[float, bool]], strangers: list[tuple[float, bool]]
) -> AtThreshold:
    sure = [right for confidence, right in known if confidence >= threshold]
    return AtThreshold(
        threshold,
        len(sure) / max(1, len(known)),
        share(sure),
        share(right or confidence < threshold for confidence, right in strangers),
    )
