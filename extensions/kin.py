"""Which cards are about nearly the same: quake_indoor and quake_outdoor, by the grams of their questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xiaoxiao.language.features import Vocabulary, grams

_NEAR = (
    0.22  #: likeness from which two cards are kin (quake_indoor and quake_outdoor: 0.57, flooded_car: 0.15)
)


@dataclass(frozen=True)
class Kin:
    likeness: Mapping[str, Mapping[str, float]]  #: by label, of those that are near
    titles: Mapping[str, str]

    @classmethod
    def learn(cls, questions: Mapping[str, list[str]]) -> Kin:
        """`questions`: normalised, by label, the title first."""
        labels = list(questions)
        documents = [grams(text) for texts in questions.values() for text in texts]
        matrix = Vocabulary.fit(documents).matrix(documents)
        ends = np.cumsum([len(texts) for texts in questions.values()])
        sums = [
            matrix[end - len(texts) : end].sum(axis=0)
            for end, texts in zip(ends, questions.values(), strict=True)
        ]
        rows = np.vstack(sums) if sums else np.zeros((0, 1))
        rows = np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
        likeness = {
            label: {labels[j]: round(float(row[j]), 3) for j in np.flatnonzero(row >= _NEAR) if j != i}
            for i, (label, row) in enumerate(zip(labels, rows @ rows.T, strict=True))
        }
        return cls(likeness, {label: texts[0] for label, texts in questions.items()})

    def prior(self, topic: str, named: list[str], config: Mapping[str, float]) -> dict[str, float]:
        """What the scores of the topic and its kin gain. A title that names what she names gains more,
        the topic's own before all.
        """
        gains = {topic: 1.0}
        for label, likeness in self.likeness[topic].items():
            gains[label] = min(config["most"], config["kin"] * likeness)
        naming = [label for label in gains if any(word in self.titles[label] for word in named)]
        for label in [topic] if topic in naming else naming:
            gains[label] += config["named"]
        return {label: gain * config["topic"] for label, gain in gains.items()}

    def nearest(self, topic: str) -> list[str]:
        """The kin of a card, the nearest first."""
        return sorted(self.likeness[topic], key=lambda label: -self.likeness[topic][label])
