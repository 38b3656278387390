"""What the safety check finds, misses and cries wolf at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bench.examination import Graded


@dataclass(frozen=True)
class KindScore:
    messages: int  #: of this kind in the set
    found: int  #: recognised as a danger, of whatever kind
    kind_right: int
    false_alarms: int  #: messages without danger taken for this kind

    @property
    def recall(self) -> float:
        return self.found / self.messages if self.messages else 0.0


def danger_scores(graded: Graded) -> dict[str, KindScore]:
    """By kind, the most frequent first; "" is all kinds together. Questions without danger count as alarms only."""
    there, found, right, alarms = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for question, reading in graded:
        if question.danger is None:
            alarms.update(["", reading.danger] if reading.danger else [])
            continue
        names = ["", question.danger]
        there.update(names)
        found.update(names if reading.danger else [])
        right.update(names if reading.danger == question.danger else [])
    return {
        kind: KindScore(there[kind], found[kind], right[kind], alarms[kind])
        for kind, _ in (there + alarms).most_common()
    }


def missed(graded: Graded) -> list[str]:
    return [q.text for q, r in graded if q.danger and not r.danger]


def false_alarms(graded: Graded) -> list[tuple[str, str]]:
    """(text, kind it was taken for)."""
    return [(q.text, r.danger) for q, r in graded if not q.danger and r.danger]
