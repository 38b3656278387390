"""Entities by rule: plates, codes, numbers and dates by pattern, places, colours and disasters by spaCy's EntityRuler.

Rules and not a tagger: a plate is right or wrong, and a trainer adds a word to data/lexicon/entities.jsonl (spaCy's
own format) without labelling a single sentence. spaCy cuts with jieba; the words of the rules are taught to jieba
first, so that they are never cut in two.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from extensions.lexicon import Lexicon
from extensions.normaliser import normal_form
from xiaoxiao.knowledge.patterns import Span, find_dates, find_phones, find_places
from xiaoxiao.queries.plates import find_plates
from xiaoxiao.queries.trace_codes import find_codes

Found = tuple[str, Span]  #: entity name and where


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityExtractor(GraphComponent):
    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"patterns": "data/lexicon/entities.jsonl"}

    def __init__(self, storage: ModelStorage, resource: Resource, lexicon: Lexicon) -> None:
        self._storage = storage
        self._resource = resource
        self._lexicon = lexicon
        self._gazetteer: Gazetteer | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityExtractor:
        return cls(model_storage, resource, Lexicon.read(config["patterns"]))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EntityExtractor:
        extractor = cls(model_storage, resource, Lexicon.load(model_storage, resource))
        extractor._gazetteer = Gazetteer(extractor._lexicon)
        return extractor

    def train(self, training_data: TrainingData) -> Resource:
        Gazetteer(self._lexicon)  # a bad pattern stops the training, not the service
        self._lexicon.persist(self._storage, self._resource)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            if text and not text.startswith("/"):
                entities = [*(message.get(ENTITIES) or []), *self._extract(message)]
                message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def _extract(self, message: Message) -> Iterator[dict[str, Any]]:
        form = normal_form(message)
        named = self._gazetteer.find(form.text) if self._gazetteer else []
        for name, span in without_overlaps([*find(form.text), *named]):
            start, end = form.span(span.start, span.end)
            yield {
                "entity": name,
                "value": span.value,
                "start": start,
                "end": end,
                "extractor": "EntityExtractor",
            }


class Gazetteer:
    """spaCy's EntityRuler over the patterns of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        from spacy.lang.zh import Chinese

        patterns = [json.loads(line) for line in lexicon.lines()]
        words = [p["pattern"] for p in patterns if isinstance(p["pattern"], str)]
        Lexicon("\n".join(words)).teach_jieba()
        self._nlp = Chinese.from_config({"nlp": {"tokenizer": {"segmenter": "jieba"}}})
        self._nlp.add_pipe("entity_ruler").add_patterns(patterns)

    def find(self, text: str) -> list[Found]:
        return [
            (entity.label_, Span(entity.start_char, entity.end_char, entity.ent_id_ or entity.text))
            for entity in self._nlp(text).ents
        ]


def find(text: str) -> Iterator[Found]:
    """What patterns find in a normalised text, the surest first."""
    yield from (("plate", Span(r.start, r.end, r.plate.number)) for r in find_plates(text) if r.plate)
    yield from (("trace_code", Span(r.start, r.end, r.code)) for r in find_codes(text))
    yield from (("phone", span) for span in find_phones(text))
    yield from (("place", span) for span in find_places(text))
    yield from (("date", span) for span in find_dates(text))


def without_overlaps(found: list[Found]) -> list[Found]:
    """The earlier in the list wins its place; the result is in the order of the text."""
    kept: list[Found] = []
    for name, span in found:
        if all(span.end <= other.start or span.start >= other.end for _, other in kept):
            kept.append((name, span))
    return sorted(kept, key=lambda item: item[1].start)
