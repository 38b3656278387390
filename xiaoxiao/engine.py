"""The dialogue engine's port: business code speaks to this, never to Rasa."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from xiaoxiao.store.conversation import Answer


@dataclass(frozen=True)
class Reply:
    """What the engine says to one message."""

    answers: tuple[Answer, ...]
    intent: str | None = None  #: a name of the intent list; `faq/<card id>` for knowledge
    confidence: float | None = None  #: 0–1
    topic: str | None = None  #: the card's id
    understood: bool = True  #: False when the turn ended in fallback


class Engine(Protocol):
    async def respond(self, contact: str, text: str, *, metadata: Mapping[str, Any]) -> Reply:
        """Answer one message. `text` beginning with "/" is an intent only when metadata["trusted"] is True."""


class ScriptedEngine:
    """The twin for tests: a function plays the engine; what it was asked is kept in `heard`."""

    def __init__(self, script: Callable[[str, str], Reply | Awaitable[Reply]]) -> None:
        self._script = script
        self.heard: list[tuple[str, str, dict[str, Any]]] = []

    async def respond(self, contact: str, text: str, *, metadata: Mapping[str, Any]) -> Reply:
        self.heard.append((contact, text, dict(metadata)))
        reply = self._script(contact, text)
        return reply if isinstance(reply, Reply) else await reply
