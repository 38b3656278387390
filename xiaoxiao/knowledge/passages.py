"""The sentences of one card that speak to a question: chosen, never composed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from xiaoxiao.knowledge.cards import Card
from xiaoxiao.knowledge.follow_ups import Leaning

SHOWN = 3  #: sentences at most: she asked one thing
BACKGROUND, REST, NUMBERS = "@背景", "@余下", "@电话"  # words of follow_ups.csv
_SENTENCE = re.compile(r"[^。！？]+[。！？]?[”」）]?")
_NUMBER = r"[0-9一二两三四五六七八九十百半几]+(?:[-–~到至][0-9一二两三四五六七八九十百半几]+)?个?"
_COVERED = 0.6  #: of what she named must stand in a sentence, in pieces of two characters or more


class Section(Enum):
    LEAD = "lead"
    STEP = "step"
    DONT = "dont"
    BACKGROUND = "background"


@dataclass(frozen=True)
class Passage:
    section: Section
    text: str

    @property
    def shown(self) -> str:
        """As a citizen reads it: out of its list, a don't must still say that it is one."""
        return f"千万不要：{self.text}" if self.section is Section.DONT else self.text


def passages_of(card: Card) -> tuple[Passage, ...]:
    """Every reviewed sentence, in the order of the card; a step stays whole."""
    return (
        *(Passage(Section.LEAD, sentence) for sentence in _sentences(card.lead)),
        *(Passage(Section.STEP, step) for step in card.steps),
        *(Passage(Section.DONT, dont) for dont in card.donts),
        *(Passage(Section.BACKGROUND, sentence) for sentence in _sentences(card.background)),
    )


def fitting(card: Card, leaning: Leaning, read: str = "") -> tuple[Passage, ...]:
    """The sentences that answer; () when the card says nothing about it. `read`: what she has before her already."""
    everything = passages_of(card)
    if BACKGROUND in leaning.sought or REST in leaning.sought:
        return _background(everything, leaning, read)
    words = [word for word in leaning.sought if not word.startswith("@")]
    scores = {passage: _score(passage.text, words, leaning.content) for passage in everything}
    best = sorted((p for p in everything if scores[p]), key=lambda p: -scores[p])[:SHOWN]
    chosen = {passage for passage in best if scores[passage] * 2 >= scores[best[0]]}
    if not chosen and leaning.swaps and _is_about(card, words, leaning.content):
        return _of(everything, Section.LEAD)
    return tuple(passage for passage in everything if passage in chosen)


def speaks(texts: Sequence[str], leaning: Leaning) -> bool:
    """Whether one of these sentences names most of what she names herself (小孩 alone is in many cards)."""
    return any(_coverage(leaning.content, text) >= _COVERED for text in texts)


def _background(everything: Sequence[Passage], leaning: Leaning, read: str) -> tuple[Passage, ...]:
    """Why: what speaks of it, else all of it. More: what she has not read."""
    background = _of(everything, Section.BACKGROUND)
    if REST in leaning.sought:
        return tuple(passage for passage in background if passage.text not in read)
    named = tuple(p for p in everything if leaning.content and _coverage(leaning.content, p.text) >= _COVERED)
    return tuple(p for p in named if p in background) or background


def _is_about(card: Card, words: Sequence[str], content: str) -> bool:
    """The card was written to answer for it: its title or a question names it (那猫呢, after 被狗咬了)."""
    named = [content] if content else [word for word in words if not word.startswith("#")]
    return any(name in text for name in named for text in (card.title, *card.questions))


def _of(everything: Sequence[Passage], section: Section) -> tuple[Passage, ...]:
    return tuple(passage for passage in everything if passage.section is section)


def _score(text: str, words: Sequence[str], content: str) -> float:
    """0 unless it names one of the words sought, if any, or most of what she named herself."""
    named = sum(_names(text, word) for word in words)
    covered = _coverage(content, text)
    if words and len(content) == 1:  # 要冲多久: 冲 says which of the times, not more
        return named and named + covered
    return named + (covered if covered >= _COVERED else 0.0)


def _names(text: str, word: str) -> bool:
    if word.startswith("#"):
        return re.search(_NUMBER + r"\s*" + re.escape(word[1:]), text) is not None
    return word in text


def _coverage(content: str, text: str) -> float:
    """Share of `content` that stands in `text`, in pieces of two characters (a single one counts whole)."""
    if len(content) < 2:
        return float(bool(content) and content in text)
    pairs = [content[i : i + 2] for i in range(len(content) - 1)]
    found = {i + shift for i, pair in enumerate(pairs) if pair in text for shift in (0, 1)}
    return len(found) / len(content)


def _sentences(text: str) -> Iterator[str]:
    return (match.group().strip() for match in _SENTENCE.finditer(text) if match.group().strip())
