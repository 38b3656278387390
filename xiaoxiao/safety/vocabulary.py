"""Which of some thousand words occur in a message: looked up by pairs of characters, at the speed of C."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import add

_MOST_PLACES = 12  #: places of a word looked at: bounds the work on hostile messages


class Pairs:
    """All pairs of adjacent characters of a text, each with its first and last place."""

    def __init__(self, text: str) -> None:
        pairs = list(map(add, text, text[1:]))
        self.last = dict(zip(pairs, range(len(pairs)), strict=True))
        self.first = dict(zip(reversed(pairs), range(len(pairs) - 1, -1, -1), strict=True))


class Occurrences:
    """The words found in one message."""

    def __init__(self, text: str, words: Iterable[str]) -> None:
        self.text = text
        self.words = frozenset(words)

    def places(self, word: str) -> Iterator[int]:
        """Where the word begins, ascending, at most the first twelve."""
        place = self.text.find(word)
        for _ in range(_MOST_PLACES):
            if place < 0:
                return
            yield place
            place = self.text.find(word, place + 1)

    def near(self, word: str, start: int, end: int, gap: int) -> bool:
        """Does the word end or begin at most `gap` characters from [start, end)?"""
        reach = gap + len(word)
        return self.text.find(word, max(0, start - reach), end + reach) >= 0


class Vocabulary:
    """A fixed set of words, compiled once."""

    def __init__(self, words: Iterable[str]) -> None:
        words = set(words)
        self._singles = frozenset(word for word in words if len(word) == 1)
        self._by_pair: dict[str, list[str]] = {}
        for word in sorted(words - self._singles):
            self._by_pair.setdefault(word[:2], []).append(word)
        self._pairs = frozenset(self._by_pair)

    def find(self, text: str, pairs: Pairs) -> Occurrences:
        """`pairs` are those of the text, or of the one it was made from by replacing characters."""
        words = []
        for pair in self._pairs.intersection(pairs.last):
            place = pairs.last[pair]
            repeated = place != pairs.first[pair]
            for word in self._by_pair[pair]:
                if text.startswith(word, place) or (repeated and word in text):
                    words.append(word)
        return Occurrences(text, self._singles.intersection(text).union(words))
