"""When a message in the middle of a form is about something else."""

from __future__ import annotations

import re

from xiaoxiao.engine import Reading

#: Said about the form's own question, whatever the engine takes it for.
ABOUT_THE_QUESTION = frozenset({"affirm", "deny", "cancel", "nlu_fallback"})
#: Free words are a value unless they are surely something else.
SURE, SURE_TO_STOP = 0.85, 0.8
#: A description of a hazard sounds like the card about it; a question does not describe.
_ASKS = re.compile(
    r"[?？]|怎么|怎样|如何|咋|为什么|为啥|什么|啥|哪里|哪儿|哪个|多少|几号|能不能|可不可以|可以吗|要不要|[吗呢么]\W*$"
)
_KNOWLEDGE = "faq/"
#: Nobody describes anything with them.
_ADDRESSED_TO_US = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "praise",
        "insult",
        "bot_challenge",
        "request_human",
        "complain_service",
        "help",
    }
)
_SHORT = 20


def interrupts(reading: Reading, *, free: str | None = None) -> bool:
    """The engine has an answer to it, and it is no value. `free`: the words, where any words are a value."""
    if not reading.understood or reading.intent is None or reading.intent in ABOUT_THE_QUESTION:
        return False
    if free is None:
        return True
    if (reading.confidence or 0) < SURE:
        return False
    if reading.intent in _ADDRESSED_TO_US:
        return len(free) <= _SHORT
    asks = bool(_ASKS.search(free))
    return asks if reading.intent.startswith(_KNOWLEDGE) else asks or len(free) <= _SHORT // 2


def wants_to_stop(reading: Reading) -> bool:
    return reading.intent == "cancel" and (reading.confidence or 0) >= SURE_TO_STOP
