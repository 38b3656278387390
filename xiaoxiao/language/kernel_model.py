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
from scipy.linalg import cho_solve, cholesky, lapack, solve_triangular
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix

_SAMPLE = 4000  #: texts that calibrate
_STRIP = 1024  #: rows of the kernel made at a time


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
    alpha: NDArray[Any]  #: (labels, texts): in this order twice as fast for one text
    width: float
    sharpness: float  #: softmax(sharpness × score) is calibrated

    def scores(self, indices: NDArray[Any], weights: NDArray[Any], vector: NDArray[Any]) -> NDArray[Any]:
        """(labels,): near 1 for the right one, near −1 for the others."""
        place = self.projection(vector)
        near = np.exp(-self.width * (self.lengths - 2 * (self.known @ place) + place @ place))
        scores: NDArray[Any] = weights @ self.sparse[indices] + self.alpha @ near + self.bias
        return scores

    def probabilities(self, scores: NDArray[Any]) -> NDArray[Any]:
        return softmax(scores * self.sharpness)


@dataclass(frozen=True)
class Shape:
    """What was chosen by cross-validation."""

    directions: int = 192
    meaning: float = 8.0  #: weight of nearness in meaning against common grams
    width: float = 0.5  #: of the Gaussian
    ridge: float = 1.0


def fit(
    sparse: csr_matrix,
    vectors: NDArray[Any],
    labels: Sequence[str],
    shape: Shape,
    *,
    judged: int | None = None,
) -> KernelModel:
    """Train on n texts: sparse (n, grams), vectors (n, dimension). Memory: 4 n² bytes and a little.

    Only the first `judged` texts are what citizens say and count for the calibration.
    """
    order, sample = _sample_last(len(labels), len(labels) if judged is None else judged)
    sparse, vectors = sparse[order], vectors[order]
    names, targets = _targets([labels[i] for i in order])
    projection = Projection.fit(vectors, min(shape.directions, vectors.shape[1]))
    known = projection(vectors)
    factor = factorise(_kernel(sparse, known, shape))
    alpha = cho_solve((factor, True), targets, check_finite=False)
    unseen = left_out(factor, alpha[-sample:], targets[-sample:])
    return KernelModel(
        labels=names,
        sparse=np.ascontiguousarray(sparse.T @ alpha, dtype=np.float32),
        bias=alpha.sum(axis=0).astype(np.float32),
        projection=projection,
        known=known,
        lengths=squared_lengths(known),
        alpha=np.ascontiguousarray((alpha * shape.meaning).T, dtype=np.float32),
        width=shape.width,
        sharpness=calibrate(unseen, targets[-sample:].argmax(axis=1)),
    )


def _sample_last(texts: int, judged: int) -> tuple[NDArray[Any], int]:
    """An order of the texts that ends with a sample of the judged ones, and the sample's size.

    What leave-one-out says of the last texts needs the last corner of the factor only.
    """
    shuffled = np.random.default_rng(0).permutation(judged)
    sample = min(judged, _SAMPLE)
    return np.concatenate([shuffled[sample:], np.arange(judged, texts), shuffled[:sample]]), sample


def _kernel(sparse: csr_matrix, known: NDArray[Any], shape: Shape) -> NDArray[Any]:
    """(n, n) float32, on and below the diagonal only, in the order of columns that LAPACK works on in place.

    Strip by strip: the product of the sparse matrices at once would take three times the room.
    """
    kernel = np.empty((len(known), len(known)), dtype=np.float32, order="F")
    for start in range(0, len(known), _STRIP):
        strip = slice(start, start + _STRIP)
        part = kernel[start:, strip]
        part[:] = nearness(known[start:], known[strip], shape.width)
        part *= shape.meaning
        part += (sparse[start:] @ sparse[strip].T).toarray() + np.float32(1.0)
    kernel[np.diag_indices_from(kernel)] += shape.ridge
    return kernel


def factorise(matrix: NDArray[Any], block: int = 2048) -> NDArray[Any]:
    """The lower Cholesky factor, in place; what stands above the diagonal is not read and to be ignored.

    Block by block, for the OpenBLAS inside SciPy crashes on one piece of 37,000 columns.
    """
    for start in range(0, len(matrix), block):
        here, below = slice(start, start + block), slice(start + block, None)
        corner = cholesky(matrix[here, here], lower=True, check_finite=False)
        matrix[here, here] = corner
        if start + block >= len(matrix):
            break
        panel = solve_triangular(corner, matrix[below, here].T, lower=True, check_finite=False).T
        matrix[below, here] = panel
        for column in range(start + block, len(matrix), block):
            rows = panel[column - start - block :]
            matrix[column:, column : column + block] -= rows @ rows[:block].T
    return matrix


def left_out(factor: NDArray[Any], alpha: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
    """What the model would say of the last texts, each time trained without the one: y − α / diag(K⁻¹).

    `factor` is the lower Cholesky factor of K for all texts; alpha and targets are those of the last. The last
    entries of diag(K⁻¹) depend on the last corner of the factor alone.
    """
    corner = np.asfortranarray(factor[-len(alpha) :, -len(alpha) :])
    inverse, _ = lapack.spotri(corner, lower=1, overwrite_c=1)
    scores: NDArray[Any] = targets - alpha / inverse.diagonal()[:, None]
    return scores


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
