from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from xiaoxiao.language.kernel_model import Shape, calibrate, factorise, fit, left_out, nearness, softmax

RANDOM = np.random.default_rng(3)
CENTRES = RANDOM.normal(size=(3, 8))
LABELS = [label for label in "abc" for _ in range(20)]


def cloud(spread: float) -> np.ndarray:
    points = np.repeat(CENTRES, 20, axis=0) + RANDOM.normal(scale=spread, size=(60, 8))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def nothing(rows: int) -> csr_matrix:
    return csr_matrix((rows, 1), dtype=np.float32)


def say(model, vector: np.ndarray) -> tuple[str, float]:  # type: ignore[no-untyped-def]
    probabilities = model.probabilities(model.scores(np.zeros(0, np.int32), np.zeros(0, np.float32), vector))
    return model.labels[probabilities.argmax()], float(probabilities.max())


def test_what_lies_near_is_named_alike() -> None:
    model = fit(nothing(60), cloud(0.1), LABELS, Shape(directions=8))
    assert [say(model, vector)[0] for vector in cloud(0.1)] == LABELS


def test_clear_classes_are_believed_more_than_blurred_ones() -> None:
    clear = fit(nothing(60), cloud(0.1), LABELS, Shape(directions=8))
    blurred = fit(nothing(60), cloud(3.0), LABELS, Shape(directions=8))
    assert np.mean([say(clear, v)[1] for v in cloud(0.1)]) > np.mean([say(blurred, v)[1] for v in cloud(3.0)])


def test_leave_one_out_calibrates_on_what_was_not_seen() -> None:
    """With labels drawn by lot nothing can be known, and the model says so although it fits its own data."""
    vectors = cloud(0.5)
    model = fit(nothing(60), vectors, list(RANDOM.permutation(LABELS)), Shape(directions=8))
    assert np.mean([say(model, vector)[1] for vector in vectors]) < 0.6


def test_left_out_says_what_training_without_the_text_would() -> None:
    points, targets = cloud(0.5), np.eye(3, dtype=np.float32)[np.repeat([0, 1, 2], 20)]
    kernel = nearness(points, points, 0.5) + np.eye(60, dtype=np.float32)
    factor = np.linalg.cholesky(kernel).astype(np.float32)
    alpha = np.linalg.solve(kernel, targets)
    without = [i for i in range(60) if i != 57]
    expected = kernel[57, without] @ np.linalg.solve(kernel[np.ix_(without, without)], targets[without])
    assert left_out(factor, alpha[-5:], targets[-5:])[2].tolist() == pytest.approx(
        expected.tolist(), abs=1e-3
    )


def test_grams_alone_decide_when_meaning_weighs_nothing() -> None:
    sparse = csr_matrix(np.repeat(np.eye(3, dtype=np.float32), 20, axis=0))
    model = fit(sparse, cloud(3.0), LABELS, Shape(directions=8, meaning=0.0))
    scores = model.scores(np.array([1]), np.array([1.0], np.float32), cloud(3.0)[0])
    assert model.labels[scores.argmax()] == "b"


def test_the_quick_way_for_one_text_equals_the_matrix() -> None:
    vectors = cloud(0.5)
    model = fit(nothing(60), vectors, LABELS, Shape(directions=8))
    near = nearness(model.projection(vectors[:1]), model.known, model.width)
    whole = (near @ model.alpha.T + model.bias)[0]
    one = model.scores(np.zeros(0, np.int32), np.zeros(0, np.float32), vectors[0])
    assert whole.tolist() == pytest.approx(one.tolist(), abs=1e-4)


def test_certain_scores_are_sharpened_and_uncertain_ones_are_not() -> None:
    truth = np.array([0, 1] * 50)
    right = np.eye(2, dtype=np.float32)[truth]
    wrong_half = right.copy()
    wrong_half[::4] = 1 - wrong_half[::4]
    assert calibrate(right, truth) > calibrate(wrong_half, truth)


def test_probabilities_sum_to_one_even_for_huge_scores() -> None:
    assert pytest.approx(float(softmax(np.array([1e4, 0.0, -1e4])).sum())) == 1.0


@pytest.mark.parametrize("block", [1, 7, 16, 50, 64])
def test_the_factor_by_blocks_is_the_factor(block: int) -> None:
    rows = np.random.default_rng(3).normal(size=(50, 60)).astype(np.float32)
    kernel = rows @ rows.T + np.eye(50, dtype=np.float32)
    factor = np.tril(factorise(np.asfortranarray(kernel), block))
    assert np.linalg.cholesky(kernel) == pytest.approx(factor, abs=1e-3)
