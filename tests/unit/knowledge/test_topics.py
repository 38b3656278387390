from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.errors import ConfigurationError, InvalidRequest, NotFound
from xiaoxiao.knowledge.cards import load_cards
from xiaoxiao.knowledge.topics import find_label, load_titles, title

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


@pytest.mark.parametrize("word", ["nosebleed", "faq/nosebleed", "/faq/nosebleed", " nosebleed "])
def test_a_card_is_found_however_its_id_is_written(word: str) -> None:
    assert "faq/nosebleed" == find_label(word, CARDS, {})


def test_a_task_is_found_by_its_intent() -> None:
    assert "query_alert" == find_label("query_alert", CARDS, {"query_alert": "查现在的预警"})


@pytest.mark.parametrize("word", ["nosbleed", "nose_bleed", "鼻血", "NoseBleed"])
def test_an_unknown_id_names_the_nearest(word: str) -> None:
    with pytest.raises(NotFound, match=rf"{word}.*nosebleed\(流鼻血怎么办\)"):
        find_label(word, CARDS, {"query_alert": "查现在的预警"})


@pytest.mark.parametrize("word", ["", "zzzzzz"])
def test_an_id_like_no_other_shows_where_all_stand(word: str) -> None:
    with pytest.raises(NotFound, match="knowledge list"):
        find_label(word, CARDS, {})


def test_the_way_to_a_person_is_never_closed() -> None:
    with pytest.raises(InvalidRequest, match="任何时候"):
        find_label("/request_human", CARDS, {"request_human": "转人工"})
