"""Where a text may be cut: after a sentence, else after a clause, else anywhere but inside a link or a character."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

import regex

_LINK = regex.compile(r"<a\s[^>]*>.*?</a>", regex.DOTALL)
_CLUSTER = regex.compile(r"\X")
_SENTENCE_ENDS = frozenset("。！？!?；;\n…")
_CLAUSE_ENDS = frozenset("，,、：:")
#: belong to the sentence they close
_CLOSING = frozenset("”’」』）)》\"'")


def size(text: str) -> int:
    """In bytes of UTF-8, as WeChat counts."""
    return len(text.encode("utf-8"))


def cut(text: str, limit: int, *, whole_sentences: bool = False) -> int:
    """How many characters of the text to take so that they are at most `limit` bytes.

    The last sentence end that fits, else the last clause end, else the last character (as people see it: emoji
    families stay together) or link. With `whole_sentences` only a sentence end will do; 0 when none fits. A single
    link or character longer than `limit` is cut anyhow when it comes first: better than never.
    """
    if size(text) <= limit:
        return len(text)
    pieces = list(_fitting(text, limit))
    ends = list(accumulate(len(piece) for piece in pieces))
    for marks in (_SENTENCE_ENDS, _CLAUSE_ENDS):
        after = _last_end(text, pieces, ends, marks)
        if after or whole_sentences:
            return after
    return ends[-1] if ends else len(text.encode("utf-8")[: max(limit, 4)].decode("utf-8", "ignore"))


def _last_end(text: str, pieces: list[str], ends: list[int], marks: frozenset[str]) -> int:
    for piece, end in zip(reversed(pieces), reversed(ends), strict=True):
        closes = piece in marks and text[end : end + 1] not in _CLOSING
        if closes or (piece in _CLOSING and text[end - 2 : end - 1] in marks):
            return end
    return 0


def _fitting(text: str, limit: int) -> Iterator[str]:
    left = limit
    for piece in _pieces(text):
        left -= size(piece)
        if left < 0:
            return
        yield piece


def _pieces(text: str) -> Iterator[str]:
    """Links and characters as people see them; together they are the text."""
    start = 0
    for link in _LINK.finditer(text):
        yield from _CLUSTER.findall(text[start : link.start()])
        yield link.group()
        start = link.end()
    yield from _CLUSTER.findall(text[start:])
