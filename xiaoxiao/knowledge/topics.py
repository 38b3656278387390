"""What a choice is called when 小小 asks back: a card by its title, a task by data/lexicon/topics.csv."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from xiaoxiao.errors import ConfigurationError, InvalidRequest, NotFound
from xiaoxiao.knowledge.cards import Card, Cards

_CARD = "faq/"
#: A person can be asked for at any time.
ALWAYS_OPEN = "request_human"
_NEAREST = 3


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
        card = card_of(label, cards)
        return card.title if card else None
    return titles.get(label)


def card_of(label: str, cards: Cards) -> Card | None:
    """The card of faq/<id>; None for a task and for a card that is gone."""
    return cards.get(label.removeprefix(_CARD)) if label.startswith(_CARD) else None


def find_label(word: str, cards: Cards, titles: Mapping[str, str]) -> str:
    """The label a trainer means: a card's id or a task's intent. NotFound names the nearest; InvalidRequest for the
    way to a person.
    """
    name = word.strip().removeprefix("/").removeprefix(_CARD)
    if name == ALWAYS_OPEN:
        raise InvalidRequest("转人工不能停用:市民任何时候都要能找到人。")
    if name in cards:
        return f"{_CARD}{name}"
    if name in titles:
        return name
    near = nearest(name, {card.id: card.title for card in cards.values()} | dict(titles))
    hint = f"您是不是要找:{'、'.join(near)}。" if near else "用 xiaoxiao knowledge list 看全部。"
    raise NotFound(f"没有编号为 {word} 的知识卡或任务。{hint}")


def nearest(word: str, titles: Mapping[str, str]) -> list[str]:
    """Up to three, as id(title): ids like this one, then titles with these words (gas_leek and 燃气 find gas_leak)."""
    named = [f"{key}({title})" for key, title in titles.items() if word and word in title]
    like = [f"{key}({titles[key]})" for key in get_close_matches(word, titles, n=_NEAREST, cutoff=0.5)]
    return list(dict.fromkeys(like + named))[:_NEAREST]
