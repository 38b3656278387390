from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from extensions.importer import KnowledgeImporter
from xiaoxiao.knowledge.cards import CardError

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "tests/fixtures/knowledge", tmp_path / "data/knowledge")
    shutil.copy(ROOT / "data/hotlines.csv", tmp_path / "data")
    shutil.copy(ROOT / "persona.yml", tmp_path)
    return tmp_path


def importer(project: Path, folder: str = "data") -> KnowledgeImporter:
    return KnowledgeImporter(str(project / "config.yml"), training_data_paths=[str(project / folder)])


def test_title_and_questions_of_a_card_become_examples_of_its_own_key(project: Path) -> None:
    data = importer(project).get_nlu_data()
    said = [e.get("text") for e in data.intent_examples if e.get("intent_response_key") == "faq/landslide"]
    assert said == ["滑坡来了怎么跑", "山往下滑怎么跑", "滑坡往哪边跑"]
    assert {"faq"} == {e.get("intent") for e in data.intent_examples}


def test_the_cards_text_is_the_response(project: Path) -> None:
    responses = importer(project).get_nlu_data().responses
    assert {"utter_faq/landslide", "utter_faq/nosebleed"} == set(responses)
    assert responses["utter_faq/landslide"][0]["text"].startswith("向滑坡的两侧跑。")


def test_training_data_elsewhere_brings_no_cards(project: Path) -> None:
    assert importer(project, "tests/nlu").get_nlu_data().intent_examples == []


def test_a_bad_card_stops_the_training_with_its_name(project: Path) -> None:
    (project / "data/knowledge/natural/landslide.md").write_text("---\nid: x\n---\n", encoding="utf-8")
    with pytest.raises(CardError, match=r"landslide\.md"):
        importer(project).get_nlu_data()
