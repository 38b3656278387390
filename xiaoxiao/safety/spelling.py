"""One spelling for what people type in panic: full width, traditional, emoji, spaces, spoken digits."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import opencc

_EMOJI = {"🔥": "火", "🆘": "sos", "🩸": "血", "🔪": "刀", "🚑": "120", "🚒": "119", "🔫": "枪"}
_MARKS = dict.fromkeys(",;:、，；：", ",") | dict.fromkeys(".!?。！？\n\r", "。")
#: what stands between the characters of a word without meaning anything (着 火 了, 救~命)
_NOISE = re.compile(r"[^\w,。]+|_+")
_SPOKEN_NUMBER = re.compile("[幺妖夭么一](?:[幺妖夭么一]([零洞〇])|[幺妖夭么一][九久酒]|([二两])[零洞〇])")


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Traditional to simplified and marks, by character: faster than OpenCC with its phrases."""
    characters = [chr(c) for c in range(0x3400, 0xA000)]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, converted, strict=True)
    return str.maketrans({a: b for a, b in pairs if a != b and len(b) == 1} | _MARKS | _EMOJI)


def spell(text: str) -> str:
    """As the lexicon spells it: simplified, lower case, no spaces; clauses end in "," sentences in "。"."""
    text = unicodedata.normalize("NFKC", text).lower().translate(_table())
    return _SPOKEN_NUMBER.sub(_number, _NOISE.sub("", text))


def _number(spoken: re.Match[str]) -> str:
    return "110" if spoken[1] else "120" if spoken[2] else "119"
