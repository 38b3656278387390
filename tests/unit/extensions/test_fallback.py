from __future__ import annotations

from rasa.nlu.classifiers.fallback_classifier import undo_fallback_prediction
from rasa.shared.nlu.training_data.message import Message

from extensions.fallback import CLARIFY, Fallback
from extensions.intent_classifier import CANDIDATES

CONFIG = {**Fallback.get_default_config(), "answer": 0.5, "ask": 0.35, "least": 0.06}


def judged(*candidates: tuple[str, float], doubt: float = 1.0) -> Message:
    best = {"name": candidates[0][0].split("/")[0], "confidence": candidates[0][1]}
    message = Message({"text": "x", CANDIDATES: list(candidates), "intent": best, "intent_ranking": [best]})
    return Fallback({**CONFIG, "doubt": doubt}).process([message])[0]


def test_sure_enough_is_answered() -> None:
    message = judged(("faq/gas_leak", 0.6), ("faq/gas_fire", 0.3))
    assert message.get("intent")["name"] == "faq"
    assert message.get(CLARIFY) is None


def test_unsure_is_asked_back_with_two_or_three_choices() -> None:
    message = judged(("faq/a", 0.3), ("query_alert", 0.2), ("faq/c", 0.01))
    assert message.get("intent")["name"] == "nlu_fallback"
    assert message.get(CLARIFY) == ["faq/a", "query_alert"]


def test_a_guess_among_many_is_an_honest_no() -> None:
    assert judged(("faq/a", 0.1), ("faq/b", 0.09), ("faq/c", 0.08)).get(CLARIFY) == []


def test_not_for_me_is_no_choice() -> None:
    assert judged(("out_of_scope", 0.4), ("faq/b", 0.39)).get(CLARIFY) == ["faq/b"]


def test_unsure_and_perhaps_not_for_us_is_an_honest_no() -> None:
    unsure = ("faq/a", 0.3), ("faq/b", 0.2), ("out_of_scope", 0.04)
    assert judged(*unsure, doubt=0.03).get(CLARIFY) == []
    assert judged(*unsure, doubt=0.05).get(CLARIFY) == ["faq/a", "faq/b"]
    assert judged(("faq/a", 0.9), ("out_of_scope", 0.04), doubt=0.03).get(CLARIFY) is None


def test_rasas_evaluation_sees_through_it() -> None:
    message = judged(("faq/a", 0.3), ("faq/b", 0.2))
    undone = undo_fallback_prediction({key: message.get(key) for key in ("intent", "intent_ranking")})
    assert undone["intent"]["name"] == "faq"


def test_a_message_without_letters_falls_back() -> None:
    message = Fallback(CONFIG).process([Message({"text": ""})])[0]
    assert message.get("intent")["name"] == "nlu_fallback"
