from __future__ import annotations

import json
from pathlib import Path

from bench.examination import Question, read_paper, reading
from extensions.parser import understanding


def test_a_line_of_the_evaluation(tmp_path: Path) -> None:
    line = {
        "text": "查沪A12345",
        "intent": "query_violation",
        "also": ["help"],
        "style": "direct",
        "entities": [{"entity": "plate", "value": "沪A12345", "text": "沪A12345"}],
    }
    (tmp_path / "tasks.jsonl").write_text(json.dumps(line) + "\n\n", encoding="utf-8")
    expected = Question(
        "tasks", "查沪A12345", "direct", ("query_violation", "help"), (("plate", "沪A12345"),), None
    )
    assert [expected] == read_paper(tmp_path, "tasks")


def test_candidates_of_the_parser_get_their_labels_back() -> None:
    parse_data = {
        "intent": {"name": "faq"},
        "ranking": [{"label": "faq/shelter", "confidence": 0.6}, {"label": "help", "confidence": 0.1}],
        "entities": [],
    }
    result = {**understanding(parse_data), "danger": None}
    read = reading(result, {"faq/shelter": "basics", "help": "smalltalk"})
    assert read.candidates == (("faq/shelter", 0.6), ("help", 0.1))
    assert (read.label, read.first) == ("faq/shelter", "faq/shelter")
