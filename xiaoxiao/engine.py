"""The dialogue engine's port: a citizen's words in, answers out. Its Rasa side is connectors/engine.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from xiaoxiao.store.conversation import Answer


@dataclass(frozen=True)
class Reply:
    """What the engine made of one turn."""

    answers: tuple[Answer, ...]
    intent: str | None = None  #: label: an intent or faq/<id>; None when none was recognised
    confidence: float | None = None  #: 0–1
    topic: str | None = None  #: id of the knowledge card that was answered
    understood: bool = True  #: False when the turn ended in a fallback
    withheld: bool = False  #: `intent` was not to be acted on: no answers, nothing was done
    silent: bool = False  #: the card of `topic` has no answer to this, and it was said so
    form: str | None = None  #: the form that was asked for
    form_text: Answer | None = None  #: the one of `answers` that is for where there is no form; None: all are


@dataclass(frozen=True)
class Reading:
    """What a text was understood as, with nothing done about it."""

    intent: str | None  #: as in Reply
    confidence: float | None = None
    topic: str | None = None
    understood: bool = True
    asks_back: bool = False  #: not understood, but the engine has meanings to choose from


class Engine(Protocol):
    async def respond(
        self,
        contact: str,
        text: str,
        *,
        payload: str | None = None,
        metadata: Mapping[str, Any],
        withhold: Collection[str] = (),
    ) -> Reply:
        """Take one turn. Turns of one contact never overlap.

        `text` is whatever a citizen typed; it is never taken as a command. `payload` ("/intent{...}") is one
        of our own buttons or menu entries and takes the place of the text. What is meant by either is not
        acted on if its label is in `withhold`.
        """

    async def read(self, text: str, *, metadata: Mapping[str, Any]) -> Reading:
        """Understand a citizen's words without answering or remembering them. `metadata`: as for `respond`."""


@dataclass
class ScriptedEngine:
    """The twin for tests: answers by a script, remembers what it was asked."""

    replies: Mapping[str, Reply] = field(default_factory=dict)  #: by payload, else by text
    otherwise: Reply = Reply(answers=(), understood=False)
    failure: Exception | None = None  #: raised instead of answering
    turns: list[tuple[str, str, str | None]] = field(default_factory=list)  #: (contact, text, payload)
    told: list[Mapping[str, Any]] = field(default_factory=list)  #: the metadata of each turn

    async def respond(
        self,
        contact: str,
        text: str,
        *,
        payload: str | None = None,
        metadata: Mapping[str, Any],
        withhold: Collection[str] = (),
    ) -> Reply:
        self.turns.append((contact, text, payload))
        self.told.append(metadata)
        if self.failure is not None:
            raise self.failure
        reply = self.replies.get(payload or text, self.otherwise)
        return replace(reply, answers=(), topic=None, withheld=True) if reply.intent in withhold else reply

    async def read(self, text: str, *, metadata: Mapping[str, Any]) -> Reading:
        if self.failure is not None:
            raise self.failure
        reply = self.replies.get(text, self.otherwise)
        asks_back = not reply.understood and any(answer.buttons for answer in reply.answers)
        return Reading(reply.intent, reply.confidence, reply.topic, reply.understood, asks_back)

    @classmethod
    def saying(cls, answers: Iterable[tuple[str, str]]) -> ScriptedEngine:
        """A script of plain question and answer pairs."""
        return cls({question: Reply((Answer(text),)) for question, text in answers})
