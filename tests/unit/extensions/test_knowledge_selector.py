from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.training_data.message import Message

from extensions.intent_classifier import CANDIDATES
from extensions.knowledge_selector import KnowledgeSelector

SELECTOR = KnowledgeSelector(None, None, frozenset({"faq/gas_leak", "faq/gas_fire"}))  # type: ignore[arg-type]


def selected(text: str, candidates: list[tuple[str, float]] | None = None) -> Message:
    data: dict[str, Any] = {"text": text, **({CANDIDATES: candidates} if candidates else {})}
    return SELECTOR.process([Message(data)])[0]


def test_the_best_card_is_offered_even_when_a_task_is_likelier() -> None:
    message = selected("漏气", [("report_hazard", 0.5), ("faq/gas_leak", 0.4), ("faq/gas_fire", 0.1)])
    response = message.get("response_selector")["faq"]["response"]
    assert (
        response["intent_response_key"],
        response["utter_action"],
    ) == ("faq/gas_leak", "utter_faq/gas_leak")


def test_a_button_opens_its_card() -> None:
    message = selected("/faq/gas_fire")
    assert message.get("intent") == {"name": "faq", "confidence": 1.0}
    assert message.get("response_selector")["faq"]["response"]["utter_action"] == "utter_faq/gas_fire"


def test_rasas_own_reader_leaves_an_opened_card_alone() -> None:
    message = selected("/faq/gas_fire")
    assert message is YAMLStoryReader.unpack_regex_message(message, Domain.empty())


@pytest.mark.parametrize("text", ["/faq/unknown", "/greet", "/", ""])
def test_other_payloads_are_left_to_rasa(text: str) -> None:
    assert text == selected(text).get("text")
    assert selected(text).get("intent") is None
