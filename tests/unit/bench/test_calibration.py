from __future__ import annotations

import pytest

from bench.calibration import Bin, against_threshold, calibration_error, reliability
from bench.examination import Question, Reading


def test_whoever_is_right_as_often_as_sure_has_no_error() -> None:
    assert calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == pytest.approx(0.0)


def test_whoever_is_always_sure_and_half_wrong_errs_by_a_half() -> None:
    assert calibration_error([(1.0, True), (1.0, False)]) == pytest.approx(0.5)


def test_bins_weigh_by_what_is_in_them() -> None:
    pairs = [(0.95, True)] * 3 + [(0.15, True)]
    assert calibration_error(pairs) == pytest.approx((3 * 0.05 + 0.85) / 4)


def test_nothing_has_no_error() -> None:
    assert calibration_error([]) == 0.0


def test_empty_bins_are_left_out_and_certainty_belongs_to_the_last() -> None:
    assert reliability([(1.0, True), (0.0, False)]) == [Bin(1, 0.0, 0.0), Bin(1, 1.0, 1.0)]


def test_a_threshold_lets_fewer_through_and_those_more_often_right() -> None:
    known = [("faq/a", "faq/a", 0.9), ("faq/a", "faq/b", 0.3)]
    strangers = [("out_of_scope", "faq/a", 0.4), ("out_of_scope", "out_of_scope", 0.9)]
    graded = [
        (Question("cards", "?", "direct", right=(right,)), Reading(first, ((first, sure),)))
        for right, first, sure in [*known, *strangers]
    ]
    nothing, half, everything = against_threshold(graded, steps=2)
    assert (nothing.answered, nothing.accuracy, nothing.strangers_below) == (1.0, 0.5, 0.5)
    assert (half.answered, half.accuracy, half.strangers_below) == (0.5, 1.0, 1.0)
    assert (everything.answered, everything.accuracy, everything.strangers_below) == (0.0, 0.0, 1.0)
