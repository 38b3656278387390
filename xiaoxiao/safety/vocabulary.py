"""Which of some thousand words occur in a message, and where: found by two-character prefixes, at the speed of C."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from operator import add

_MOST_PLACES = 12  #: places remembered for a word: bounds the work on hostile messages


class Occurrences:
    """The words found in one message and the places where each begins."""

    def __init__(self, places: dict[str, list[int]]) -> None:
        self.places = places
        self.words = frozenset(places)

    def near(self, word: str, start: int, end: int, gap: int) -> bool:
        """Does the word begin or end at most `gap` characters from [start, end)?"""
        places = self.places[word]
        at = bisect_left(places, start - gap - len(word))
        return at < len(places) and places[at] <= end + gap


class Vocabulary:
    """A fixed set of words, compiled once."""

    def __init__(self, words: Iterable[str]) -> None:
        by_prefix: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            by_prefix.setdefault(word[:2], []).append(word)
        self._by_prefix = by_prefix
        self._pairs = frozenset(prefix for prefix in by_prefix if len(prefix) == 2)
        self._singles = frozenset(prefix for prefix in by_prefix if len(prefix) == 1)

    def find(self, text: str) -> Occurrences:
        """Words are looked for literally; a word's places are ascending, at most the first twelve."""
        prefixes = self._pairs.intersection(map(add, text, text[1:])) | self._singles.intersection(text)
        found = {}
        for prefix in prefixes:
            for word in self._by_prefix[prefix]:
                places = _places(text, word)
                if places:
                    found[word] = places
        return Occurrences(found)


def _places(text: str, word: str) -> list[int]:
    places: list[int] = []
    place = text.find(word)
    while place >= 0 and len(places) < _MOST_PLACES:
        places.append(place)
        place = text.find(word, place + 1)
    return places
