from __future__ import annotations

from bench.examination import Question, Reading, with_choices
from bench.scores import score
from bench.thresholds import Setting, best, grid, not_dominated, on_the_other_half, table
from extensions.fallback import Fallback, offered

CONFIG = Fallback.get_default_config()


def judge(reading: Reading, answer: float, ask: float, least: float) -> Reading:
    return with_choices(
        reading, offered(reading.candidates, {**CONFIG, "answer": answer, "ask": ask, "least": least})
    )


def question(right: str, *candidates: tuple[str, float]) -> tuple[Question, Reading]:
    return Question("cards", "?", "direct", right=(right,)), Reading(candidates[0][0], candidates)


def setting(answer: float, ask: float, *graded: tuple[Question, Reading]) -> Setting:
    return Setting.of(list(graded), judge, answer, ask, 0.06)


SURE = question("faq/a", ("faq/a", 0.9))
UNSURE = question("faq/a", ("faq/a", 0.3), ("faq/b", 0.2))
STRANGER = question("out_of_scope", ("faq/a", 0.2), ("faq/b", 0.1))


def test_a_threshold_that_separates_them_is_found() -> None:
    settings = list(grid([SURE, UNSURE, STRANGER], judge))
    chosen = best(settings).scores
    assert (chosen.right, chosen.refused, chosen.rejected) == (1.0, 0.0, 1.0)


def test_between_settings_that_meet_the_targets_the_least_annoying_wins() -> None:
    asks, answers = setting(0.5, 0.35, UNSURE, STRANGER), setting(0.25, 0.35, UNSURE, STRANGER)
    assert (asks.scores.asked, answers.scores.asked) == (1.0, 0.0)
    assert best([asks, answers]) is answers


def test_a_wrong_answer_annoys_more_than_a_question_back() -> None:
    wrong = question("faq/b", ("faq/a", 0.3), ("faq/b", 0.2))
    assert setting(0.25, 0.2, wrong).annoyance > setting(0.5, 0.2, wrong).annoyance


def test_the_shortfall_counts_both_targets() -> None:
    both = setting(0.95, 0.95, SURE, UNSURE)  # everything refused, nothing to reject
    assert both.shortfall == 1.0 - 0.04 + 0.90


def test_what_refuses_more_and_rejects_less_is_left_out() -> None:
    good, bad = setting(0.5, 0.35, UNSURE, STRANGER), setting(0.5, 0.6, UNSURE, STRANGER)
    assert not_dominated([bad, good]) == [good]


def test_a_choice_is_measured_where_it_was_not_made() -> None:
    flattered, other = question("faq/a", ("faq/a", 0.25), ("faq/b", 0.2)), question("faq/a", ("faq/b", 0.9))
    first, second = on_the_other_half([flattered, other], judge)
    assert (first.scores.right, second.scores.right) == (0.0, 1.0)


def test_the_table_has_a_line_for_each() -> None:
    assert len(table([setting(0.5, 0.35, SURE, STRANGER)] * 2).splitlines()) == 3


def test_scores_of_the_grid_are_those_of_the_readings() -> None:
    assert setting(0.5, 0.35, SURE).scores == score([SURE])
