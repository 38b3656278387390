"""How a message sounds: typos (走火辣 for 着火了), homophones and messages in pinyin look alike here."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import lazy_pinyin

_LONGEST = 120  #: characters that are read
_SIZES = (3, 4, 5, 6, 7)  #: letters of a gram: half a syllable to two


def sound_grams(text: str) -> list[str]:
    """Every gram of 3 to 7 letters of the pinyin, without tones, spaces or digits; the ends are marked."""
    letters = "^" + "".join(_letters(char) for char in text[:_LONGEST].lower()) + "$"
    return ["~" + letters[i : i + n] for n in _SIZES for i in range(len(letters) - n + 1)]


@lru_cache(maxsize=16384)
def _letters(char: str) -> str:
    return "".join(c for c in lazy_pinyin(char)[0] if c.isascii() and c.isalpha())
