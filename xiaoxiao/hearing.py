"""What she said: the words of a voice message, the option behind a number."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Protocol

from xiaoxiao.delivery.composition import chosen
from xiaoxiao.store.conversation import Conversation, Incoming

log = logging.getLogger(__name__)

RECOGNISER_SECONDS = 10.0


class Recogniser(Protocol):
    """Turns a voice message into text; plugged in by class path (XIAOXIAO_RECOGNISER)."""

    async def recognise(self, incoming: Incoming) -> str: ...


@dataclass
class Hearing:
    recogniser: Recogniser | None = None
    seconds: float = RECOGNISER_SECONDS

    async def words(self, incoming: Incoming) -> Incoming:
        """With the words of a voice message, if they can be had in time."""
        if incoming.kind != "voice" or incoming.text or self.recogniser is None:
            return incoming
        try:
            heard = self.recogniser.recognise(incoming)
            return replace(incoming, text=await asyncio.wait_for(heard, self.seconds))
        except Exception:
            log.exception("speech recognition failed")
            return incoming


def choice(text: str, incoming: Incoming, conversation: Conversation) -> str | None:
    """The payload behind a tapped link or a typed number, if it is one we offered."""
    tapped = str(incoming.fields.get("bizmsgmenuid") or "") or None
    button = chosen(conversation.choices, text, tapped)
    return button.payload if button else None


def told(incoming: Incoming, conversation: Conversation) -> tuple[str, ...]:
    """What may tell of danger: her words and the sentence behind an option ("2": 煤气中毒,有人叫不醒).

    A tap is our own title, not her words: what counts is the sentence it stands for.
    """
    text = incoming.text.strip()
    payload = choice(text, incoming, conversation) if text else None
    if payload is None:
        return (text,) if text else ()
    sentence = () if payload.startswith("/") else (payload,)
    return sentence if incoming.fields.get("bizmsgmenuid") else (*sentence, text)
