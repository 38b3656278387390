from __future__ import annotations

from bench.danger_scores import KindScore, danger_scores, false_alarms, missed
from bench.examination import Question, Reading


def graded(meant: str | None, found: str | None) -> tuple[Question, Reading]:
    return Question("danger", f"{meant}?", "direct", danger=meant), Reading("x", (), danger=found)


SOME = [
    graded("fire", "fire"),
    graded("fire", "gas"),
    graded("gas", None),
    graded(None, "gas"),
    graded(None, None),
]


def test_a_danger_of_the_wrong_kind_is_found_all_the_same() -> None:
    assert danger_scores(SOME)["fire"] == KindScore(2, 2, 1, 0)


def test_an_alarm_at_nothing_is_counted_for_its_kind() -> None:
    assert danger_scores(SOME)["gas"] == KindScore(1, 0, 0, 1)


def test_all_kinds_together() -> None:
    together = danger_scores(SOME)[""]
    assert together == KindScore(3, 2, 1, 1)
    assert together.recall == 2 / 3


def test_the_messages_themselves() -> None:
    assert missed(SOME) == ["gas?"]
    assert false_alarms(SOME) == [("None?", "gas")]
