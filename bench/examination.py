"""The frozen questions, and what was made of each: the two things every figure of accuracy is computed from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

OUT_OF_SCOPE = "out_of_scope"
UNDERSTANDING = ("cards", "tasks", OUT_OF_SCOPE)  #: sets that say which intent is right
UNTOUCHED = (
    "cards_2",
    "tasks_2",
    "out_of_scope_2",
)  #: the same by another hand; no threshold was chosen on them
DANGER = ("danger", "danger_unseen", "danger_unseen_2", "danger_unseen_3", "not_danger")
Entity = tuple[str, str]  #: (name, value)


@dataclass(frozen=True)
class Question:
    """One line of data/evaluation/<paper>.jsonl."""

    paper: str
    text: str
    style: str
    right: tuple[str, ...] = ()  #: the intent first, then what is right as well
    entities: tuple[Entity, ...] = ()
    danger: str | None = None  #: the kind


@dataclass(frozen=True)
class Reading:
    """What was understood. `label` is out_of_scope where the citizen is told that nothing fits."""

    label: str
    candidates: tuple[tuple[str, float], ...]  #: (label, probability), best first, before any threshold
    entities: tuple[Entity, ...] = ()
    danger: str | None = None
    choices: tuple[str, ...] = ()  #: asked back with these

    @property
    def confidence(self) -> float:
        return self.candidates[0][1] if self.candidates else 0.0

    @property
    def first(self) -> str:
        return self.candidates[0][0] if self.candidates else OUT_OF_SCOPE

    @property
    def outcome(self) -> str:
        """answered, asked or refused."""
        if self.choices:
            return "asked"
        return "refused" if self.label == OUT_OF_SCOPE else "answered"


Graded = list[tuple[Question, Reading]]


def read_paper(folder: Path, paper: str) -> list[Question]:
    lines = (folder / f"{paper}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_question(paper, json.loads(line)) for line in lines if line.strip()]


def _question(paper: str, row: Mapping[str, Any]) -> Question:
    return Question(
        paper,
        row["text"],
        row["style"],
        right=(row["intent"], *row.get("also", ())) if "intent" in row else (),
        entities=tuple((entity["entity"], entity["value"]) for entity in row.get("entities", ())),
        danger=row.get("danger"),
    )


def reading(result: Mapping[str, Any], labels: Sequence[str] | Mapping[str, Any]) -> Reading:
    """From a result of `xiaoxiao parse`, whose candidates leave out "faq/"; `labels` are all there are."""
    candidates = []
    for candidate in result["candidates"]:
        name = candidate["topic"]
        candidates.append((f"faq/{name}" if f"faq/{name}" in labels else name, candidate["score"]))
    return Reading(
        result["intent"],
        tuple(candidates),
        tuple((entity["entity"], entity["value"]) for entity in result["entities"]),
        result["danger"],
    )


def with_choices(reading: Reading, choices: Sequence[str] | None) -> Reading:
    """`choices` as extensions.fallback.offered gives them; the label follows as `xiaoxiao parse` has it."""
    label = OUT_OF_SCOPE if choices == [] else reading.first
    return replace(reading, label=label, choices=tuple(choices or ()))
