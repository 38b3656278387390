from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.safety.detector import KINDS, Danger, Detector


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for kind in KINDS:
        (tmp_path / f"{kind}.txt").write_text("[]\n", encoding="utf-8")
    (tmp_path / "words.txt").write_text("[家人]\n爸|妈\n", encoding="utf-8")
    (tmp_path / "not_danger.txt").write_text("[mask]\n打火机\n", encoding="utf-8")
    return tmp_path


def detect(folder: Path, rules: str, text: str) -> Danger | None:
    (folder / "fire.txt").write_text(rules, encoding="utf-8")
    return Detector.load(folder).detect(text)


@pytest.mark.parametrize(
    ("expected", "rule", "text"),
    [
        (True, "冒烟|起火", "厨房起火"),
        (True, "楼下 + 烟", "烟从楼下上来"),
        (False, "楼下 + 烟", "楼下的人说今天天气真的特别不错啊有烟"),
        (True, "楼下 ++ 烟", "楼下的人说今天天气真的特别不错啊有烟"),
        (False, "烟 - 抽烟", "他在抽烟"),
        (True, "^火$", "火!"),
        (False, "^火$", "火车"),
        (True, "@家人 + 火", "妈,火"),
        (True, "着火 # 注释", "着火"),
    ],
)
def test_the_syntax_of_a_line(folder: Path, expected: bool, rule: str, text: str) -> None:
    assert expected == (detect(folder, rule, text) is not None)


def test_the_first_variant_in_the_file_wins(folder: Path) -> None:
    danger = detect(folder, "[oil]\n油锅\n[]\n着火\n", "油锅着火")
    assert danger is not None
    assert danger.variant == "oil"


def test_a_strong_word_counts_in_a_question(folder: Path) -> None:
    (folder / "not_danger.txt").write_text("[question]\n步骤\n", encoding="utf-8")
    assert detect(folder, "起火", "起火步骤") is None
    assert detect(folder, "! 起火", "起火步骤") is not None


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("着火 + ", "fire.txt 第 1 行"),
        ("着火||烟", "空的词或写法不对"),
        ("@谁 + 火", r"words.txt 里没有 \[谁\]"),
    ],
)
def test_a_bad_line_is_named(folder: Path, rules: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        detect(folder, rules, "")


def test_an_unknown_section_is_named(folder: Path) -> None:
    (folder / "not_danger.txt").write_text("[maks]\n打火机\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"\[maks\]"):
        Detector.load(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "gas.txt").unlink()
    with pytest.raises(ConfigurationError, match=r"gas\.txt"):
        Detector.load(folder)
