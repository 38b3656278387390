"""Stock Rasa's understanding of texts, in the words of `xiaoxiao parse`. A process of its own, for it loads TensorFlow:

python -m bench.stock_parse MODEL TEXTS.json RESULTS.json
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.examination import OUT_OF_SCOPE

_FALLBACK = "nlu_fallback"


def understanding(parse_data: Mapping[str, Any]) -> dict[str, Any]:
    """intent, confidence, candidates, entities and danger (never) as extensions.parser gives them."""
    ranking = _ranking(parse_data)
    fell_back = (parse_data.get("intent") or {}).get("name") == _FALLBACK
    label = ranking[0][0] if ranking and not fell_back else OUT_OF_SCOPE
    return {
        "intent": label,
        "candidates": [{"topic": name.removeprefix("faq/"), "score": score} for name, score in ranking[:5]],
        "entities": [{"entity": e["entity"], "value": e["value"]} for e in parse_data.get("entities", ())],
        "danger": None,
    }


def _ranking(parse_data: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Intents, faq replaced by its cards: P(faq) is shared out as the ResponseSelector ranks them."""
    ranked: list[tuple[str, float]] = []
    for intent in parse_data.get("intent_ranking") or ():
        name, confidence = intent["name"], float(intent["confidence"])
        cards = ((parse_data.get("response_selector") or {}).get(name) or {}).get("ranking") or ()
        if name != _FALLBACK and not cards:
            ranked.append((name, confidence))
        ranked += [(card["intent_response_key"], confidence * float(card["confidence"])) for card in cards]
    # the first guess of stock Rasa is its first intent, even where a later one beats each of its cards
    return ranked[:1] + sorted(ranked[1:], key=lambda item: -item[1])


async def _parse_all(model: str, texts: list[str]) -> list[dict[str, Any]]:
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    return [understanding(await agent.parse_message(text)) for text in texts]


def main() -> None:
    model, texts, results = sys.argv[1:]
    read = asyncio.run(_parse_all(model, json.loads(Path(texts).read_text(encoding="utf-8"))))
    Path(results).write_text(json.dumps(read, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
