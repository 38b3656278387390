"""One flat model over every task and every knowledge card, with honest probabilities.

Kernel ridge regression, one against the rest. The kernel adds two likenesses: common grams (linear) and nearness in
meaning (Gaussian on the encoder's vectors, reduced to their main directions). One Cholesky factor serves all classes
and gives for nothing what the model would have said of each training text had it never seen it (leave-one-out): on
those answers the softmax is calibrated, so no data is set aside. docs/accuracy.md compares the alternatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, lapack
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class Projection:
    """The main directions of the training texts' vectors: less noise, a quarter of the arithmetic."""

    mean: NDArray[Any]  #: (dimension,)
    directions: NDArray[Any]  #: (dimension, kept)

    @classmethod
    def fit(cls, vectors: NDArray[Any], kept: int) -> Projection:
        mean = vectors.mean(axis=0)
        _, order = np.linalg.eigh(np.cov(vectors - mean, rowvar=False))
        return cls(mean, np.ascontiguousarray(order[:, ::-1][:, :kept], dtype=np.float32))

    def __call__(self, vectors: NDArray[Any]) -> NDArray[Any]:
        projected: NDArray[Any] = (vectors - self.mean) @ self.directions
        return projected


@dataclass(frozen=True)
class KernelModel:
    labels: tuple[str, ...]
    sparse: NDArray[Any]  #: (grams, labels) float32
    bias: NDArray[Any]  #: (labels,)
    projection: Projection
    known: NDArray[Any]  #: (texts, kept): where the training texts lie
    lengths: NDArray[Any]  #: (texts,): squared lengths of `known`
    alpha: NDArray[Any]  #: (texts, labels)
    width: float
    sharpness: float  #: softmax(sharpness × score) is calibrated

    def scores(self, indices: NDArray[Any], weights: NDArray[Any], vector: NDArray[Any]) -> NDArray[Any]:
        """(labels,): near 1 for the right one, near −1 for the others."""
        place = self.projection(vector)
        near = np.exp(-self.width * (self.lengths - 2 * (self.known @ place) + place @ place))
        scores: NDArray[Any] = weights @ self.sparse[indices] + near @ self.alpha + self.bias
        return scores

    def probabilities(self, scores: NDArray[Any]) -> NDArray[Any]:
        return softmax(scores * self.sharpness)


@dataclass(frozen=True)
class Shape:
    """What was chosen by cross-validation."""

    directions: int = 128
    meaning: float = 6.0  #: weight of nearness in meaning against common grams
    width: float = 1.0  #: of the Gaussian
    ridge: float = 1.0


def fit(
    sparse: csr_matrix,
    vectors: NDArray[Any],
    labels: Sequence[str],
    shape: Shape,
    *,
    judged: int | None = None,
) -> KernelModel:
    """Train on n texts: sparse (n, grams), vectors (n, dimension). Memory: 8 n² bytes.

    Only the first `judged` texts are what citizens say and count for the calibration.
    """
    names, targets = _targets(labels)
    projection = Projection.fit(vectors, min(shape.directions, vectors.shape[1]))
    known = projection(vectors)
    kernel = nearness(known, known, shape.width)
    kernel *= shape.meaning
    kernel += (sparse @ sparse.T).toarray()
    kernel += 1.0
    kernel[np.diag_indices_from(kernel)] += shape.ridge
    factor = cholesky(kernel, lower=True, overwrite_a=True, check_finite=False)
    alpha = cho_solve((factor, True), targets, check_finite=False)
    unseen = targets - alpha / _inverse_diagonal(factor)[:, None]
    return KernelModel(
        labels=names,
        sparse=np.ascontiguousarray(sparse.T @ alpha, dtype=np.float32),
        bias=alpha.sum(axis=0).astype(np.float32),
        projection=projection,
        known=known,
        lengths=squared_lengths(known),
        alpha=np.ascontiguousarray(alpha * shape.meaning, dtype=np.float32),
        width=shape.width,
        sharpness=calibrate(unseen[:judged], targets[:judged].argmax(axis=1)),
    )


def nearness(one: NDArray[Any], other: NDArray[Any], width: float) -> NDArray[Any]:
    """exp(−width × squared distance) of every row to every row, float32."""
    squares = squared_lengths(one)[:, None] + squared_lengths(other)[None, :]
    distances = squares - 2 * (one @ other.T)
    near: NDArray[Any] = np.exp(-width * distances, dtype=np.float32)
    return near


def squared_lengths(rows: NDArray[Any]) -> NDArray[Any]:
    lengths: NDArray[Any] = np.einsum("ij,ij->i", rows, rows)
    return lengths


def calibrate(scores: NDArray[Any], truth: NDArray[Any]) -> float:
    """The sharpness with which softmax is least surprised by the truth (log loss)."""
    rows = np.arange(len(truth))

    def surprise(log_sharpness: float) -> float:
        scaled = scores * np.float32(np.exp(log_sharpness))
        scaled -= scaled.max(axis=1, keepdims=True)
        normaliser = np.log(np.exp(scaled).sum(axis=1))
        return float((normaliser - scaled[rows, truth]).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-1.0, 4.0), method="bounded").x))


def softmax(scores: NDArray[Any]) -> NDArray[Any]:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: NDArray[Any] = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities


def _targets(labels: Sequence[str]) -> tuple[tuple[str, ...], NDArray[Any]]:
    names = tuple(sorted(set(labels)))
    place = {name: i for i, name in enumerate(names)}
    targets = np.full((len(labels), len(names)), -1.0, dtype=np.float32)
    targets[np.arange(len(labels)), [place[label] for label in labels]] = 1.0
    return names, targets


def _inverse_diagonal(factor: NDArray[Any]) -> NDArray[Any]:
    inverse, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    diagonal: NDArray[Any] = inverse.diagonal().copy()
    return diagonal
