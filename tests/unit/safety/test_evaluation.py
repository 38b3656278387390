"""The bars the detector must clear on questions that were frozen before its words were written."""

from __future__ import annotations

import json

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
