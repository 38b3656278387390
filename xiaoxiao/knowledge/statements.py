"""What the cards and the fixed answers say, a sentence each: what is compared when we look for contradictions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xiaoxiao.knowledge.cards import Card
from xiaoxiao.knowledge.passages import Section, passages_of
from xiaoxiao.knowledge.quantities import plain

_SENTENCE = re.compile(r"[^。！？；!?;\n]+")
#: It tells what others say or said, not what to do.
_REPORTS = re.compile(r"以前|过去|旧|各家|有的资料|国内有的|国外建议|网上|说法不")


@dataclass(frozen=True)
class Statement:
    place: str  #: card id, or the name of a fixed answer: where a trainer finds it
    card: Card  #: the card itself, or the one that tells more than the fixed answer
    section: Section
    text: str

    @property
    def reports(self) -> bool:
        return _REPORTS.search(self.text) is not None


def statements_of(card: Card) -> Iterator[Statement]:
    for passage in passages_of(card):
        for text in _sentences(passage.text):
            yield Statement(card.id, card, passage.section, text)


def statements_in(place: str, text: str, card: Card) -> Iterator[Statement]:
    """Those of a text that is no card: all of it says what to do."""
    return (Statement(place, card, Section.STEP, sentence) for sentence in _sentences(text))


def all_statements(cards: Iterable[Card], others: Iterable[tuple[str, str, Card]] = ()) -> list[Statement]:
    """`others`: (place, text, card that tells more), such as the fixed answers to danger."""
    found = [statement for card in cards for statement in statements_of(card)]
    return found + [s for place, text, card in others for s in statements_in(place, text, card)]


def _sentences(text: str) -> Iterator[str]:
    for match in _SENTENCE.finditer(plain(text)):
        if sentence := match.group().strip():
            yield sentence
