"""What leans on the card answered last: 那在外面呢, 多久, 孕妇能打吗.

The application sends the last card as metadata `topic` (xiaoxiao/context.py): None when there is none, and then as
`told` what she said if it was danger; without the keys (`rasa shell`, `xiaoxiao parse`) nothing is done. A message that
leans (xiaoxiao/knowledge/follow_ups.py) is ranked once more by the same classifier with the topic and its kin as a
prior: then it asks for another card, or it belongs to the last one (intent follow_up, answered by
actions/follow_up.py), or it is a question of its own and left as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
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
    METADATA,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from extensions.fallback import fall_back
from extensions.intent_classifier import CANDIDATES, RERANK, adopt, answer_sentences
from extensions.kin import Kin
from extensions.lexicon import Lexicon
from extensions.normaliser import normal_form
from xiaoxiao.knowledge.follow_ups import FollowUps, Form, Leaning
from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.knowledge.passages import speaks

FOLLOW_UP = "follow_up"
#: parse data: {"card": id or None, "whole": may the whole card be said again?, and the fields of Leaning}
FOLLOWS = "follows"
KIN = "kin"  #: parse data: ids of the cards nearest to the one it follows
_KIN = 5
_LIKELY = 5  #: as many of the meanings a message may have are looked at
#: Labels that say little about a fragment: a short text without a subject looks like any of them.
_VAGUE = frozenset(
    {"out_of_scope", "greet", "goodbye", "insult", "chitchat", "praise", "thank", "affirm", "deny"}
)
_CARD = "faq/"
_ASKS_HOW = re.compile("怎|咋")  #: 烫伤怎么处理 wants the whole card, 能涂牙膏吗 a sentence of it


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FollowUp(GraphComponent):
    """After the classifier, before KnowledgeSelector and Fallback."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "lexicon": "data/lexicon/follow_ups.csv",
            "answer": 0.6,  # as in Fallback: what is understood by itself does not lean, unless its form says so
            "kindred": 0.03,  # a question that is this probably about the topic or its kin leans
            "topic": 1.0,  # what the last card's score gains
            "kin": 1.4,  # and what its kin gain, by likeness …
            "most": 0.75,  # … but no more than this
            "named": 0.5,  # more, when the title names what she names
            "vague_until": 0.95,  # 那猫呢 looks like no subject at all; 那你呢 surely is chit-chat
        }

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str | None:
        return Lexicon.fingerprint(config.get("lexicon"))

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        lexicon: Lexicon | None = None,
        kin: Kin | None = None,
        sentences: Mapping[str, list[str]] | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._forms = FollowUps.read(lexicon.text) if lexicon else None
        self._kin = kin or Kin({}, {})
        self._sentences = sentences or {}  #: of each card's answer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FollowUp:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FollowUp:
        with model_storage.read_from(resource) as folder:
            about = json.loads((folder / "cards.json").read_text(encoding="utf-8"))
        lexicon = Lexicon.load(model_storage, resource)
        kin = Kin(about["likeness"], about["titles"])
        return cls(config, model_storage, resource, lexicon, kin, about["sentences"])

    def train(self, training_data: TrainingData) -> Resource:
        lexicon = Lexicon.read(self._config["lexicon"])
        self._forms = FollowUps.read(lexicon.text)  # a wrong line ends the training here
        lexicon.persist(self._storage, self._resource)
        self._kin = Kin.learn(questions_by_card(training_data))
        sentences: dict[str, list[str]] = {}
        for text, label in zip(*answer_sentences(training_data), strict=True):
            sentences.setdefault(label, []).append(text)
        self._sentences = sentences
        about = {"likeness": self._kin.likeness, "titles": self._kin.titles, "sentences": sentences}
        with self._storage.write_to(self._resource) as folder:
            (folder / "cards.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            metadata = message.get(METADATA) or {}
            if "topic" in metadata and message.get(CANDIDATES) and self._forms:
                leaning = self._forms.leaning(message.get(TEXT))
                if leaning:
                    self._lean(message, leaning, metadata)
        return messages

    def _lean(self, message: Message, leaning: Leaning, metadata: Mapping[str, Any]) -> None:
        topic = self._topic(message, metadata)
        label, probability = message.get(CANDIDATES)[0]
        if topic is None:
            if self._means_nothing_alone(label, probability, leaning):
                _mark(message, leaning, None)
                fall_back(message, [])
        elif leaning.form is Form.FIXED and not leaning.swaps:
            self._follow(message, leaning, topic, 1.0)
        elif label == topic and probability >= self._config["answer"]:
            if leaning.form is Form.QUESTION and not _ASKS_HOW.search(message.get(TEXT)):
                self._follow(message, leaning, topic, probability, whole=True)
        elif self._may_lean(message.get(CANDIDATES), leaning, topic):
            self._rank_again(message, leaning, topic)

    def _topic(self, message: Message, metadata: Mapping[str, Any]) -> str | None:
        """The card answered last, or the one that speaks of the danger she told of."""
        topic = f"{_CARD}{metadata['topic']}"
        if metadata["topic"] is None and metadata.get("told"):
            label, probability = message.get(RERANK)(normalise(metadata["told"]).text)[0]
            topic = label if probability >= self._config["answer"] else ""
        return topic if topic in self._kin.likeness else None

    def _rank_again(self, message: Message, leaning: Leaning, topic: str) -> None:
        prior = self._kin.prior(topic, _named(leaning), self._config)
        ranked = message.get(RERANK)(normal_form(message).text, prior)
        if leaning.form is Form.FIXED:  # says nothing of its own that another subject could be known by
            ranked = [(label, probability) for label, probability in ranked if label in prior]
        label, probability = ranked[0]
        if (
            label == topic
            or self._is_no_subject(label, probability, leaning.form)
            or self._answers(topic, leaning)
        ):
            self._follow(message, leaning, topic, probability)
        elif label.startswith(_CARD):
            adopt(message, ranked)

    def _follow(
        self, message: Message, leaning: Leaning, topic: str, probability: float, *, whole: bool = False
    ) -> None:
        intent = {INTENT_NAME_KEY: FOLLOW_UP, PREDICTED_CONFIDENCE_KEY: probability}
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [intent], add_to_output=True)
        message.set(CANDIDATES, None)  # nothing for Fallback to judge
        _mark(message, leaning, topic.removeprefix(_CARD), whole=whole)
        kin = [label.removeprefix(_CARD) for label in self._kin.nearest(topic)[:_KIN]]
        message.set(KIN, kin, add_to_output=True)

    def _answers(self, topic: str, leaning: Leaning) -> bool:
        """那孕妇能打吗 after a bite: the card just read says whether, so its kin (疫苗) is not asked."""
        return bool(leaning.content) and any(
            leaning.content in text and any(word in text for word in leaning.sought)
            for text in self._sentences.get(topic, ())
        )

    def _is_no_subject(self, label: str, probability: float, form: Form) -> bool:
        """Taken for something else only because there is so little to go by."""
        if form is Form.FIXED:
            return probability < self._config["answer"]
        return form is Form.NOUN and label in _VAGUE and probability < self._config["vague_until"]

    def _means_nothing_alone(self, label: str, probability: float, leaning: Leaning) -> bool:
        if leaning.form is Form.FIXED:
            return label in _VAGUE or probability < self._config["answer"]
        return leaning.form is Form.NOUN and probability < self._config["answer"]

    def _may_lean(self, alone: list[tuple[str, float]], leaning: Leaning, topic: str) -> bool:
        """By its form; or not understood alone, and the card speaks of it or it sounds like the topic or its kin."""
        if leaning.form in (Form.FIXED, Form.NOUN):
            return True
        if alone[0][1] >= self._config["answer"]:
            return False
        family = {topic, *self._kin.likeness[topic]}
        if any(label in family and p >= self._config["kindred"] for label, p in alone[:_LIKELY]):
            return True
        return leaning.form is Form.QUESTION and speaks(self._sentences.get(topic, ()), leaning)


def questions_by_card(training_data: TrainingData) -> dict[str, list[str]]:
    """Normalised, by faq/<id>; a card's title is its first example (extensions/importer.py)."""
    questions: dict[str, list[str]] = {}
    for example in training_data.intent_examples:
        if example.get(TEXT) and (key := example.get(INTENT_RESPONSE_KEY)):
            questions.setdefault(key, []).append(normalise(example.get(TEXT)).text)
    return questions


def _named(leaning: Leaning) -> list[str]:
    """What she names: 小孩 in all its words, or what is left of 那猫呢."""
    return [leaning.content] if leaning.content else [w for w in leaning.sought if w[0] not in "@#"]


def _mark(message: Message, leaning: Leaning, card: str | None, *, whole: bool = False) -> None:
    follows = {
        "card": card,
        "whole": whole,
        "form": leaning.form.value,
        "kinds": list(leaning.kinds),
        "sought": list(leaning.sought),
        "content": leaning.content,
    }
    message.set(FOLLOWS, follows, add_to_output=True)
