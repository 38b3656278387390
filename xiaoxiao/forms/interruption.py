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
    r"[?？]|怎么|怎样|如何|咋|为什么|为啥|什么|啥|哪|多少|几号|能不能|可不可以|可以吗|要不要|[吗呢么]\W*$"
)
_WANTS = re.compile(r"(?:我要|我想|想|帮我|给我|请|麻烦)*(?:查|找|看|问|订阅|退订|办)")
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
        "privacy_delete",
        "report_progress",
    }
)
_SHORT = 20


def interrupts(reading: Reading) -> bool:
    """The engine has an answer to what is no value of the slot."""
    return reading.understood and reading.intent is not None and reading.intent not in ABOUT_THE_QUESTION


def asks(reading: Reading, text: str) -> bool:
    """A question that the engine would ask back about is no failed value: 地震了躲哪, while a plate is asked for."""
    return reading.asks_back and _ASKS.search(text) is not None


def interrupts_freely(reading: Reading, free: str, own: str, *, passing: bool = False) -> bool:
    """Any words are a value here: only what is surely something else is none. `own`: the form's intent; `passing`:
    nothing has been told yet, so a task that is named (附近避难场所) is what she wants.
    """
    if not interrupts(reading) or reading.intent is None or reading.intent == own:
        return False
    if (reading.confidence or 0) < SURE:
        return False
    if reading.intent in _ADDRESSED_TO_US:
        return len(free) <= _SHORT
    if _ASKS.search(free):
        return True
    wanted = passing or bool(_WANTS.match(free))
    return not reading.intent.startswith(_KNOWLEDGE) and wanted and len(free) <= _SHORT


def wants_to_stop(reading: Reading) -> bool:
    return reading.intent == "cancel" and (reading.confidence or 0) >= SURE_TO_STOP
