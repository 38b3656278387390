"""Plates, codes, places …: the very values, counted message by message."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bench.examination import Entity, Graded, Question, Reading


@dataclass(frozen=True)
class EntityScore:
    expected: int
    exact: int  #: found with exactly the value that was meant
    extra: int  #: found, but not meant or with another value

    @property
    def recall(self) -> float:
        return self.exact / self.expected if self.expected else 0.0

    @property
    def precision(self) -> float:
        found = self.exact + self.extra
        return self.exact / found if found else 0.0


def entity_scores(graded: Graded) -> dict[str, EntityScore]:
    """By name of the entity, the most frequent first; a value said twice must be found twice."""
    expected: Counter[str] = Counter()
    exact: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    for question, reading in graded:
        meant, found = Counter(question.entities), Counter(reading.entities)
        expected.update(_names(meant))
        exact.update(_names(meant & found))
        extra.update(_names(found - meant))
    return {
        name: EntityScore(expected[name], exact[name], extra[name])
        for name, _ in (expected + extra).most_common()
    }


def mistakes(graded: Graded, name: str) -> list[tuple[str, list[str], list[str]]]:
    """(text, values meant, values found) of every message in which they differ."""
    rows = [(q.text, _values(q, name), _values(r, name)) for q, r in graded]
    return [(text, meant, found) for text, meant, found in rows if meant != found]


def _names(entities: Counter[Entity]) -> Counter[str]:
    names: Counter[str] = Counter()
    for (name, _), count in entities.items():
        names[name] += count
    return names


def _values(holder: Question | Reading, name: str) -> list[str]:
    return sorted(value for its_name, value in holder.entities if its_name == name)
