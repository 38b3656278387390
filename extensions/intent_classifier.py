"""Task or knowledge card, decided together: P(faq) is the sum over its cards.

A citizen's sentence decides between "how do I report this" and forty cards at once; deciding `faq` first and the
card afterwards loses what the second step knows (docs/accuracy.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
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
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from extensions.normaliser import normal_form
from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.language.encoder import CachedEncoder, one_thread, shared_encoder
from xiaoxiao.language.features import Vocabulary, grams
from xiaoxiao.language.kernel_model import KernelModel, Projection, Shape, fit, squared_lengths

CANDIDATES = (
    "candidates"  #: message property: [(label, probability)], best first; label is an intent or faq/<id>
)
RERANK = "rerank"  #: message property: prior → candidates, for what was said before (extensions/follow_up.py)
RANKING = "ranking"  #: the first of them in the parse data: [{"label", "confidence"}]
_RANKED = 5  #: kept in every tracker event: more would make a long conversation dear
#: recognised by its own list (data/lexicon/follow_ups.csv), whatever the examples say
_UNTAUGHT = frozenset({"follow_up"})


@dataclass(frozen=True)
class Decision:
    """The trained model with everything needed to apply it."""

    model: KernelModel
    vocabulary: Vocabulary
    encoder: CachedEncoder

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        encoder: CachedEncoder,
        shape: Shape,
        judged: int | None = None,
    ) -> Decision:
        """Texts are normalised; the first `judged` are what citizens say, the rest are sentences of answers."""
        documents = [grams(text) for text in texts]
        vocabulary = Vocabulary.fit(documents)
        vectors = encoder.encode(texts)
        model = fit(vocabulary.matrix(documents), vectors, labels, shape, judged=judged)
        return cls(model, vocabulary, encoder)

    def rank(self, text: str, prior: Mapping[str, float] | None = None) -> list[tuple[str, float]]:
        """Every label with its probability, best first; `prior` is added to the scores of the labels it names."""
        indices, weights = self.vocabulary.weigh(grams(text))
        scores = self.model.scores(indices, weights, self.encoder.encode([text])[0])
        if prior:
            scores = scores + np.array([prior.get(label, 0.0) for label in self.model.labels], np.float32)
        probabilities = self.model.probabilities(scores)
        order = np.argsort(-probabilities)
        return [(self.model.labels[i], float(probabilities[i])) for i in order]

    def save(self, folder: Path) -> None:
        model = self.model
        np.savez(
            folder / "weights.npz",
            sparse=model.sparse.astype(np.float16),
            bias=model.bias,
            mean=model.projection.mean,
            directions=model.projection.directions,
            known=model.known,
            alpha=model.alpha,
            idf=self.vocabulary.idf,
        )
        about = {
            "labels": model.labels,
            "sharpness": model.sharpness,
            "width": model.width,
            "grams": list(self.vocabulary.index),
            "encoder": self.encoder.name,
        }
        (folder / "model.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path, encoder: CachedEncoder) -> Decision:
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        if about["encoder"] != encoder.name:
            raise ConfigurationError(
                f"模型是用 {about['encoder']} 训练的,现在装的是 {encoder.name}:请重新训练。"
            )
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            model = KernelModel(
                labels=tuple(about["labels"]),
                sparse=arrays["sparse"].astype(np.float32),
                bias=arrays["bias"],
                projection=Projection(arrays["mean"], arrays["directions"]),
                known=(known := arrays["known"]),
                lengths=squared_lengths(known),
                alpha=arrays["alpha"],
                width=about["width"],
                sharpness=about["sharpness"],
            )
            vocabulary = Vocabulary({gram: i for i, gram in enumerate(about["grams"])}, arrays["idf"])
        return cls(model, vocabulary, encoder)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"encoder": "use", **asdict(Shape())}

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str | None:
        """Vectors of another encoder, or another version of it, mean another model."""
        if "encoder" not in config:  # a result from Rasa's cache stands in: the config is not the component's
            return None
        encoder = shared_encoder(config["encoder"])
        return f"{encoder.name}-{encoder.dimension}"

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        decision: Decision | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._decision = decision

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        with model_storage.read_from(resource) as folder:
            decision = Decision.open(folder, shared_encoder(config["encoder"]))
        return cls(config, model_storage, resource, decision)

    def train(self, training_data: TrainingData) -> Resource:
        texts, labels = labelled_texts(training_data)
        if len(set(labels)) < 2:
            raise ConfigurationError("至少要有两个意图、每个意图有例句,才能训练。")
        more, their_labels = answer_sentences(training_data)
        self._decision = Decision.train(
            texts + more,
            labels + their_labels,
            encoder=shared_encoder(self._config["encoder"]),
            shape=Shape(**{field.name: self._config[field.name] for field in fields(Shape)}),
            judged=len(texts),
        )
        with self._storage.write_to(self._resource) as folder:
            self._decision.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT) and not message.get(TEXT).startswith("/"):
                self._decide(message)
        return messages

    def _decide(self, message: Message) -> None:
        message.set(RERANK, self._rerank)
        adopt(message, self._rerank(normal_form(message).text))

    def _rerank(self, text: str, prior: Mapping[str, float] | None = None) -> list[tuple[str, float]]:
        assert self._decision is not None  # noqa: S101 - Rasa loads or trains before it asks
        with one_thread():
            return self._decision.rank(text, prior)


def adopt(message: Message, candidates: list[tuple[str, float]]) -> None:
    """Make this ranking of labels, best first, what the message is understood as."""
    ranking = _intents(candidates)
    message.set(CANDIDATES, candidates[: 2 * _RANKED])
    best = [{"label": label, "confidence": probability} for label, probability in candidates[:_RANKED]]
    message.set(RANKING, best, add_to_output=True)
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking[:_RANKED], add_to_output=True)


def labelled_texts(training_data: TrainingData) -> tuple[list[str], list[str]]:
    """Normalised texts and their labels: faq/<id> for a card's question, else the intent."""
    examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT) not in _UNTAUGHT]
    texts = [normalise(e.get(TEXT)).text for e in examples]
    return texts, [e.get(INTENT_RESPONSE_KEY) or e.get(INTENT) for e in examples]


def answer_sentences(training_data: TrainingData) -> tuple[list[str], list[str]]:
    """The sentences of every card's answer: they speak of what questions only hint at."""
    known = {e.get(INTENT_RESPONSE_KEY) for e in training_data.intent_examples}
    pairs = [
        (normalise(sentence).text, key)
        for name, variations in training_data.responses.items()
        if (key := name.removeprefix("utter_")) in known
        for sentence in variations[0]["text"].splitlines()
        if sentence.strip() and not sentence.startswith("☎")
    ]
    return [text for text, _ in pairs], [key for _, key in pairs]


def _intents(candidates: list[tuple[str, float]]) -> list[dict[str, Any]]:
    """Sum the cards of a retrieval intent; best first."""
    totals: dict[str, float] = {}
    for label, probability in candidates:
        intent = label.split("/")[0]
        totals[intent] = totals.get(intent, 0.0) + probability
    best = sorted(totals.items(), key=lambda item: -item[1])
    return [{INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence} for name, confidence in best]
