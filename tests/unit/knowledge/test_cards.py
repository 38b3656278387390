from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.knowledge.cards import CardError, load_card, load_cards

FIXTURES = Path(__file__).parents[2] / "fixtures/knowledge"
GOOD = (FIXTURES / "basics/nosebleed.md").read_text(encoding="utf-8")


def write(folder: Path, text: str, *, name: str = "nosebleed", category: str = "basics") -> Path:
    path = folder / category / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_card_has_lead_steps_donts_and_background() -> None:
    card = load_card(FIXTURES / "basics/nosebleed.md")
    assert card.lead == "坐直，头向前倾，捏住鼻翼 10 到 15 分钟。"
    assert card.steps == ("坐直，头向前倾，用嘴呼吸。", "捏住鼻翼 10–15 分钟，别松手看。")
    assert card.donts == ("仰头。", "塞纸巾")
    assert card.background == "血多来自鼻中隔前部。"
    assert card.hotlines == ("120", "elevator_rescue")
    assert card.reviewed.by is None


def test_cards_are_found_by_column() -> None:
    cards = load_cards(FIXTURES)
    assert {"nosebleed", "landslide"} == set(cards)
    assert tuple(card.id for card in cards.of("natural")) == ("landslide",)
    assert cards.of("health") == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: nosebleed", "id: other", "应与文件名 nosebleed 相同"),
        ("category: basics", "category: sport", "栏目 sport"),
        ("category: basics", "category: natural", "文件夹"),
        ("title: 流鼻血怎么办", "title: ''", "缺少 title"),
        ("danger: null", "dangre: fire", "不认识 dangre"),
        ('"鼻血: 要仰头吗"', "鼻血: 要仰头吗", "questions"),
        ("by: null}", "by: null", "YAML"),
        ("on: 2026-11-23", "on: 昨天", "reviewed.on"),
        ("{name: 中国红十字会救护员教材, article: 3}", "红十字会", "sources"),
        ("坐直，头向前倾，捏住鼻翼 10 到 15 分钟。\n", "", "第一段"),
    ],
)
def test_a_bad_card_names_the_file_and_what_to_change(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(CardError, match=r"basics/nosebleed\.md") as raised:
        load_card(write(tmp_path, GOOD.replace(old, new, 1)))
    assert says in str(raised.value)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD.replace("category: basics", "category: health"), category="health")
    with pytest.raises(CardError, match="重复"):
        load_cards(tmp_path)
