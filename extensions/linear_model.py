"""One flat linear model over every task and every knowledge card, with honest probabilities.

Least squares, one against the rest, solved in the dual (kernel ridge): one Cholesky factor serves all classes, and
gives for nothing what the model would have said of each training text had it never seen it (leave-one-out).
On those answers the softmax is calibrated, so no data is set aside. docs/accuracy.md compares the alternatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_solve, cholesky, lapack
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class LinearModel:
    labels: tuple[str, ...]
    sparse: np.ndarray  #: (grams, labels) float32
    dense: np.ndarray  #: (encoder's dimension, labels) float32
    bias: np.ndarray  #: (labels,)
    sharpness: float  #: softmax(sharpness × score) is calibrated

    def scores(self, indices: np.ndarray, weights: np.ndarray, vector: np.ndarray) -> np.ndarray:
        """(labels,): near 1 for the right one, near −1 for the others."""
        scores: np.ndarray = weights @ self.sparse[indices] + vector @ self.dense + self.bias
        return scores

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        return softmax(scores * self.sharpness)


def fit(sparse: csr_matrix, dense: np.ndarray, labels: Sequence[str], *, ridge: float) -> LinearModel:
    """Train on n texts: sparse (n, grams), dense (n, dimension). Memory: 4 n² bytes."""
    names, targets = _targets(labels)
    kernel = (sparse @ sparse.T).toarray() + dense @ dense.T + 1.0
    kernel[np.diag_indices_from(kernel)] += ridge
    factor = cholesky(kernel.astype(np.float32), lower=True, overwrite_a=True, check_finite=False)
    alpha = cho_solve((factor, True), targets, check_finite=False)
    unseen = targets - alpha / _inverse_diagonal(factor)[:, None]
    return LinearModel(
        labels=names,
        sparse=np.ascontiguousarray(sparse.T @ alpha, dtype=np.float32),
        dense=np.ascontiguousarray(dense.T @ alpha, dtype=np.float32),
        bias=alpha.sum(axis=0).astype(np.float32),
        sharpness=calibrate(unseen, targets.argmax(axis=1)),
    )


def calibrate(scores: np.ndarray, truth: np.ndarray) -> float:
    """The sharpness with which softmax is least surprised by the truth (log loss)."""
    rows = np.arange(len(truth))

    def surprise(log_sharpness: float) -> float:
        scaled = scores * np.exp(log_sharpness)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        normaliser = np.log(np.exp(scaled).sum(axis=1))
        return float((normaliser - scaled[rows, truth]).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-1.0, 4.0), method="bounded").x))


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: np.ndarray = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities


def _targets(labels: Sequence[str]) -> tuple[tuple[str, ...], np.ndarray]:
    names = tuple(sorted(set(labels)))
    place = {name: i for i, name in enumerate(names)}
    targets = np.full((len(labels), len(names)), -1.0, dtype=np.float32)
    targets[np.arange(len(labels)), [place[label] for label in labels]] = 1.0
    return names, targets


def _inverse_diagonal(factor: np.ndarray) -> np.ndarray:
    inverse, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    diagonal: np.ndarray = inverse.diagonal().copy()
    return diagonal
