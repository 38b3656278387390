"""Three zones: sure enough to answer, unsure enough to ask, honest enough to say no.

Below `answer` the intent becomes nlu_fallback (as Rasa's own FallbackClassifier does, so that `rasa test nlu` looks
through it); `action_clarify` then offers the candidates left in `clarify`, or says no when there are none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from extensions.intent_classifier import CANDIDATES

_SEEN = 5  #: as many as the parse data keep, so that an evaluation can repeat the judgement
CLARIFY = "clarify"  #: parse data: labels (intent or faq/<id>) to choose from; [] is the honest no


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Fallback(GraphComponent):
    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "answer": 0.5,
            "choices": 3,
            "ask": 0.35,
            "least": 0.06,
            "doubt": 1.0,  # unsure, and at least this probably not for us: say no rather than ask; 1.0: never
            "never_offered": ["out_of_scope"],
        }

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Fallback:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(CANDIDATES):
                self._judge(message, message.get(CANDIDATES))
            elif message.get(TEXT) is not None and not message.get(INTENT):
                fall_back(message, [])
        return messages

    def _judge(self, message: Message, candidates: list[tuple[str, float]]) -> None:
        choices = offered(candidates, self._config)
        if choices is not None:
            fall_back(message, choices)


def offered(candidates: Sequence[tuple[str, float]], config: Mapping[str, Any]) -> list[str] | None:
    """None: sure enough to answer. Else the labels to choose from, [] when even together they are not probable."""
    if candidates[0][1] >= config["answer"]:
        return None
    strange = sum(p for label, p in candidates[:_SEEN] if label in config["never_offered"])
    if strange >= config["doubt"]:
        return []
    probable = [
        (label, probability)
        for label, probability in candidates[: config["choices"]]
        if probability >= config["least"] and label not in config["never_offered"]
    ]
    together = sum(probability for _, probability in probable)
    return [label for label, _ in probable] if together >= config["ask"] else []


def fall_back(message: Message, choices: list[str]) -> None:
    """Not understood: `choices` to ask back with, or [] to say no."""
    confidence = 1.0 - float((message.get(INTENT) or {}).get(PREDICTED_CONFIDENCE_KEY, 0.0))
    intent = {INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME, PREDICTED_CONFIDENCE_KEY: confidence}
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *(message.get(INTENT_RANKING_KEY) or [])], add_to_output=True)
    message.set(CLARIFY, choices, add_to_output=True)
    message.set(CANDIDATES, None)  # judged
