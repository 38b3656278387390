"""The report of `make evaluate`: every number as JSON, the page for people, the pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bench import accuracy_page, accuracy_pictures
from bench.calibration import against_threshold, calibration_error, certainties, reliability
from bench.danger_scores import danger_scores, false_alarms, missed
from bench.entity_scores import entity_scores, mistakes
from bench.examination import DANGER, UNDERSTANDING, UNTOUCHED, Graded
from bench.report import RESULTS, machine
from bench.scores import accuracy, by, confusions, is_answerable, macro_f1, matrix, score
from bench.training_texts import examples, groups
from xiaoxiao.knowledge.normal_form import normalise

PAGE = Path("docs/accuracy.md")
IMAGES = Path("docs/images")
_EXACT = ("plate", "trace_code")  #: looked up with: must be right to the last character


def write(
    graded: Graded,
    *,
    model: Path,
    seconds: float,
    thresholds: Mapping[str, Any],
    cross_validation: Mapping[str, float],
    stock: Mapping[str, Any] | None,
) -> None:
    """`graded` are the readings of all papers; `stock` what `summary` says of the peer, None when it was not run."""
    training = dict(examples(Path("data")))
    results: dict[str, Any] = {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": machine(),
        "model": model.name.removesuffix(".tar.gz"),
        "training_texts": len(training),
        "labels": len(set(training.values())),
        "thresholds": {key: thresholds[key] for key in ("answer", "ask", "least", "doubt")},
        "lines": len(graded),
        "seconds": seconds,
        "lines_per_second": len(graded) / seconds,
        **understanding(graded, training),
        **safety(graded),
        "untouched": summary(papers(graded, *UNTOUCHED)),
        "cross_validation": cross_validation,
        "stock": stock,
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / f"accuracy-{results['machine']['commit'].replace('+', '-changed')}.json"
    file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    accuracy_pictures.draw(results, IMAGES)
    text = accuracy_page.page(results, file)
    PAGE.write_text(accuracy_page.inserted(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
    print(text)


def understanding(graded: Graded, training: Mapping[str, str]) -> dict[str, Any]:
    """Every figure on intents and entities; `training` are the normalised texts that were learnt."""
    asked = papers(graded, *UNDERSTANDING)
    new = [(q, r) for q, r in asked if normalise(q.text).text not in training]
    group_of = groups(Path("data"))
    names, counts = matrix(asked, lambda label: group_of.get(label, label))
    pairs = certainties(asked)
    entities = entity_scores(papers(asked, "tasks"))  # the only paper whose entities are labelled
    return {
        **summary(asked),
        "not_trained": {**asdict(score(new)), "macro_f1": macro_f1(new), "accuracy": accuracy(new)},
        "trained_word_for_word": len(asked) - len(new),
        "styles": {name: _brief(group) for name, group in by(asked, lambda q: q.style).items()},
        "groups": {
            name: _brief(group) for name, group in by(asked, lambda q: group_of.get(q.right[0], "?")).items()
        },
        "entities": {
            name: {**asdict(found), "recall": found.recall, "precision": found.precision}
            for name, found in entities.items()
        },
        "entity_mistakes": {name: mistakes(asked, name) for name in _EXACT},
        "confusions": confusions(asked),
        "matrix": {"names": names, "counts": counts},
        "reliability": [asdict(some) for some in reliability(pairs)],
        "against_threshold": [asdict(point) for point in against_threshold(asked)],
    }


def peer(graded: Graded, *, seconds: float, examples: int) -> dict[str, Any]:
    """The peer's figures, on the same papers."""
    return {
        "training_texts": examples,
        "lines_per_second": len(graded) / seconds,
        **summary(papers(graded, *UNDERSTANDING)),
        "untouched": summary(papers(graded, *UNTOUCHED)),
    }


def summary(graded: Graded) -> dict[str, Any]:
    return {
        "all": {**asdict(score(graded)), "macro_f1": macro_f1(graded), "accuracy": accuracy(graded)},
        "papers": {name: _brief(group) for name, group in by(graded, lambda q: q.paper).items()},
        "calibration_error": calibration_error(certainties(graded)),
    }


def safety(graded: Graded) -> dict[str, Any]:
    sets = {name: papers(graded, name) for name in DANGER}
    return {
        "danger": {
            name: {
                kind or "all": {**asdict(one), "recall": one.recall}
                for kind, one in danger_scores(some).items()
            }
            for name, some in sets.items()
        },
        "danger_messages": {name: len(some) for name, some in sets.items()},
        "danger_missed": [text for some in sets.values() for text in missed(some)],
        "false_alarms": false_alarms(sets["not_danger"]),
    }


def papers(graded: Graded, *names: str) -> Graded:
    return [(question, read) for question, read in graded if question.paper in names]


def _brief(graded: Graded) -> dict[str, Any]:
    scores = score(graded)
    return {
        "questions": len(graded),
        "answerable": sum(is_answerable(question) for question, _ in graded),
        "accuracy": accuracy(graded),
        "top3": scores.top3,
        "macro_f1": macro_f1(graded),
        "refused": scores.refused,
        "asked": scores.asked,
    }
