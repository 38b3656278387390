"""Which words of a sentence carry its meaning, and how much each weighs among all sentences."""

from __future__ import annotations

import logging
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

_SMALL = (
    "用 把 去 的 了 着 就 又 再 在 给 让 被 他 她 你 我 它 人 自己 一 一个 个 上 下 里 内 外 "
    "来 往 到 从 向 对 或 和 也 都 还 先 后 很 太 只 靠 等 因为 想 要 会 能 可 是 有 没 没有 "
    "不 别 最 才 每 约 大约 至少 以上 以下 左右 马上 随便 以为 为 分钟 小时 厘米 公里 米 次 口 秒 天 元 日 一秒 一分钟 "
)
_EMPTY = frozenset(_SMALL.split())
_WRITTEN = re.compile(r"[一-鿿A-Za-z]")


def words(text: str) -> frozenset[str]:
    """The words of a sentence that mean something."""
    return frozenset(word for word in _cutter().cut(text, HMM=False) if _means(word))


def _means(word: str) -> bool:
    return word not in _EMPTY and _WRITTEN.search(word) is not None


@cache
def _cutter() -> Any:
    """jieba's own dictionary, whatever others teach the shared one."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()


@dataclass(frozen=True)
class Weights:
    """A word weighs more the fewer texts have it."""

    by_word: dict[str, float]
    unknown: float

    @classmethod
    def among(cls, texts: Iterable[str], least: int) -> Weights:
        """Fewer than `least` texts cannot tell what is common: weighed as if there were so many."""
        found = [words(text) for text in texts]
        total = max(least, len(found))
        counts = Counter(word for text in found for word in text)
        return cls({word: math.log(total / n) for word, n in counts.items()}, math.log(total))

    def of(self, group: Collection[str]) -> float:
        return sum(self.by_word.get(word, self.unknown) for word in group)

    def likeness(self, one: Collection[str], other: Collection[str]) -> float:
        """0 to 1: weight of the shared words in that of all."""
        shared, both = set(one) & set(other), set(one) | set(other)
        return self.of(shared) / self.of(both) if shared else 0.0
