"""Where the danger check's thresholds come from: five-fold cross-validation of its examples.

`python -m bench.danger_validation` prints what the thresholds of xiaoxiao/safety/judgement.py, and stricter or
laxer ones, find and cry wolf at when the scenes have never seen the message. The trigger words were
partly written from the older examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from xiaoxiao.language.encoder import shared_encoder
from xiaoxiao.safety.detector import Detector
from xiaoxiao.safety.examples import Example, read_examples
from xiaoxiao.safety.judgement import KINDS, SAID, UNCLEAR, Heard, is_let_go, overrules, threshold
from xiaoxiao.safety.scenes import Reading, Scenes

FOLDER = Path("data/lexicon/danger")
_FOLDS = 5


@dataclass(frozen=True)
class Judged:
    """An example with what the words and, not having seen it, the scenes say."""

    example: Example
    heard: Heard
    reading: Reading

    def found(self, stricter: float = 0.0) -> bool:
        """`stricter` is added to every threshold."""
        shifted = replace(self.reading, danger=self.reading.danger - stricter)
        if self.heard.hits:
            return not is_let_go(self.heard, shifted)
        return shifted.danger >= threshold(shifted, self.heard.in_context)

    def kind(self, said: float = SAID) -> str:
        if self.heard.hits:
            first = self.heard.hits[0].rule
            return self.reading.kind if overrules(self.reading, first) else first.kind
        return self.reading.kind if self.reading.share >= said else UNCLEAR[0]


def judge() -> Iterator[Judged]:
    examples = read_examples(FOLDER / "examples.jsonl")
    Random(5).shuffle(examples)
    encoder = shared_encoder("use")
    encoder.reserve(len(examples))
    words = Detector.load_words(FOLDER)
    for fold in range(_FOLDS):
        scenes = Scenes.fit([e for i, e in enumerate(examples) if i % _FOLDS != fold], encoder)
        for example in examples[fold::_FOLDS]:
            yield Judged(example, words.hear(example.text), scenes.read(example.text))


def report(judged: Sequence[Judged]) -> Iterator[str]:
    dangers = [j for j in judged if j.example.danger]
    harmless = [j for j in judged if not j.example.danger]
    yield f"{len(dangers)} dangerous, {len(harmless)} harmless; trigger words alone: " + ", ".join(
        f"{sum(bool(j.heard.hits) for j in some) / len(some):.1%}" for some in (dangers, harmless)
    )
    yield "stricter by   recall  false alarms"
    for stricter in (-0.2, -0.1, 0.0, 0.1, 0.2):
        found, alarms = (sum(j.found(stricter) for j in some) / len(some) for some in (dangers, harmless))
        yield f"{stricter:11.1f} {found:8.1%} {alarms:8.1%}"
    yield "kind               messages  found  kind right"
    for kind in KINDS:
        of_kind = [j for j in dangers if j.example.danger == kind]
        found_here = [j for j in of_kind if j.found()]
        right = sum(j.kind() == kind for j in found_here) / len(of_kind)
        yield f"{kind:18} {len(of_kind):8} {len(found_here) / len(of_kind):6.1%} {right:6.1%}"
    yield "kind said from         said  right (scenes without trigger words)"
    for share in (0.2, 0.35, 0.5, 0.65, 0.8):
        said = [j for j in dangers if j.found() and not j.heard.hits and j.reading.share >= share]
        right = sum(j.kind(share) == j.example.danger for j in said) / len(said)
        yield f"{share:22.2f} {len(said):5} {right:.1%}"


if __name__ == "__main__":
    print("\n".join(report(list(judge()))))
