from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xiaoxiao.knowledge.cards import load_card
from xiaoxiao.knowledge.check import check_folder, claimed_by_tasks, near_duplicates, numbers_in
from xiaoxiao.knowledge.hotlines import load_hotlines

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests/fixtures/knowledge"
HOTLINES = load_hotlines(ROOT / "data/hotlines.csv")
CARD = (FIXTURES / "basics/nosebleed.md").read_text(encoding="utf-8")


def problems(folder: Path, text: str) -> list[str]:
    path = folder / "basics/nosebleed.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [finding.problem for finding in check_folder(folder, HOTLINES, ("fire",), questions=3)]


def test_a_good_card_has_no_findings(tmp_path: Path) -> None:
    assert problems(tmp_path, CARD) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("hotlines: [120, elevator_rescue]", "hotlines: [12x]", "12x 不在"),
        ("hotlines: [120, elevator_rescue]", "hotlines: [12379]", "不能拨打"),
        ("danger: null", "danger: flood", "flood"),
        ("，别松手看。", "，打 12344 问。", "12344"),
        ("，别松手看。", "，别松手看。" + "很长" * 300, "最多 600 字"),
        ("- 塞纸巾", "- 塞纸巾\n- 三\n- 四", "4 条"),
        (', "鼻血: 要仰头吗"', "", "只有 2 个"),
        ("title: 流鼻血怎么办", "titel: 流鼻血怎么办", "缺少 title"),
    ],
)
def test_each_fault_is_found(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in CARD
    assert [p for p in problems(tmp_path, CARD.replace(old, new, 1)) if says in p]


def test_quantities_are_no_numbers_to_dial() -> None:
    assert list(numbers_in("每分钟按 100–120次，宽 110 厘米；打120，或 13812345678。2026年 1101号")) == [
        "120",
        "13812345678",
    ]


def test_two_cards_may_not_share_a_question() -> None:
    card = load_card(FIXTURES / "basics/nosebleed.md")
    other = replace(card, id="other", questions=("鼻子出血了，怎么办？", "完全不同的问题"))
    assert [finding.card for finding in near_duplicates([card, other])] == ["nosebleed"]


def test_a_card_may_not_claim_an_example_of_a_task() -> None:
    card = load_card(FIXTURES / "basics/nosebleed.md")
    (finding,) = claimed_by_tasks([card], {"鼻子出血了，怎么办？": "medical_diagnosis"})
    assert "medical_diagnosis" in finding.problem
