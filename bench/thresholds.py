"""Which thresholds of the fallback (config.yml) suit best: every pair of a grid on the same raw rankings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.examination import Graded, Reading
from bench.scores import Scores, score

ANSWERS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
ASKS = (0.0, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
LEASTS = (0.02, 0.04, 0.06, 0.08)
MOST_REFUSED, LEAST_REJECTED = 0.04, 0.90
_DEARNESS = 3.0  #: a wrong answer annoys as much as this many questions back

#: (reading, answer, ask, least) → the reading as those thresholds make it
Judge = Callable[[Reading, float, float, float], Reading]


@dataclass(frozen=True)
class Setting:
    answer: float
    ask: float
    least: float
    scores: Scores

    @classmethod
    def of(cls, graded: Graded, judge: Judge, answer: float, ask: float, least: float) -> Setting:
        return cls(answer, ask, least, score([(q, judge(r, answer, ask, least)) for q, r in graded]))

    @property
    def shortfall(self) -> float:
        """How far from the two targets, in shares of messages; 0 where both are met."""
        refused = max(0.0, self.scores.refused - MOST_REFUSED)
        return refused + max(0.0, LEAST_REJECTED - self.scores.rejected)

    @property
    def annoyance(self) -> float:
        return _DEARNESS * self.scores.answered_wrongly + self.scores.asked


def grid(graded: Graded, judge: Judge) -> Iterator[Setting]:
    """Every setting worth looking at: asking below more than it takes to answer is none."""
    for least in LEASTS:
        for answer in ANSWERS:
            for ask in ASKS:
                if ask <= answer + 0.1:
                    yield Setting.of(graded, judge, answer, ask, least)


def best(settings: Sequence[Setting]) -> Setting:
    """Targets first, then right answers, then the least annoyance."""
    return min(
        settings, key=lambda s: (round(s.shortfall, 4), -round(s.scores.right, 4), round(s.annoyance, 4))
    )


def on_the_other_half(graded: Graded, judge: Judge) -> list[Setting]:
    """What is best for every second question, measured on the others, both ways: no figure flatters itself."""
    halves = graded[::2], graded[1::2]
    chosen = [best(list(grid(half, judge))) for half in halves]
    return [
        Setting.of(other, judge, setting.answer, setting.ask, setting.least)
        for setting, other in zip(chosen, halves[::-1], strict=True)
    ]


def not_dominated(settings: Sequence[Setting]) -> list[Setting]:
    """Where no other refuses less and rejects more; for equal ones the least annoying, by share refused."""
    kept: list[Setting] = []
    for setting in sorted(settings, key=lambda s: (s.scores.refused, -s.scores.rejected, s.annoyance)):
        if not kept or setting.scores.rejected > kept[-1].scores.rejected:
            kept.append(setting)
    return kept


def table(settings: Sequence[Setting]) -> str:
    """For the terminal, in %."""
    head = "answer   ask least |  right refused  asked in-choices wrong | rejected oos-answered"
    return "\n".join([head, *(_row(setting) for setting in settings)])


def _row(setting: Setting) -> str:
    s = setting.scores
    figures = (
        s.right,
        s.refused,
        s.asked,
        s.choice_right,
        s.answered_wrongly,
        s.rejected,
        s.strangers_answered,
    )
    right, refused, asked, choice, wrong, rejected, strangers = (f"{100 * figure:.1f}" for figure in figures)
    return (
        f"{setting.answer:6.2f} {setting.ask:5.2f} {setting.least:5.2f} | {right:>6} {refused:>7} {asked:>6}"
        f" {choice:>10} {wrong:>5} | {rejected:>8} {strangers:>12}"
    )
