"""What 小小 makes of a line, without a server: `xiaoxiao parse` reads JSON lines through it.

The encoder sees all lines at once (five times as fast as one by one); everything else is the path of a real
message: safety check, pipeline, rules, actions, answers. Every line is a citizen of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extensions.agent import load_agent

_BATCH = 500  #: lines in memory at a time
_CANDIDATES = 5
_CARD = "faq/"


def parse_lines(
    lines: Iterable[str], *, model: Path = Path("models"), root: Path = Path(".")
) -> Iterator[dict[str, Any]]:
    """One result a text, in order: text intent confidence topic candidates danger entities answer.

    `intent` is a name of docs/intents or faq/<card id>; what is below the threshold for an answer still shows the
    best guess, and out_of_scope where 小小 would say honestly that she does not know. Raises ConfigurationError and
    rasa.exceptions.ModelNotFound.
    """
    parser = Parser(model, root)
    batch: list[str] = []
    for line in lines:
        batch.append(line)
        if len(batch) == _BATCH:
            yield from parser.parse(batch)
            batch = []
    yield from parser.parse(batch)


class Parser:
    def __init__(self, model: Path, root: Path) -> None:
        self._agent = load_agent(model, root / "endpoints.yml", log_level="ERROR")
        self._safety = _Safety(root)
        self._count = 0

    def parse(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        from xiaoxiao.knowledge.normal_form import normalise
        from xiaoxiao.language.encoder import shared_encoder

        shared_encoder("use").prepare([normalise(text).text for text in texts])
        return asyncio.run(self._parse_all(texts))

    async def _parse_all(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        return [await self._parse(text) for text in texts]

    async def _parse(self, text: str) -> dict[str, Any]:
        from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

        self._count += 1
        words = harmless(text)
        message = UserMessage(words, CollectingOutputChannel(), f"parse-{self._count}")
        message.parse_data = await self._agent.parse_message(words) if words else None
        answers = await self._agent.handle_message(message) if words else []
        kind, warning = self._safety.detect(text)
        said = [warning, *(answer.get("text") or "" for answer in answers or [])]
        return {
            "text": text,
            **understanding(message.parse_data or {}),
            "danger": kind,
            "answer": "\n\n".join(part for part in said if part),
        }


def understanding(parse_data: Mapping[str, Any]) -> dict[str, Any]:
    """Intent, topic, candidates and entities in the words of the evaluation."""
    label, confidence = _best(parse_data)
    return {
        "intent": label,
        "confidence": round(confidence, 4),
        "topic": label.removeprefix(_CARD) if label.startswith(_CARD) else None,
        "candidates": _candidates(parse_data),
        "entities": [
            {key: entity[key] for key in ("entity", "value", "start", "end")}
            for entity in parse_data.get("entities", ())
        ],
    }


def harmless(text: str) -> str:
    """A citizen's words are never a command: Rasa takes a leading slash for an intent."""
    stripped = text.strip()
    return f"／{stripped[1:]}" if stripped.startswith("/") else stripped


def _best(parse_data: Mapping[str, Any]) -> tuple[str, float]:
    ranking = parse_data.get("ranking") or []
    fell_back = (parse_data.get("intent") or {}).get("name") == "nlu_fallback"
    if not ranking or (fell_back and not parse_data.get("clarify")):
        return "out_of_scope", ranking[0]["confidence"] if ranking else 0.0
    return ranking[0]["label"], ranking[0]["confidence"]


def _candidates(parse_data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"topic": entry["label"].removeprefix(_CARD), "score": round(entry["confidence"], 4)}
        for entry in (parse_data.get("ranking") or [])[:_CANDIDATES]
    ]


class _Safety:
    """The danger check and its fixed answers, when the project has them."""

    def __init__(self, root: Path) -> None:
        self._detector = self._answers = None
        if (root / "data/safety").is_dir():
            from xiaoxiao.safety.answers import Answers
            from xiaoxiao.safety.detector import Detector

            self._detector = Detector.load(root / "data/lexicon/danger", root / "var")
            self._answers = Answers.load(root / "data/safety")

    def detect(self, text: str) -> tuple[str | None, str]:
        danger = self._detector.detect(text) if self._detector else None
        return (danger.kind, self._answers.answer(danger).text) if danger else (None, "")
