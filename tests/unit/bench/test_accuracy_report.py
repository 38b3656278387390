from __future__ import annotations

from pathlib import Path

import pytest

from bench import accuracy_page, accuracy_pictures
from bench.accuracy_report import peer, safety, summary, understanding
from bench.examination import Question, Reading

SURE, UNSURE = (("faq/shelter", 0.9), ("help", 0.1)), (("help", 0.3), ("faq/shelter", 0.2))
GRADED = [
    (Question("cards", "避难所要带什么", "direct", ("faq/shelter",)), Reading("faq/shelter", SURE)),
    (Question("tasks", "你会啥", "spoken", ("help",), (("plate", "沪A12345"),)), Reading("help", UNSURE)),
    (Question("out_of_scope", "红烧肉怎么做", "direct", ("out_of_scope",)), Reading("help", UNSURE)),
    (Question("danger", "着火了", "direct", danger="fire"), Reading("help", UNSURE, danger="fire")),
    (Question("not_danger", "火锅", "direct"), Reading("help", UNSURE, danger="fire")),
]


def results() -> dict[str, object]:
    return {
        "at": "2026-11-24T08:00:00+00:00",
        "machine": dict.fromkeys(("processor", "cores", "python", "system", "load", "commit"), "x"),
        "model": "xiaoxiao-0",
        "training_texts": 1,
        "labels": 1,
        "thresholds": {"answer": 0.5, "ask": 0.35, "least": 0.06},
        "lines": 5,
        "seconds": 1.0,
        "lines_per_second": 5.0,
        **understanding(GRADED, {"你会啥": "help"}),
        **safety(GRADED),
        "untouched": summary(GRADED[:3]),
        "cross_validation": dict.fromkeys(("top1", "top3", "cards", "tasks", "folds"), 60.0),
        "stock": None,
    }


def test_what_was_learnt_word_for_word_is_counted_and_left_out() -> None:
    figures = understanding(GRADED, {"你会啥": "help"})
    assert (1, 2) == (figures["trained_word_for_word"], figures["not_trained"]["questions"])


def test_the_peer_is_named_only_when_it_was_examined() -> None:
    alone = accuracy_page.page(results(), Path("x.json"))
    same = peer(GRADED[:3], seconds=1.0, examples=7)
    with_peer = {**results(), "stock": {**same, "ours_taught_the_same": same}}
    assert "原版 Rasa" not in alone
    assert "原版 Rasa,同样 7 条" in accuracy_page.page(with_peer, Path("x.json"))


def test_false_alarms_are_no_recall() -> None:
    danger = safety(GRADED)["danger"]
    assert (1.0, 0) == (danger["danger"]["all"]["recall"], danger["danger"]["all"]["false_alarms"])
    assert danger["not_danger"]["fire"]["false_alarms"] == 1


@pytest.mark.parametrize("font", [accuracy_pictures.chinese_font(), None])
def test_three_pictures_are_drawn_whatever_fonts_there_are(
    font: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accuracy_pictures, "chinese_font", lambda: font)
    accuracy_pictures.draw(results(), tmp_path)
    assert {"confusion.png", "reliability.png", "threshold.png"} == {path.name for path in tmp_path.iterdir()}
