from __future__ import annotations

import pytest

from bench.examination import Question, Reading, with_choices
from bench.scores import accuracy, by, confusions, macro_f1, matrix, score


def asked(*right: str, style: str = "direct") -> Question:
    return Question("cards", "?", style, right=right)


def read(label: str, *candidates: str, choices: tuple[str, ...] = ()) -> Reading:
    ranked = tuple((name, 0.5 / place) for place, name in enumerate(candidates or (label,), 1))
    return Reading(label, ranked, choices=choices)


GRADED = [
    (asked("faq/a"), read("faq/a")),
    (asked("faq/a", "faq/b"), read("faq/b")),
    (asked("faq/b"), read("out_of_scope", "faq/c", "faq/d", "faq/b")),
    (asked("faq/c"), read("faq/d", "faq/d", "faq/c", choices=("faq/d", "faq/c"))),
    (asked("faq/d"), read("faq/a", "faq/a", "faq/b", "faq/c", "faq/d")),
    (asked("out_of_scope"), read("out_of_scope", "faq/a")),
    (asked("out_of_scope"), read("faq/a")),
]


def test_what_is_right_as_well_is_right() -> None:
    assert score(GRADED).right == pytest.approx(2 / 5)
    assert accuracy(GRADED) == pytest.approx(3 / 7)


def test_the_first_three_are_those_before_any_threshold() -> None:
    assert score(GRADED).top3 == pytest.approx(4 / 5)


def test_refused_asked_and_wrong_are_shares_of_what_can_be_answered() -> None:
    scores = score(GRADED)
    assert (scores.refused, scores.asked, scores.answered_wrongly) == pytest.approx((1 / 5, 1 / 5, 1 / 5))


def test_a_question_back_is_good_when_what_was_meant_is_among_the_choices() -> None:
    assert score(GRADED).choice_right == 1.0
    badly = [(asked("faq/c"), read("faq/d", choices=("faq/d", "faq/a")))]
    assert score(badly).choice_right == 0.0


def test_strangers_are_rejected_or_answered() -> None:
    scores = score(GRADED)
    assert (scores.rejected, scores.strangers_answered, scores.strangers_asked) == (0.5, 0.5, 0.0)


def test_a_refusal_that_is_right_as_well_is_no_refusal() -> None:
    assert score([(asked("faq/a", "out_of_scope"), read("out_of_scope"))]).refused == 0.0


def test_macro_f1_weighs_labels_not_messages() -> None:
    often = [(asked("faq/a"), read("faq/a"))] * 9
    assert macro_f1([*often, (asked("faq/b"), read("faq/c"))]) == 0.5
    assert macro_f1([]) == 0.0


def test_confusions_come_most_frequent_first() -> None:
    wrong = [(asked("faq/a"), read("faq/b"))] * 2 + [(asked("faq/c"), read("faq/a"))]
    assert confusions(wrong) == [("faq/a", "faq/b", 2), ("faq/c", "faq/a", 1)]
    assert confusions(wrong, most=1) == [("faq/a", "faq/b", 2)]


def test_the_matrix_counts_groups() -> None:
    wrong = [(asked("faq/a"), read("help")), (asked("faq/a"), read("faq/b")), (asked("help"), read("help"))]
    assert matrix(wrong, lambda label: label[:3]) == (["faq", "hel"], [[1, 1], [0, 1]])


def test_groups_keep_their_order() -> None:
    graded = [(asked("faq/a", style=style), read("faq/a")) for style in ("noisy", "direct", "noisy")]
    assert {style: len(some) for style, some in by(graded, lambda q: q.style).items()} == {
        "noisy": 2,
        "direct": 1,
    }


@pytest.mark.parametrize(
    ("choices", "label", "outcome"),
    [
        (None, "faq/a", "answered"),
        ([], "out_of_scope", "refused"),
        (["faq/a", "faq/b"], "faq/a", "asked"),
    ],
)
def test_choices_make_the_outcome(choices: list[str] | None, label: str, outcome: str) -> None:
    reading = with_choices(Reading("", (("faq/a", 0.4), ("faq/b", 0.3))), choices)
    assert (label, outcome) == (reading.label, reading.outcome)
