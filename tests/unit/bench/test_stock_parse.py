from __future__ import annotations

from typing import Any

from bench.stock_parse import understanding


def parse_data(*intents: tuple[str, float], cards: tuple[tuple[str, float], ...] = ()) -> dict[str, Any]:
    ranking = [{"name": name, "confidence": confidence} for name, confidence in intents]
    selector = {
        "ranking": [{"intent_response_key": key, "confidence": confidence} for key, confidence in cards]
    }
    return {
        "intent": ranking[0],
        "intent_ranking": ranking,
        "response_selector": {"faq": selector},
        "entities": [],
    }


def test_the_card_stands_for_faq() -> None:
    result = understanding(parse_data(("faq", 0.8), ("help", 0.2), cards=(("faq/a", 0.5), ("faq/b", 0.1))))
    assert result["intent"] == "faq/a"
    assert [("a", 0.4), ("help", 0.2), ("b", 0.08)] == [
        (c["topic"], round(c["score"], 4)) for c in result["candidates"]
    ]


def test_the_first_intent_stays_first() -> None:
    result = understanding(parse_data(("faq", 0.5), ("help", 0.4), cards=(("faq/a", 0.5), ("faq/b", 0.5))))
    assert result["intent"] == "faq/a"


def test_a_fallback_is_a_refusal_whose_ranking_stays() -> None:
    result = understanding(parse_data(("nlu_fallback", 0.3), ("help", 0.2)))
    assert result["intent"] == "out_of_scope"
    assert ["help"] == [candidate["topic"] for candidate in result["candidates"]]
