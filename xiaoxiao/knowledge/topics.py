"""What a choice is called when 小小 asks back: a card by its title, a task by data/lexicon/topics.csv."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.cards import Cards

_CARD = "faq/"


def load_titles(path: Path) -> dict[str, str]:
    """Intent → Chinese title. Raises ConfigurationError."""
    if not path.is_file():
        raise ConfigurationError(f"找不到 {path}:它给每个意图一个中文名。")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != ["intent", "title"]:
            raise ConfigurationError(f"{path.name} 的表头应为:intent,title。")
        return {row["intent"]: row["title"] for row in reader}


def title(label: str, cards: Cards, titles: Mapping[str, str]) -> str | None:
    """The name of faq/<id> or of an intent; None when a citizen should not be offered it."""
    if label.startswith(_CARD):
        card = cards.get(label.removeprefix(_CARD))
        return card.title if card else None
    return titles.get(label)
