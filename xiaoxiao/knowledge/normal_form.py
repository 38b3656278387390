"""One normal form for what citizens type, dictate and paste; knows where every character came from.

Pure: no Rasa, no network. Safety, entities and the classifier all read the same form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

_SPOKEN_DIGIT = {
    **dict(zip("零〇一二三四五六七八九", "00123456789", strict=True)),
    **{"幺": "1", "妖": "1", "么": "1", "两": "2", "拐": "7", "勾": "9", "洞": "0"},
}
#: 么, 妖, 两, 拐, 勾 and 洞 are ordinary words beside written digits (怎么120, 山洞119): never converted there.
_AMBIGUOUS = frozenset("么妖两拐勾洞")
_ASKING = "什怎那这多要"  # 怎么一一九: this 么 is no digit
_DIGIT_RUN = re.compile(rf"(?:(?<![{_ASKING}])么|[零〇一二三四五六七八九幺妖两拐勾洞0-9])+")

#: Emergency numbers as speech recognition and jokes write them: 妖妖灵, 幺幺久, 么两零.
_ONE, _ZERO, _TWO, _NINE = "[幺妖么1]", "[零灵铃〇洞0]", "[二两2]", "[九久酒玖9]"
_SPOKEN_NUMBERS = (
    (re.compile(rf"(?<![{_ASKING}])[幺妖么]{_ONE}{_ZERO}"), "110"),
    (re.compile(rf"(?<![{_ASKING}])[幺妖么]{_ONE}{_NINE}"), "119"),
    (re.compile(rf"(?<![{_ASKING}])[幺妖么]{_TWO}{_ZERO}"), "120"),
    (re.compile(rf"(?<![{_ASKING}])[幺妖么]{_TWO}{_TWO}"), "122"),
)

#: [捂脸], [Shocked]: how WeChat writes its own stickers.
_STICKER = re.compile(r"\[[一-鿿A-Za-z]{1,10}\]")
_REPEATED = re.compile(r"([^\w\s])\1+|([一-鿿])\2{3,}")
_SPACES = re.compile(r"\s+")
_PUNCTUATION = str.maketrans({"。": ".", "、": ",", "「": '"', "」": '"', "“": '"', "”": '"', "…": "."})


@dataclass(frozen=True)
class NormalForm:
    """`offsets[i]` is the index in `original` of `text[i]`; one more entry closes the last character."""

    text: str
    original: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of the original that became text[start:end]."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


def normalise(text: str) -> NormalForm:
    """Half width, simplified, digits for digits said aloud, no emoji, single punctuation.

    >>> normalise("救命!!!打妖妖零還是１２０").text
    '救命!打110还是120'
    """
    chars = [(c, i) for i, c in enumerate(text) if not _invisible(c)]
    chars = _replace(chars, _STICKER, lambda m: " ")
    chars = [(n, i) for c, i in chars for n in _plain(c)]
    chars = _simplify(chars)
    for pattern, number in _SPOKEN_NUMBERS:
        chars = _replace(chars, pattern, _constant(number))
    chars = _replace(chars, _DIGIT_RUN, _spoken_digits)
    chars = _replace(chars, _REPEATED, lambda m: m.group(1) or m.group(2) * 2)
    chars = _strip(_replace(chars, _SPACES, lambda m: " "))
    return NormalForm("".join(c for c, _ in chars), text, (*(i for _, i in chars), len(text)))


_Chars = list[tuple[str, int]]


def _constant(text: str) -> Callable[[re.Match[str]], str]:
    return lambda match: text


def _invisible(char: str) -> bool:
    """Zero-width, control and private characters, variation selectors and skin tones."""
    if char in "\n\r\t":
        return False
    return unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs", "Mn", "Sk") and char not in "^`"


def _plain(char: str) -> str:
    if char.isascii() or "一" <= char <= "鿿":
        return char
    if unicodedata.category(char) in ("So", "Cn"):  # emoji
        return " "
    return unicodedata.normalize("NFKC", char).translate(_PUNCTUATION)


def _simplify(chars: _Chars) -> _Chars:
    text = "".join(c for c, _ in chars)
    if text.isascii():
        return chars
    convert = _to_simplified()
    simple = convert(text)
    if len(simple) != len(text):  # a phrase changed its length: keep the map exact, character by character
        simple = "".join(convert(c)[:1] or c for c in text)
    return [(s, i) for s, (_, i) in zip(simple, chars, strict=True)]


@cache
def _to_simplified() -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


def _spoken_digits(match: re.Match[str]) -> str:
    run = match.group()
    written = any(c.isascii() for c in run)
    if written and any(c in _AMBIGUOUS for c in run):
        return run
    if len(run) < 3 and not (written and len(run) > 1):
        return run
    return "".join(_SPOKEN_DIGIT.get(c, c) for c in run)


def _replace(chars: _Chars, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str]) -> _Chars:
    """Replace matches; a replacement as long as its match keeps each place, a shorter one takes the first places."""
    text = "".join(c for c, _ in chars)
    result: _Chars = []
    position = 0
    for match in pattern.finditer(text):
        start, end = match.span()
        result += chars[position:start]
        places = [i for _, i in chars[start:end]]
        result += list(zip(replacement(match), places, strict=False))
        position = end
    return result + chars[position:]


def _strip(chars: _Chars) -> _Chars:
    start, end = 0, len(chars)
    while start < end and chars[start][0] == " ":
        start += 1
    while end > start and chars[end - 1][0] == " ":
        end -= 1
    return chars[start:end]
