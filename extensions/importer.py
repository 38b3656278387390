"""Knowledge cards as Rasa training data: data/knowledge/<category>/<id>.md → faq/<id> and utter_faq/<id>."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from xiaoxiao.knowledge.cards import Card, Cards, load_cards
from xiaoxiao.knowledge.hotlines import Hotlines, load_hotlines
from xiaoxiao.knowledge.render import render_text
from xiaoxiao.persona import load_persona

FAQ = "faq"


class KnowledgeImporter(TrainingDataImporter):
    """Listed beside RasaFileImporter in config.yml. Reads the cards below every training-data folder."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        root = Path(config_file).resolve().parent if config_file else Path.cwd()
        self._root = root
        self._folders = knowledge_folders(training_data_paths)

    def get_domain(self) -> Domain:
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        return None

    def get_nlu_data(self, language: str | None = "zh") -> TrainingData:
        cards = [card for folder in self._folders for card in load_cards(folder).values()]
        if not cards:
            return TrainingData()
        hotlines = load_hotlines(self._root / "data/hotlines.csv", load_persona(self._root / "persona.yml"))
        return training_data(cards, hotlines)


def knowledge_folders(paths: list[str] | str | None) -> list[Path]:
    """The knowledge folders below the training-data paths (`rasa test nlu --nlu tests/nlu` brings none)."""
    given = [paths] if isinstance(paths, str) else paths or []
    return [Path(path) / "knowledge" for path in given if (Path(path) / "knowledge").is_dir()]


def training_data(cards: list[Card] | Cards, hotlines: Hotlines) -> TrainingData:
    listed = list(cards.values()) if isinstance(cards, Cards) else cards
    responses = {f"utter_{FAQ}/{card.id}": [{TEXT: render_text(card, hotlines)}] for card in listed}
    return TrainingData([message for card in listed for message in _questions(card)], responses=responses)


def _questions(card: Card) -> list[Message]:
    key = f"{FAQ}/{card.id}"
    texts = dict.fromkeys((card.title, *card.questions))
    return [Message({TEXT: text, INTENT: FAQ, INTENT_RESPONSE_KEY: key}) for text in texts]
