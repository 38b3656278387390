"""What a message may lean on: the last card, the danger she told of, her words that were asked back about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from xiaoxiao.knowledge.follow_ups import LONGEST
from xiaoxiao.store.conversation import Message
from xiaoxiao.store.port import ConversationStore

#: Somebody who reads an answer and does what it says is back within minutes. After half an hour "那老人呢" may be
#: about anything: asking is better than guessing.
LASTS = timedelta(minutes=30)
#: Messages looked back at: thanks and a photo may lie between; more than that is another conversation.
LOOKED_BACK = 8
_CARD = "faq/"
_ASKED_BACK = "nlu_fallback"
#: Said in between without changing the subject. Everything else (a task, a farewell) ends it.
_PASSING = frozenset({"greet", "thank", "praise", "chitchat", "affirm", "deny", "bot_challenge", "insult"})
_UNANSWERED = frozenset({None, _ASKED_BACK, "out_of_scope"})


@dataclass(frozen=True)
class Context:
    topic: str | None = None  #: id of the card answered last
    asked: str | None = None  #: her last words, if they were asked back about
    told: str | None = (
        None  #: her words that a fixed danger answer was given to, if nothing was answered since
    )

    known: bool = True  #: False: nobody looked

    @property
    def is_about_something(self) -> bool:
        return any((self.topic, self.asked, self.told))

    def metadata(self) -> dict[str, str | None]:
        """For the engine. A key that is None says that there is nothing; a missing one, that nobody looked."""
        return {"topic": self.topic, "asked": self.asked, "told": self.told} if self.known else {}


UNKNOWN = Context(known=False)


def may_lean(text: str) -> bool:
    """Longer messages say themselves what they are about; nothing is looked up for them."""
    return len(text) <= LONGEST


def context_before(store: ConversationStore, message: Message, *, now: datetime) -> Context:
    """What this message may lean on."""
    lately = store.messages(message.conversation_id, limit=LOOKED_BACK)
    return context_of([before for before in lately if before.id < message.id], now)


def context_of(messages: Sequence[Message], now: datetime) -> Context:
    """`messages`: those before this one, oldest first."""
    recent = [m for m in reversed(messages) if now - m.received_at <= LASTS]
    asked = recent[0].incoming.text if recent and recent[0].intent == _ASKED_BACK else None
    last = next((m for m in recent if m.danger or m.intent not in _PASSING | _UNANSWERED), None)
    if last is None:
        return Context(asked=asked)
    if last.danger is not None:  # it ends every topic before it; what she told may be one itself
        return Context(asked=asked, told=last.incoming.text)
    topic = last.intent.removeprefix(_CARD) if last.intent and last.intent.startswith(_CARD) else None
    return Context(topic, asked)
