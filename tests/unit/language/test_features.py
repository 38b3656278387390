from __future__ import annotations

import numpy as np
import pytest

from xiaoxiao.language.features import Vocabulary, grams


def test_rare_grams_do_not_count() -> None:
    vocabulary = Vocabulary.fit([["a", "b"], ["a", "b"], ["a"]])
    assert vocabulary.index == {"a": 0}


def test_a_text_has_length_one_whatever_its_words() -> None:
    documents = [grams("煤气漏了"), grams("煤气味"), grams("漏水了")]
    matrix = Vocabulary.fit(documents, least=1).matrix(documents)
    assert pytest.approx(np.sqrt(matrix.multiply(matrix).sum(axis=1)).A1.tolist(), abs=1e-5) == [
        1.0,
        1.0,
        1.0,
    ]


def test_one_text_and_a_matrix_row_agree() -> None:
    documents = [grams("煤气漏了"), grams("煤气味")]
    vocabulary = Vocabulary.fit(documents, least=1)
    indices, weights = vocabulary.weigh(documents[0])
    row = vocabulary.matrix(documents)[0].toarray()[0]
    assert weights.tolist() == pytest.approx(row[indices].tolist())


def test_a_text_of_unknown_grams_is_nothing() -> None:
    indices, weights = Vocabulary.fit([["a"], ["a"]]).weigh(["z"])
    assert (len(indices), len(weights)) == (0, 0)


def test_the_end_of_a_very_long_message_is_not_read() -> None:
    assert grams("火" * 120) == grams("火" * 120 + "水" * 5000)
