from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.unit.safety.conftest import DATA
from xiaoxiao.errors import ConfigurationError
from xiaoxiao.language.encoder import shared_encoder
from xiaoxiao.safety.detector import KINDS, Detector
from xiaoxiao.safety.examples import Example, read_examples
from xiaoxiao.safety.scenes import Reading, Scenes

EXAMPLES = [
    *(Example(f"{place}掉火渣,烟好大", "fire") for place in ("天花板", "墙上", "棚子", "楼上")),
    *(Example(f"{who}掉水里没上来", "drowning") for who in ("弟弟", "孩子", "他", "女儿")),
    *(Example(f"{day}下雨吗", None) for day in ("今天", "明天", "后天", "周末")),
]
LONG = "请问社保怎么交,我在城东上班,公司说要自己去办,不知道带什么材料,"


@pytest.fixture(scope="module")
def scenes() -> Scenes:
    return Scenes.fit(EXAMPLES, shared_encoder("use"))


def test_what_resembles_a_dangerous_scene_is_read_as_danger_of_its_kind(scenes: Scenes) -> None:
    reading = scenes.read("屋顶掉火渣,好大的烟")
    assert reading.danger > 0 > scenes.read("晚上下雨吗").danger
    assert reading.kind == "fire"


def test_a_homophone_sounds_like_the_word_that_was_meant(scenes: Scenes) -> None:
    assert scenes.read("弟弟吊谁里没上来").kind == "drowning"


def test_the_kept_model_reads_as_the_fitted_one(scenes: Scenes, tmp_path: Path) -> None:
    scenes.keep(tmp_path / "danger.npz")
    again = Scenes.open(tmp_path / "danger.npz", shared_encoder("use")).read("屋顶掉火渣,好大的烟")
    assert again.danger == pytest.approx(scenes.read("屋顶掉火渣,好大的烟").danger, abs=0.01)


def test_changed_examples_are_fitted_anew_and_the_old_model_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "examples.jsonl"
    lines = ['{"text": "天花板掉火渣", "danger": "fire"}\n', '{"text": "今天下雨吗", "danger": null}\n']
    path.write_text("".join(lines * 3), encoding="utf-8")
    Scenes.load(path, shared_encoder("use"), tmp_path)
    path.write_text("".join(lines * 4), encoding="utf-8")
    Scenes.load(path, shared_encoder("use"), tmp_path)
    assert len(list(tmp_path.glob("danger-*.npz"))) == 1


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path, scenes: Scenes) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    scenes.keep(tmp_path / "file" / "danger.npz")


def test_the_danger_is_found_in_the_middle_of_a_long_message(detector: Detector) -> None:
    danger = detector.detect(LONG * 4 + "我弟刚从墙头翻下去,脖子歪着,眼睛不会转了," + LONG * 4)
    assert danger is not None
    assert detector.detect(LONG * 8) is None


def test_the_evidence_says_that_no_word_was_found(detector: Detector) -> None:
    danger = detector.detect("同桌午休后喊不起来,鼻子下面没有热气")
    assert danger is not None
    assert "resembles examples" in danger.evidence[0]


class Unsure:
    """Scenes that are sure of the danger and of nothing else."""

    def __init__(self, danger: float, kind: str = "gas", share: float = 0.2) -> None:
        self.reading = Reading(danger, kind, share, "")

    def read(self, text: str) -> Reading:
        return self.reading


def hearing(scenes: Unsure, text: str) -> str | None:
    detector = Detector.load_words(DATA / "lexicon" / "danger")
    detector._scenes = scenes  # type: ignore[assignment]
    danger = detector.detect(text)
    return danger and f"{danger.kind}/{danger.variant}"


@pytest.mark.parametrize(
    ("expected", "scenes", "text"),
    [
        ("other/unclear", Unsure(0.9), "屋里不对劲"),  # which kind is uncertain: ask what has happened
        ("gas/", Unsure(0.9, share=0.8), "屋里不对劲"),
        ("gas/", Unsure(0.9, share=0.4), "屋里不对劲"),
        ("gas/", Unsure(0.15, share=0.8), "屋里不对劲"),  # one kind stands out
        (None, Unsure(0.15, share=0.4), "屋里不对劲"),  # a bit of every kind
        (None, Unsure(0.0, share=0.8), "屋里不对劲"),
        ("suicide/", Unsure(0.0, "suicide", 0.8), "屋里不对劲"),  # a needless kind word does no harm
        (None, Unsure(0.3, share=0.8), "去年屋里不对劲"),  # past, knowledge, a film: it must be clearer
        ("gas/", Unsure(0.6, share=0.8), "去年屋里不对劲"),
        (None, Unsure(0.3, share=0.8), "电影里屋里不对劲"),
        (None, Unsure(0.3, share=0.8), "没有着火"),
        (None, Unsure(-0.9), "楼下着火"),  # words let go
        ("fire/", Unsure(-0.5), "楼下着火"),
        ("fire/", Unsure(-0.9), "楼下现在着火"),  # it is happening now
        ("suicide/", Unsure(-0.9), "我不想活"),  # a strong word
        ("choking/", Unsure(0.9, "choking", 0.8), "他脸发紫"),  # the words speak of the heart only
        ("cardiac/", Unsure(0.9, "choking", 0.6), "他脸发紫"),
        ("fire/", Unsure(0.9, "cardiac", 0.8), "楼下着火"),  # it would kill the helper too
        ("gas/", Unsure(0.9, "gas", 0.8), "楼下着火"),
        ("trapped/", Unsure(0.9, "trapped", 0.6), "救命"),  # a bare cry says nothing of the scene
        ("other/", Unsure(0.9, "trapped", 0.4), "救命"),
    ],
)
def test_words_and_scenes_decide_together(expected: str | None, scenes: Unsure, text: str) -> None:
    assert expected == hearing(scenes, text)


@pytest.mark.parametrize("line", ["{", '{"text": "火"}', "[]"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "examples.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"examples\.jsonl"):
        read_examples(path)


def test_the_examples_cover_every_kind_and_no_text_twice() -> None:
    examples = read_examples(DATA / "lexicon" / "danger" / "examples.jsonl")
    count = Counter(example.danger for example in examples)
    assert all(count[kind] >= 90 for kind in KINDS)
    assert count[None] >= 2500
    assert len(examples) == len({example.text for example in examples})
