from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from xiaoxiao.language.encoder import CachedEncoder, UniversalSentenceEncoder, shared_encoder


class CountingEncoder:
    name, dimension = "twin-1", 2

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        return np.array([[len(text), 1.0] for text in texts], np.float32)


def test_a_text_is_encoded_once() -> None:
    twin = CountingEncoder()
    cached = CachedEncoder(twin)
    cached.encode(["火", "煤气"])
    assert cached.encode(["煤气", "火", "煤气"]).tolist() == [[2.0, 1.0], [1.0, 1.0], [2.0, 1.0]]
    assert twin.encoded == ["火", "煤气"]


def test_the_oldest_is_forgotten() -> None:
    twin = CountingEncoder()
    cached = CachedEncoder(twin, size=2)
    for text in ("a", "bb", "a", "ccc", "a", "bb"):
        cached.encode([text])
    assert twin.encoded == ["a", "bb", "ccc", "bb"]


def test_nothing_gives_no_rows() -> None:
    assert CachedEncoder(CountingEncoder()).encode([]).shape == (0, 2)


def test_the_real_encoder_brings_like_to_like() -> None:
    gas, smell, song = shared_encoder("use").encode(["煤气泄漏了怎么办", "家里闻到燃气味", "给我唱首歌"])
    assert gas @ smell > gas @ song
    assert pytest.approx(float(gas @ gas), abs=1e-4) == 1.0


@pytest.mark.parametrize(
    "text", ["hi", "火", "我妈吃了头孢又喝酒现在脸红心慌要不要紧啊我好怕", "a b 12 ,", " "]
)
def test_one_text_alone_has_the_vector_it_has_in_a_batch(text: str) -> None:
    encoder = UniversalSentenceEncoder()
    alone, (batched, _) = encoder.encode([text])[0], encoder.encode([text, "别的"])
    assert batched.tolist() == pytest.approx(alone.tolist(), abs=1e-5)
