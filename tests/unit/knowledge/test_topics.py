from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.cards import load_cards
from xiaoxiao.knowledge.topics import load_titles, title

CARDS = load_cards(Path(__file__).parents[2] / "fixtures/knowledge")


def test_a_card_is_called_by_its_title_and_a_task_by_its_name() -> None:
    titles = {"query_alert": "查现在的预警"}
    assert title("faq/nosebleed", CARDS, titles) == "流鼻血怎么办"
    assert title("query_alert", CARDS, titles) == "查现在的预警"


@pytest.mark.parametrize("label", ["faq/unknown", "greet"])
def test_what_has_no_name_is_not_offered(label: str) -> None:
    assert title(label, CARDS, {}) is None


def test_a_wrong_table_is_named(tmp_path: Path) -> None:
    path = tmp_path / "topics.csv"
    path.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"topics\.csv"):
        load_titles(path)
