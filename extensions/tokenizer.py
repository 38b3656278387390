"""Rasa's jieba tokenizer with the one dictionary of this project, kept inside the model."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.jieba_tokenizer import JiebaTokenizer as RasaJiebaTokenizer
from rasa.shared.nlu.training_data.training_data import TrainingData

from extensions.lexicon import Lexicon


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class JiebaTokenizer(RasaJiebaTokenizer):
    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**RasaJiebaTokenizer.get_default_config(), "dictionary": "data/lexicon/jieba.txt"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> JiebaTokenizer:
        tokenizer = cls(config, model_storage, resource)
        tokenizer._lexicon = Lexicon.read(config["dictionary"])
        return tokenizer

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the dictionary with the model: a model answers alike wherever it is loaded."""
        self._lexicon.persist(self._model_storage, self._resource)
        self._lexicon.teach_jieba()
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing later reads training tokens; Rasa would cut every card's answer once for each of its questions."""
        return training_data

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> JiebaTokenizer:
        Lexicon.load(model_storage, resource).teach_jieba()
        return cls(config, model_storage, resource)
