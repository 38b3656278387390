"""What actions need from the application. Set once by the composition root; Rasa builds actions without arguments."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from xiaoxiao.errors import NotFound
from xiaoxiao.knowledge.cards import Cards, load_cards
from xiaoxiao.knowledge.hotlines import Hotlines, load_hotlines
from xiaoxiao.knowledge.topics import load_titles
from xiaoxiao.persona import load_persona


class Conversations(Protocol):
    def hand_off_contact(self, contact: str, reason: str) -> object:
        """Ask for a person. Raises NotFound for somebody without a conversation (rasa shell)."""


class Services(Protocol):
    @property
    def conversations(self) -> Conversations: ...

    @property
    def cards(self) -> Cards: ...

    @property
    def hotlines(self) -> Hotlines: ...

    @property
    def titles(self) -> Mapping[str, str]: ...


class _NoDesk:
    """`rasa run actions` on its own: nobody listens, and the citizen is told so."""

    def hand_off_contact(self, contact: str, reason: str) -> object:
        raise NotFound(f"没有接上坐席台,{contact} 的转人工没有送达。")


class Standalone:
    """Cards and numbers from the project's root, no desk: what `rasa shell` and `rasa run actions` get."""

    def __init__(self, root: Path) -> None:
        self.conversations: Conversations = _NoDesk()
        self.cards = load_cards(root / "data/knowledge")
        persona = load_persona(root / "persona.yml")
        self.hotlines = load_hotlines(root / "data/hotlines.csv", persona)
        self.titles: Mapping[str, str] = load_titles(root / "data/lexicon/topics.csv")


_services: Services | None = None


def set_services(services: Services | None) -> None:
    global _services  # one for the whole process, as Rasa's actions are
    _services = services


def services() -> Services:
    global _services
    if _services is None:
        _services = Standalone(Path.cwd())
    return _services
