"""How well 小小 understands: the trained model on the frozen questions of data/evaluation, through the path of `parse`.

python -m bench.accuracy                writes docs/accuracy.md, its pictures and bench/results/accuracy-<commit>.json
python -m bench.accuracy --thresholds   only prints what the thresholds of config.yml could be
python -m bench.accuracy --stock        stock Rasa on the same data too (trains for tens of minutes the first time)
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from bench import thresholds
from bench.examination import (
    DANGER,
    UNDERSTANDING,
    UNTOUCHED,
    Graded,
    Reading,
    read_paper,
    reading,
    with_choices,
)
from bench.training_texts import groups
from xiaoxiao.settings import Settings
from xiaoxiao.training import train

DATA = Path("data")


@dataclass(frozen=True)
class Pass:
    """One contestant, once through all papers."""

    graded: Graded
    seconds: float  #: reading the model included


def main() -> None:
    arguments = _arguments()
    model = _model()
    if arguments.thresholds:
        _print_thresholds(examine(model, UNDERSTANDING).graded)
        return
    from bench import accuracy_report, understanding

    folds = understanding.cross_validation(DATA, arguments.folds)
    ours = examine(model, (*UNDERSTANDING, *UNTOUCHED, *DANGER))
    stock = examine_stock(arguments.stock_examples) if arguments.stock else None
    accuracy_report.write(
        ours.graded,
        model=model,
        seconds=ours.seconds,
        thresholds=fallback_config(),
        cross_validation=folds,
        stock=stock,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--thresholds", action="store_true", help="print a grid of thresholds, write nothing")
    parser.add_argument(
        "--folds", type=int, default=5, help="how many of the five folds of the training texts"
    )
    parser.add_argument("--stock", action="store_true", help="examine stock Rasa as well")
    parser.add_argument("--stock-examples", type=int, default=0, help="train it on about this many (0: all)")
    return parser.parse_args()


def _model() -> Path:
    """The one that fits the data; trained now if there is none."""
    models = Settings.read().model
    return train(Path(), models.parent if models.suffix == ".gz" else models)


def examine(model: Path, papers: Sequence[str]) -> Pass:
    questions = [question for paper in papers for question in read_paper(DATA / "evaluation", paper)]
    labels = groups(DATA)
    started = time.perf_counter()
    from extensions.parser import parse_lines

    results = list(parse_lines([question.text for question in questions], model=model))
    seconds = time.perf_counter() - started
    judge = partial(_judged, config=fallback_config())
    graded = [
        (question, judge(reading(result, labels)))
        for question, result in zip(questions, results, strict=True)
    ]
    return Pass(graded, seconds)


def examine_stock(examples: int) -> dict[str, Any]:
    """Stock Rasa (trained once for each state of the data) and 小小 taught the same examples, on the same questions."""
    from bench import accuracy_report, contestants, same_lessons
    from bench.processes import run

    judge = partial(_judged, config=fallback_config())
    trained = contestants.train_stock(examples)
    questions = [q for paper in (*UNDERSTANDING, *UNTOUCHED) for q in read_paper(DATA / "evaluation", paper)]
    texts, results = contestants.WORK / "texts.json", contestants.WORK / "stock-results.json"
    texts.write_text(
        json.dumps([question.text for question in questions], ensure_ascii=False), encoding="utf-8"
    )
    command = [sys.executable, "-m", "bench.stock_parse", *map(str, (trained.model, texts, results))]
    seconds = run(command, cwd=Path(), log=contestants.WORK / "stock-parse.log", env={}, limit_seconds=3600)
    labels = groups(DATA)
    read = [reading(result, labels) for result in json.loads(results.read_text(encoding="utf-8"))]
    graded = list(zip(questions, read, strict=True))
    lessons = json.loads((contestants.WORK / "stock" / "examples.json").read_text(encoding="utf-8"))
    ours = list(zip(questions, map(judge, same_lessons.readings(DATA, lessons, questions)), strict=True))
    return {
        **accuracy_report.peer(graded, seconds=seconds, examples=trained.examples),
        "ours_taught_the_same": accuracy_report.peer(ours, seconds=seconds, examples=trained.examples),
    }


def fallback_config() -> dict[str, Any]:
    """What config.yml says of the thresholds, over the component's own defaults."""
    from extensions.fallback import Fallback

    pipeline = yaml.safe_load(Path("config.yml").read_text(encoding="utf-8"))["pipeline"]
    said = next(step for step in pipeline if step["name"] == "extensions.fallback.Fallback")
    return {**Fallback.get_default_config(), **said}


def _judged(read: Reading, *, config: Mapping[str, Any]) -> Reading:
    from extensions.fallback import offered

    return with_choices(read, offered(read.candidates, config)) if read.candidates else read


def _print_thresholds(graded: Graded) -> None:
    config = fallback_config()

    def judge(read: Reading, answer: float, ask: float, doubt: float) -> Reading:
        return _judged(read, config={**config, "answer": answer, "ask": ask, "doubt": doubt})

    settings = list(thresholds.grid(graded, judge))
    now = thresholds.Setting.of(graded, judge, config["answer"], config["ask"], config["doubt"])
    for title, chosen in (
        ("now", [now]),
        ("best for the targets", [thresholds.best(settings)]),
        ("best for one half, measured on the other", thresholds.on_the_other_half(graded, judge)),
        ("nothing refuses less and rejects more", thresholds.not_dominated(settings)),
    ):
        print(f"\n{title}\n{thresholds.table(chosen)}")


if __name__ == "__main__":
    main()
