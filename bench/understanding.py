"""Compare ways to decide between tasks and cards, by stratified cross-validation on the project's own data.

    python -m bench.understanding            # everything
    python -m bench.understanding svm two    # only the named ones

Accuracy in %: task or card right at the first place, among the first three; cards only; tasks only; seconds to train.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from extensions.encoder import shared_encoder
from extensions.features import Vocabulary, grams
from extensions.linear_model import fit
from xiaoxiao.knowledge.cards import load_cards
from xiaoxiao.knowledge.normal_form import normalise

FOLDS = 5
SEMANTIC_WEIGHT = 1.5
#: (training texts, their labels, unseen texts) → scores (unseen, labels), labels
Method = Callable[[Sequence[str], Sequence[str], Sequence[str]], tuple[np.ndarray, Sequence[str]]]


def examples(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                yield normalise(line.removeprefix("- ")).text, block["intent"]
    for card in load_cards(root / "knowledge").values():
        for question in dict.fromkeys((card.title, *card.questions)):
            yield normalise(question).text, f"faq/{card.id}"


def vectors(texts: Sequence[str], weight: float) -> np.ndarray:
    return weight * shared_encoder("use").encode(texts)


def features(
    kind: Callable[[str], list[str]], train: Sequence[str], unseen: Sequence[str]
) -> tuple[csr_matrix, csr_matrix]:
    documents = [kind(text) for text in train]
    vocabulary = Vocabulary.fit(documents)
    return vocabulary.matrix(documents), vocabulary.matrix([kind(text) for text in unseen])


def chars(text: str) -> list[str]:
    return [gram for gram in grams(text) if not gram.startswith("w:")]


def ridge(kind: Callable[[str], list[str]], weight: float, strength: float = 0.3) -> Method:
    def method(train, labels, unseen):  # type: ignore[no-untyped-def]
        seen, new = features(kind, train, unseen)
        model = fit(seen, vectors(train, weight), labels, ridge=strength)
        return new @ model.sparse + vectors(unseen, weight) @ model.dense + model.bias, model.labels

    return method


def estimator(build: Callable[[], object]) -> Method:
    def method(train, labels, unseen):  # type: ignore[no-untyped-def]
        seen, new = features(grams, train, unseen)
        classifier = build()
        classifier.fit(hstack([seen, csr_matrix(vectors(train, SEMANTIC_WEIGHT))]).tocsr(), labels)
        scores = classifier.decision_function(hstack([new, csr_matrix(vectors(unseen, SEMANTIC_WEIGHT))]).tocsr())
        return scores, list(classifier.classes_)

    return method


def two_stages(train, labels, unseen):  # type: ignore[no-untyped-def]
    """faq against the tasks first, then which card."""
    whole = ridge(grams, SEMANTIC_WEIGHT)
    intents = ["faq" if label.startswith("faq/") else label for label in labels]
    first, tasks = whole(train, intents, unseen)
    knowledge = [i for i, label in enumerate(labels) if label.startswith("faq/")]
    second, cards = whole([train[i] for i in knowledge], [labels[i] for i in knowledge], unseen)
    faq = list(tasks).index("faq")
    order = [i for i in range(len(tasks)) if i != faq]
    # a card's score is its place behind its stage: whoever says faq gets the best card first
    cards_scores = first[:, [faq]] + (second - second.max(axis=1, keepdims=True)) * 1e-3
    return np.hstack([first[:, order], cards_scores]), [*(tasks[i] for i in order), *cards]


METHODS: dict[str, Method] = {
    "chars": ridge(chars, 0.0),
    "chars+words": ridge(grams, 0.0),
    "use": ridge(lambda text: [], 1.5),
    "chars+use": ridge(chars, 1.5),
    "all-1.0": ridge(grams, 1.0),
    "all-1.5": ridge(grams, 1.5),
    "all-2.0": ridge(grams, 2.0),
    "all-1.5-ridge1": ridge(grams, 1.5, 1.0),
    "all-1.5-ridge.1": ridge(grams, 1.5, 0.1),
    "two": two_stages,
    "svm": estimator(lambda: LinearSVC(C=0.5)),
    "logistic": estimator(lambda: LogisticRegression(C=20, max_iter=200)),
}


def measure(method: Method, texts: Sequence[str], labels: Sequence[str]) -> dict[str, float]:
    first, third, seconds = np.zeros(len(texts), bool), np.zeros(len(texts), bool), 0.0
    for train, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(texts, labels):
        started = time.perf_counter()
        scores, names = method([texts[i] for i in train], [labels[i] for i in train], [texts[i] for i in unseen])
        seconds += time.perf_counter() - started
        best = np.argsort(-scores, axis=1)[:, :3]
        truth = np.array([list(names).index(labels[i]) for i in unseen])
        first[unseen] = best[:, 0] == truth
        third[unseen] = (best == truth[:, None]).any(axis=1)
    cards = np.array([label.startswith("faq/") for label in labels])
    return {
        "top1": 100 * first.mean(),
        "top3": 100 * third.mean(),
        "cards": 100 * first[cards].mean(),
        "tasks": 100 * first[~cards].mean(),
        "seconds": seconds / FOLDS,
    }


def main() -> None:
    texts, labels = zip(*dict(examples(Path("data"))).items(), strict=True)
    print(f"{len(texts)} texts, {len(set(labels))} labels")
    shared_encoder("use")._size = len(texts)
    vectors(texts, 1.0)  # encoded once: the seconds below are the model's
    for name in sys.argv[1:] or METHODS:
        figures = measure(METHODS[name], texts, labels)
        print(f"{name:16}", "  ".join(f"{key} {value:5.1f}" for key, value in figures.items()), flush=True)


if __name__ == "__main__":
    main()
