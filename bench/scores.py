"""Right, refused, asked back, mixed up: figures over questions and their readings. All shares are 0–1."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.examination import OUT_OF_SCOPE, Graded, Question, Reading


@dataclass(frozen=True)
class Scores:
    questions: int
    right: float  #: of all that can be answered: the label is right (also where it was asked back)
    top3: float
    refused: float  #: of all that can be answered: told that nothing fits
    asked: float
    choice_right: float  #: of those asked back: what was meant is among the choices
    answered_wrongly: float
    rejected: float  #: of what is out of scope: told so
    strangers_asked: float  #: of what is out of scope: asked back
    strangers_answered: float


def share(hits: Iterable[bool]) -> float:
    """0.0 where there is nothing."""
    counted = Counter(map(bool, hits))
    return counted[True] / counted.total() if counted else 0.0


def is_right(question: Question, reading: Reading) -> bool:
    return reading.label in question.right


def is_answerable(question: Question) -> bool:
    return question.right[0] != OUT_OF_SCOPE


def score(graded: Graded) -> Scores:
    known = [(q, r) for q, r in graded if is_answerable(q)]
    strangers = [r for q, r in graded if not is_answerable(q)]
    asked = [(q, r) for q, r in known if r.outcome == "asked"]
    return Scores(
        questions=len(graded),
        right=share(is_right(q, r) for q, r in known),
        top3=share(any(label in q.right for label, _ in r.candidates[:3]) for q, r in known),
        refused=share(r.outcome == "refused" and not is_right(q, r) for q, r in known),
        asked=share(r.outcome == "asked" for _, r in known),
        choice_right=share(any(choice in q.right for choice in r.choices) for q, r in asked),
        answered_wrongly=share(r.outcome == "answered" and not is_right(q, r) for q, r in known),
        rejected=share(r.label == OUT_OF_SCOPE for r in strangers),
        strangers_asked=share(r.outcome == "asked" for r in strangers),
        strangers_answered=share(r.outcome == "answered" for r in strangers),
    )


def accuracy(graded: Graded) -> float:
    return share(is_right(q, r) for q, r in graded)


def by(graded: Graded, key: Callable[[Question], str]) -> dict[str, Graded]:
    """Grouped, in the order of first appearance."""
    groups: dict[str, Graded] = defaultdict(list)
    for question, its_reading in graded:
        groups[key(question)].append((question, its_reading))
    return dict(groups)


def macro_f1(graded: Graded) -> float:
    """Mean F1 over the labels that are asked for; an answer that is right as well counts as the intent."""
    pairs = [(q.right[0], q.right[0] if is_right(q, r) else r.label) for q, r in graded]
    truth, said = Counter(t for t, _ in pairs), Counter(p for _, p in pairs)
    hits = Counter(t for t, p in pairs if t == p)
    return (
        sum(2 * hits[label] / (truth[label] + said[label]) for label in truth) / len(truth) if truth else 0.0
    )


def confusions(graded: Graded, most: int = 25) -> list[tuple[str, str, int]]:
    """(meant, understood, how often), the most frequent first."""
    wrong = Counter((q.right[0], r.label) for q, r in graded if not is_right(q, r))
    ranked = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
    return [(meant, understood, count) for (meant, understood), count in ranked[:most]]


def matrix(graded: Graded, group: Callable[[str], str]) -> tuple[list[str], list[list[int]]]:
    """(groups, counts): counts[i][j] of group i were understood as group j; what is right stays in its group."""
    pairs = Counter((group(q.right[0]), group(q.right[0] if is_right(q, r) else r.label)) for q, r in graded)
    names = list(dict.fromkeys([t for t, _ in pairs] + [p for _, p in pairs]))
    return names, [[pairs[row, column] for column in names] for row in names]
