"""Compare ways to decide between tasks and cards, by stratified cross-validation on the project's own data.

    python -m bench.understanding            # everything
    python -m bench.understanding kernel svm   # only the named ones

Accuracy in %: task or card right at the first place, among the first three; cards only; tasks only; seconds to train.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bench.training_texts import examples, sentences
from xiaoxiao.language.encoder import shared_encoder
from xiaoxiao.language.features import Vocabulary, grams
from xiaoxiao.language.kernel_model import Shape, fit, nearness

FOLDS = 5
Scores = tuple[np.ndarray, Sequence[str]]
#: (training texts, their labels, unseen texts, sentences of answers with their labels) → (unseen × labels), labels
Method = Callable[[list[str], list[str], list[str], list[tuple[str, str]]], Scores]


def encode(texts: Sequence[str]) -> np.ndarray:
    return shared_encoder("use").encode(texts)


def kernel(*, words: bool = False, answers: bool = True, meaning: float = 8.0, **shape: float) -> Method:
    def method(train: list[str], labels: list[str], unseen: list[str], more: list[tuple[str, str]]) -> Scores:
        texts, names = train + [t for t, _ in more if answers], labels + [n for _, n in more if answers]
        seen, new = features(texts, unseen, with_words if words else grams)
        model = fit(seen, encode(texts), names, Shape(meaning=meaning, **shape))
        near = nearness(model.projection(encode(unseen)), model.known, model.width)
        return new @ model.sparse + near @ model.alpha.T + model.bias, model.labels

    return method


def estimator(build: Callable[[], Any]) -> Method:
    """A linear model of scikit-learn on grams and vectors, side by side."""

    def method(train: list[str], labels: list[str], unseen: list[str], more: list[tuple[str, str]]) -> Scores:
        seen, new = features(train, unseen, grams)
        classifier = build()
        classifier.fit(hstack([seen, csr_matrix(2 * encode(train))]).tocsr(), labels)
        return classifier.decision_function(hstack([new, csr_matrix(2 * encode(unseen))]).tocsr()), list(
            classifier.classes_
        )

    return method


def two_stages(train: list[str], labels: list[str], unseen: list[str], more: list[tuple[str, str]]) -> Scores:
    """faq against the tasks first, then which card."""
    first, tasks = kernel()(train, [x.split("/")[0] for x in labels], unseen, [(t, "faq") for t, _ in more])
    questions = [i for i, label in enumerate(labels) if label.startswith("faq/")]
    second, cards = kernel()([train[i] for i in questions], [labels[i] for i in questions], unseen, more)
    faq = list(tasks).index("faq")
    others = [i for i in range(len(tasks)) if i != faq]
    behind = first[:, [faq]] + (second - second.max(axis=1, keepdims=True)) * 1e-3
    return np.hstack([first[:, others], behind]), [*(tasks[i] for i in others), *cards]


def features(
    train: Sequence[str], unseen: Sequence[str], kind: Callable[[str], list[str]]
) -> tuple[csr_matrix, csr_matrix]:
    documents = [kind(text) for text in train]
    vocabulary = Vocabulary.fit(documents)
    return vocabulary.matrix(documents), vocabulary.matrix([kind(text) for text in unseen])


def with_words(text: str) -> list[str]:
    import jieba

    words = [f"w:{word}" for word in jieba.lcut(text) if word.strip()]
    return [*grams(text), *words, *(f"{a} {b}" for a, b in pairwise(words))]


METHODS: dict[str, Method] = {
    "kernel": kernel(),
    "no-answers": kernel(answers=False),
    "chars": kernel(answers=False, meaning=0.0),
    "512": kernel(answers=False, directions=512),
    "words": kernel(answers=False, words=True),
    "two": two_stages,
    "svm": estimator(lambda: LinearSVC(C=0.3)),
    "logistic": estimator(lambda: LogisticRegression(C=20, max_iter=200)),
}


def measure(
    method: Method,
    texts: Sequence[str],
    labels: Sequence[str],
    more: list[tuple[str, str]],
    folds: int = FOLDS,
) -> dict[str, float]:
    """Figures over the first `folds` of five folds."""
    first, third, seconds = np.zeros(len(texts), bool), np.zeros(len(texts), bool), 0.0
    examined = np.zeros(len(texts), bool)
    splits = StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(texts, labels)
    for train, unseen in islice(splits, folds):
        started = time.perf_counter()
        seen, their_labels = [texts[i] for i in train], [labels[i] for i in train]
        scores, names = method(seen, their_labels, [texts[i] for i in unseen], more)
        seconds += time.perf_counter() - started
        best = np.argsort(-scores, axis=1)[:, :3]
        truth = np.array([list(names).index(labels[i]) for i in unseen])
        examined[unseen] = True
        first[unseen] = best[:, 0] == truth
        third[unseen] = (best == truth[:, None]).any(axis=1)
    cards = np.array([label.startswith("faq/") for label in labels])
    return {
        "top1": 100 * first[examined].mean(),
        "top3": 100 * third[examined].mean(),
        "cards": 100 * first[examined & cards].mean(),
        "tasks": 100 * first[examined & ~cards].mean(),
        "seconds": seconds / folds,
        "folds": folds,
    }


def cross_validation(root: Path, folds: int = FOLDS, method: str = "kernel") -> dict[str, float]:
    """Of the shipped way: what it makes of each fifth of the training texts, having learnt the others."""
    texts, labels, more = everything(root)
    return measure(METHODS[method], texts, labels, more, folds)


def everything(root: Path) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[str, str]]]:
    """Texts, labels and sentences of answers, encoded once: the seconds of `measure` are the model's."""
    texts, labels = zip(*dict(examples(root)).items(), strict=True)
    more = sentences(root)
    shared_encoder("use").reserve(len(texts) + len(more))
    encode([*texts, *(text for text, _ in more)])
    return texts, labels, more


def main() -> None:
    texts, labels, more = everything(Path("data"))
    print(f"{len(texts)} texts, {len(set(labels))} labels, {len(more)} sentences of answers")
    for name in sys.argv[1:] or METHODS:
        figures = measure(METHODS[name], texts, labels, more)
        print(f"{name:16}", "  ".join(f"{key} {value:5.1f}" for key, value in figures.items()), flush=True)


if __name__ == "__main__":
    main()
