"""Which of some thousand words occur in a message, and where: found by pairs of characters, in one pass."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import add

_MOST_PLACES = 12  #: places remembered for a word: bounds the work on hostile messages


def neighbours(text: str) -> list[str]:
    """All pairs of adjacent characters, by place."""
    return list(map(add, text, text[1:]))


class Occurrences:
    """The words found in one message and the places where each begins, ascending, at most the first twelve."""

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
        self._singles = frozenset(word for word in words if len(word) == 1)
        self._by_pair: dict[str, list[str]] = {}
        for word in sorted(set(words) - self._singles):
            self._by_pair.setdefault(word[:2], []).append(word)

    def find(self, text: str, pairs: Sequence[str]) -> Occurrences:
        """`pairs` are the text's neighbours, or those of a text it has been made from by replacing characters."""
        found: dict[str, list[int]] = {}
        by_pair = self._by_pair
        for place in [at for at, pair in enumerate(pairs) if pair in by_pair]:
            for word in by_pair[pairs[place]]:
                if text.startswith(word, place):
                    places = found.setdefault(word, [])
                    if len(places) < _MOST_PLACES:
                        places.append(place)
        for single in self._singles.intersection(text):
            found[single] = _places(text, single)
        return Occurrences(found)


def _places(text: str, character: str) -> list[int]:
    places: list[int] = []
    place = text.find(character)
    while place >= 0 and len(places) < _MOST_PLACES:
        places.append(place)
        place = text.find(character, place + 1)
    return places
