"""Which knowledge card: the ranking of the classifier in the shape of Rasa's ResponseSelector.

Also opens `/faq/<id>`, the payload of a button that names a card, which Rasa itself cannot read.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    RESPONSE_SELECTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from extensions.intent_classifier import CANDIDATES

_RANKED = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KnowledgeSelector(GraphComponent):
    def __init__(self, storage: ModelStorage, resource: Resource, keys: frozenset[str]) -> None:
        self._storage = storage
        self._resource = resource
        self._keys = keys  #: every faq/<id>

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnowledgeSelector:
        return cls(model_storage, resource, frozenset())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnowledgeSelector:
        with model_storage.read_from(resource) as folder:
            keys = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, frozenset(keys))

    def train(self, training_data: TrainingData) -> Resource:
        keys = {e.get(INTENT_RESPONSE_KEY) for e in training_data.intent_examples} - {None}
        with self._storage.write_to(self._resource) as folder:
            (folder / "keys.json").write_text(json.dumps(sorted(keys)), encoding="utf-8")
        self._keys = frozenset(keys)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if (key := (message.get(TEXT) or "").removeprefix("/").strip()) in self._keys:
                self._open(message, key)
            else:
                self._select(message, message.get(CANDIDATES) or [])
        return messages

    def _open(self, message: Message, key: str) -> None:
        # without its slash the text passes Rasa's own payload reader, which knows no card
        message.set(TEXT, key, add_to_output=True)
        intent = {INTENT_NAME_KEY: key.split("/")[0], PREDICTED_CONFIDENCE_KEY: 1.0}
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [intent], add_to_output=True)
        self._select(message, [(key, 1.0)])

    def _select(self, message: Message, candidates: list[tuple[str, float]]) -> None:
        retrieval = sorted({key.split("/")[0] for key in self._keys})
        selection: dict[str, Any] = {"all_retrieval_intents": retrieval}
        for intent in retrieval:
            ranking = [(label, p) for label, p in candidates if label.startswith(f"{intent}/")][:_RANKED]
            if ranking:
                selection[intent] = _prediction(ranking)
        if len(selection) > 1:
            message.set(RESPONSE_SELECTOR, selection, add_to_output=True)


def _prediction(ranking: list[tuple[str, float]]) -> dict[str, Any]:
    key, probability = ranking[0]
    return {
        "response": {
            "responses": [],  # the text is in the domain under utter_action; kept out of every tracker event
            PREDICTED_CONFIDENCE_KEY: probability,
            INTENT_RESPONSE_KEY: key,
            "utter_action": f"utter_{key}",
        },
        "ranking": [{PREDICTED_CONFIDENCE_KEY: p, INTENT_RESPONSE_KEY: label} for label, p in ranking],
    }
