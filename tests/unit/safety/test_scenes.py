from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.safety.detector import Detector
from xiaoxiao.safety.scenes import Scenes, read_examples

EXAMPLES = [("天花板掉火渣", True), ("墙上冒火渣", True), ("今天下雨吗", False), ("明天下雨吗", False)]


def test_what_resembles_a_dangerous_scene_scores_higher() -> None:
    scenes = Scenes.fit(EXAMPLES)
    assert scenes.score("地上有火渣") > 0 > scenes.score("后天下雨吗")


def test_the_same_examples_give_the_same_score() -> None:
    assert Scenes.fit(EXAMPLES).score("有火渣") == Scenes.fit(EXAMPLES).score("有火渣")


def test_the_evidence_says_that_no_word_was_found(detector: Detector) -> None:
    danger = detector.detect("同桌午休后喊不起来,鼻子下面没有热气")
    assert danger is not None
    assert (danger.kind, danger.variant) == ("other", "unclear")
    assert "resembles examples" in danger.evidence[0]


def test_a_question_of_knowledge_is_not_compared_with_scenes(detector: Detector) -> None:
    assert detector.detect("怎么预防同桌午休后喊不起来,鼻子下面没有热气") is None


@pytest.mark.parametrize("line", ["{", '{"text": "火"}', "[]"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "examples.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"examples\.jsonl"):
        read_examples(path)
