"""Equal data: what was not taught cannot be understood."""

from __future__ import annotations

from pathlib import Path

from bench.examination import Question
from bench.same_lessons import readings

LESSONS = ["我要爆料", "我要举报", "发现一个安全隐患", "你好", "早上好"]


def test_only_the_lessons_and_the_answers_are_learnt() -> None:
    questions = [Question("tasks", text, "direct") for text in ("我想举报", "查一下我的违章")]
    reported, untaught = readings(Path("data"), LESSONS, questions)
    assert "report_hazard" == reported.first
    assert "query_violation" not in dict(untaught.candidates)
