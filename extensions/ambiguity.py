"""A word that alone means several things is asked back about, once; what she then adds is read together with it.

What to offer stands in data/lexicon/ambiguous.csv. The application sends her last words as metadata `asked` when 小小
asked back about them (xiaoxiao/context.py): 中毒 and then 煤气 is 煤气中毒.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from extensions.fallback import fall_back
from extensions.follow_up import questions_by_card
from extensions.intent_classifier import CANDIDATES, RERANK, adopt
from extensions.lexicon import Lexicon
from xiaoxiao.knowledge.ambiguity import Ambiguous, bare
from xiaoxiao.knowledge.normal_form import normalise

_LONGEST = 6  #: characters of a missing word; more is a sentence of its own
_CARD = "faq/"
_TO_US = re.compile("你|您")  #: 你呢 completes nothing


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Ambiguity(GraphComponent):
    """After the classifier, before FollowUp and Fallback."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"lexicon": "data/lexicon/ambiguous.csv", "answer": 0.6}  # `answer` as in Fallback

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str | None:
        return Lexicon.fingerprint(config.get("lexicon"))

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        words: Ambiguous | None = None,
        titles: dict[str, str] | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._words = words or Ambiguous({})
        self._titles = titles or {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Ambiguity:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Ambiguity:
        words = Ambiguous.read(Lexicon.load(model_storage, resource).text)
        with model_storage.read_from(resource) as folder:
            titles = json.loads((folder / "titles.json").read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, words, titles)

    def train(self, training_data: TrainingData) -> Resource:
        lexicon = Lexicon.read(self._config["lexicon"])
        known = {e.get(INTENT_RESPONSE_KEY) or e.get(INTENT) for e in training_data.intent_examples}
        self._words = Ambiguous.read(lexicon.text, known)  # a wrong line ends the training here
        self._titles = {key: texts[0] for key, texts in questions_by_card(training_data).items()}
        lexicon.persist(self._storage, self._resource)
        with self._storage.write_to(self._resource) as folder:
            titles = json.dumps(self._titles, ensure_ascii=False)
            (folder / "titles.json").write_text(titles, encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT) and message.get(CANDIDATES):
                asked = (message.get(METADATA) or {}).get("asked") or ""
                if not (asked and self._complete(message, asked)):
                    self._ask(message, asked)
        return messages

    def _ask(self, message: Message, asked: str) -> None:
        text = message.get(TEXT)
        choices = self._words.offered(text)
        if choices and bare(text) != bare(asked):  # once: the same word again is left to the classifier
            fall_back(message, list(choices))

    def _complete(self, message: Message, asked: str) -> bool:
        """Read the missing word together with the word that was asked about; whether that settled it."""
        word = bare(message.get(TEXT))
        offered = self._words.offered(asked)
        if not word or len(word) > _LONGEST or word == bare(asked) or _TO_US.search(word):
            return False
        named = [label for label in offered if word in self._titles.get(label, "")]
        if len(named) == 1:
            adopt(message, [(named[0], 1.0)])  # as good as a tap on it
            return True
        sure = message.get(CANDIDATES)[0][1] >= self._config["answer"]
        if sure and not offered:
            return False
        together = self._together(message, bare(asked), word)
        label, probability = together[0]
        if probability >= self._config["answer"] and (label.startswith(_CARD) or label in offered):
            adopt(message, together)
            return True
        if not sure and offered:  # the same choices again rather than "I don't know"
            fall_back(message, list(offered))
        return not sure and bool(offered)

    def _together(self, message: Message, asked: str, word: str) -> list[tuple[str, float]]:
        """The surer of the two orders: 煤气中毒 rather than 中毒煤气."""
        orders = (normalise(text).text for text in (word + asked, asked + word))
        ranked: list[list[tuple[str, float]]] = [message.get(RERANK)(text) for text in orders]
        return max(ranked, key=lambda ranking: ranking[0][1])
