"""Scenes recognised by resemblance to data/lexicon/danger/examples.jsonl, with the kind of danger.

A kernel model over three likenesses: common characters, common sounds (typos, pinyin) and nearness in meaning
(sentence encoder). Fitted in some ten seconds when the examples changed, else read from a file.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.language.encoder import CachedEncoder, one_thread
from xiaoxiao.language.features import Vocabulary, grams
from xiaoxiao.language.kernel_model import KernelModel, Projection, Shape, fit, squared_lengths
from xiaoxiao.language.sounds import sound_grams
from xiaoxiao.safety.examples import Example, read_examples
from xiaoxiao.safety.windows import windows

log = logging.getLogger(__name__)

NOBODY = "-"  #: label of the examples in which nobody is in danger
#: the thresholds of the detector were chosen with these (python -m bench.danger_validation)
SHAPE = Shape(directions=128, meaning=6.0, width=1.0)
_LEAST = 2  #: examples in which a gram must be seen
_VERSION = 2  #: of the features and the file: a higher one refits
_READ = 2000  #: characters of a message that are read at all
_WHOLE = 200  #: characters judged together: more would say a little of everything
_PIECE = 0.15  #: how much clearer a part of a long message must speak than a whole one


@dataclass(frozen=True)
class Reading:
    danger: float  #: about −1 (nobody is in danger) to 1 (somebody is)
    kind: str  #: the likeliest
    share: float  #: its probability among the kinds
    words: str  #: the part of the message that was judged, normalised


class Scenes:
    def __init__(
        self, model: KernelModel, characters: Vocabulary, sounds: Vocabulary, encoder: CachedEncoder
    ) -> None:
        self._model, self._encoder = model, encoder
        self._characters, self._sounds = characters, sounds
        self._nobody = model.labels.index(NOBODY)
        self._kinds = [label for label in model.labels if label != NOBODY]
        speaks = -model.sparse[: len(characters.index), self._nobody] * characters.idf
        self._weights = {g: float(speaks[i]) for g, i in characters.index.items() if 2 <= len(g) <= 3}

    @classmethod
    def load(cls, path: Path, encoder: CachedEncoder, cache: Path | None) -> Scenes:
        """The model of these examples from the folder `cache`, where it is put when it had to be fitted."""
        digest = hashlib.sha256(path.read_bytes() + f"{encoder.name} {_VERSION} {SHAPE}".encode())
        kept = cache / f"danger-{digest.hexdigest()[:12]}.npz" if cache else None
        if kept is not None and kept.is_file():
            return cls.open(kept, encoder)
        scenes = cls.fit(read_examples(path), encoder)
        if kept is not None:
            for older in kept.parent.glob("danger-*.npz"):
                older.unlink(missing_ok=True)
            scenes.keep(kept)
        return scenes

    @classmethod
    def fit(cls, examples: Sequence[Example], encoder: CachedEncoder) -> Scenes:
        texts = [normalise(example.text).text for example in examples]
        shapes, spoken = [grams(text) for text in texts], [sound_grams(text) for text in texts]
        characters, sounds = Vocabulary.fit(shapes, _LEAST), Vocabulary.fit(spoken, _LEAST)
        sparse = hstack([characters.matrix(shapes), sounds.matrix(spoken)]).tocsr()
        labels = [example.danger or NOBODY for example in examples]
        model = fit(csr_matrix(sparse), encoder.encode(texts), labels, SHAPE)
        return cls(model, characters, sounds, encoder)

    def read(self, text: str) -> Reading:
        """The whole message or, when it is long, the part of it that speaks of danger most clearly."""
        text = normalise(text[:_READ]).text
        beginning = text[:_WHOLE]
        whole = self._read(beginning, self._encoder.encode([beginning])[0])
        parts = windows(text, self._weights)
        if not parts:
            return whole
        readings = map(self._read, parts, self._encoder.encode(parts))
        return max(whole, *readings, key=lambda r: r.danger - _PIECE * (r is not whole))

    def _read(self, text: str, vector: NDArray[Any]) -> Reading:
        shape, weights = self._characters.weigh(grams(text))
        sound, loudness = self._sounds.weigh(sound_grams(text))
        indices = np.concatenate([shape, sound + len(self._characters.index)])
        with one_thread():
            scores = self._model.scores(indices, np.concatenate([weights, loudness]), vector)
        among = self._model.probabilities(np.delete(scores, self._nobody))
        best = int(among.argmax())
        return Reading(-float(scores[self._nobody]), self._kinds[best], float(among[best]), text)

    def keep(self, path: Path) -> None:
        """Write the model for the next start; without it (disk full, read only) that start is slower."""
        model = self._model
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(f".{hash(self)}.tmp")
            with unfinished.open("wb") as file:
                np.savez(
                    file,
                    labels=np.array(model.labels),
                    sparse=model.sparse.astype(np.float16),
                    bias=model.bias,
                    mean=model.projection.mean,
                    directions=model.projection.directions,
                    known=model.known,
                    alpha=model.alpha,
                    shape=np.array([model.width, model.sharpness]),
                    **_arrays("characters", self._characters),
                    **_arrays("sounds", self._sounds),
                )
            unfinished.replace(path)
        except OSError as error:
            log.warning("danger model not kept: %s", error)

    @classmethod
    def open(cls, path: Path, encoder: CachedEncoder) -> Scenes:
        with np.load(path, allow_pickle=False) as arrays:
            model = KernelModel(
                labels=tuple(str(label) for label in arrays["labels"]),
                sparse=arrays["sparse"].astype(np.float32),
                bias=arrays["bias"],
                projection=Projection(arrays["mean"], arrays["directions"]),
                known=(known := arrays["known"]),
                lengths=squared_lengths(known),
                alpha=arrays["alpha"],
                width=float(arrays["shape"][0]),
                sharpness=float(arrays["shape"][1]),
            )
            return cls(model, _vocabulary("characters", arrays), _vocabulary("sounds", arrays), encoder)


def _arrays(name: str, vocabulary: Vocabulary) -> dict[str, NDArray[Any]]:
    return {f"{name}_grams": np.array("\n".join(vocabulary.index)), f"{name}_idf": vocabulary.idf}


def _vocabulary(name: str, arrays: Any) -> Vocabulary:
    known = str(arrays[f"{name}_grams"]).split("\n")
    return Vocabulary({gram: i for i, gram in enumerate(known)}, arrays[f"{name}_idf"])
