"""What the load says: questions people ask, all different, or repeated as in a real burst."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

#: Said before or after a question, so that no two messages are equal and no cache helps
_OPENINGS = ("请问", "你好,", "那个", "急,", "我想问下", "师傅", "帮忙看看", "麻烦问一下", "小小,", "")
_ENDINGS = ("", "呢", "啊", "?", "谢谢", "怎么弄", "急急急", "在线等", "我在家", "孩子在旁边")


def questions(evaluation: Path, examples: Sequence[str]) -> list[str]:
    """The held-out questions where there are any, else training examples."""
    held_out = [
        json.loads(line)["text"]
        for file in sorted(evaluation.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip() and '"text"' in line
    ]
    return held_out or list(examples)


def all_different(texts: Sequence[str], count: int, *, seed: int = 1) -> list[str]:
    """`count` messages, no two alike."""
    chance = random.Random(seed)
    seen: dict[str, None] = {}
    number = 0
    while len(seen) < count:
        number += 1
        text = f"{chance.choice(_OPENINGS)}{chance.choice(texts)}{chance.choice(_ENDINGS)}"
        seen[text if text not in seen else f"{text}{number}"] = None
    return list(seen)


def repeated(texts: Sequence[str], count: int, *, distinct: int = 300, seed: int = 2) -> list[str]:
    """A burst as it is: the n-th most frequent question is asked 1/n as often as the first (Zipf)."""
    chance = random.Random(seed)
    pool = chance.sample(list(texts), min(distinct, len(texts)))
    weights = [1 / rank for rank in range(1, len(pool) + 1)]
    return chance.choices(pool, weights, k=count)
