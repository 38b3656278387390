"""小小's model taught exactly the examples that stock Rasa was taught: the comparison on equal data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.examination import Question, Reading
from bench.training_texts import examples, sentences
from bench.understanding import encode
from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.language.features import Vocabulary, grams
from xiaoxiao.language.kernel_model import KernelModel, Shape, fit, nearness, softmax

_KEPT = 5  #: candidates of a reading


def readings(root: Path, lessons: Sequence[str], questions: Sequence[Question]) -> list[Reading]:
    """What the model makes of `questions` having learnt `lessons` (raw texts of data/) and the answers' sentences.

    Before any threshold; without what the pipeline does beside the model (words of danger, entities).
    """
    vocabulary, model = _taught(root, lessons)
    texts = [normalise(question.text).text for question in questions]
    near = nearness(model.projection(encode(texts)), model.known, model.width)
    linear = vocabulary.matrix([grams(text) for text in texts]) @ model.sparse
    scores: np.ndarray[Any, Any] = linear + near @ model.alpha.T + model.bias
    return [_reading(model, row) for row in softmax(scores * model.sharpness)]


def _taught(root: Path, lessons: Sequence[str]) -> tuple[Vocabulary, KernelModel]:
    known = {normalise(lesson).text for lesson in lessons}
    taught = [(text, label) for text, label in dict(examples(root)).items() if text in known]
    every = [*taught, *sentences(root)]
    documents = [grams(text) for text, _ in every]
    vocabulary = Vocabulary.fit(documents)
    vectors = encode([text for text, _ in every])
    labels = [label for _, label in every]
    return vocabulary, fit(vocabulary.matrix(documents), vectors, labels, Shape(), judged=len(taught))


def _reading(model: KernelModel, probabilities: np.ndarray[Any, Any]) -> Reading:
    best = np.argsort(-probabilities)[:_KEPT]
    candidates = tuple((model.labels[i], float(probabilities[i])) for i in best)
    return Reading(candidates[0][0], candidates)
