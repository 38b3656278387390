"""What one card says to do and another, of a like scene, says not to do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from xiaoxiao.knowledge.cards import Card
from xiaoxiao.knowledge.check import Finding
from xiaoxiao.knowledge.facts import Facts
from xiaoxiao.knowledge.passages import Section
from xiaoxiao.knowledge.statements import Statement
from xiaoxiao.knowledge.wording import Weights, words

_WEIGHT = (
    9.0  #: of its words together: an act is at least two words that not every card has (坐电梯, not 出去)
)
_LIKE = 0.05  #: cards from this likeness on are of one scene: 车掉进水里 and 车被水淹了, not 噎住 and 发烧
_CARDS = 190  #: among which the likeness was set
_ASIDE = re.compile(r"（[^）]*）|\([^)]*\)|“[^”]*”")
_CLAUSES = re.compile(r"(?P<clause>[^，,：:]+)(?P<after>[：:]?)")
_NUMBER = re.compile(r"\d")
_PIECES = re.compile(r"[、，,]")
_DENIAL = re.compile(r"^(?:也|就|都|但|可|先|千万|绝)?(?:不要|不能|不可|别|勿|不)(?=[一-鿿]{2})")
#: In a clause with one of these nobody is told to do the rest of it.
_NOT_TOLD = re.compile(
    r"不|别|勿|没|无|禁|离|远|避|绕|除非|停|挂断|卸|退出|关掉|取消|才|可能|如果|已|被|的$|时$|过"
)


@dataclass(frozen=True)
class Act:
    statement: Statement
    text: str
    words: frozenset[str]


def forbidden_elsewhere(statements: Iterable[Statement], facts: Facts, weights: Weights) -> Iterator[Finding]:
    """One finding for two places and an act."""
    advice = [s for s in statements if s.section is not Section.BACKGROUND and not s.reports]
    told = _by_word(act for statement in advice for act in _told(statement))
    scenes = _Scenes(statement.card for statement in advice)
    seen: set[tuple[str, str, str]] = set()
    for forbidden in (act for statement in advice for act in _forbidden(statement)):
        if weights.of(forbidden.words) < _WEIGHT:
            continue
        for act in _containing(forbidden.words, told):
            where = (forbidden.statement.place, act.statement.place, forbidden.text)
            if where[0] == where[1] or where in seen:
                continue
            if scenes.alike(forbidden.statement.card, act.statement.card):
                seen.add(where)
                if not _settled(facts, forbidden, act):
                    yield _finding(forbidden, act)


def _by_word(acts: Iterable[Act]) -> Mapping[str, list[Act]]:
    found: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        for word in act.words:
            found[word].append(act)
    return found


def _containing(wanted: frozenset[str], told: Mapping[str, list[Act]]) -> list[Act]:
    rarest = min((told.get(word, []) for word in wanted), key=len)
    return [act for act in rarest if wanted <= act.words]


def _finding(forbidden: Act, told: Act) -> Finding:
    return Finding(
        forbidden.statement.place,
        f"说不要「{forbidden.text}」,{told.statement.place} 却说「{told.statement.text}」。"
        "改错的那张;场景不同、两处都对,就在 data/lexicon/facts.csv 里写一行「都对」。",
    )


def _settled(facts: Facts, forbidden: Act, told: Act) -> bool:
    return facts.settles(forbidden.statement, forbidden.text) and facts.settles(told.statement, told.text)


class _Scenes:
    """How like two cards are by the words of their title, steps and don'ts."""

    def __init__(self, cards: Iterable[Card]) -> None:
        texts = {
            card.id: f"{card.title} {card.lead} {' '.join((*card.steps, *card.donts))}" for card in cards
        }
        self._words = {card: words(text) for card, text in texts.items()}
        self._weights = Weights.among(texts.values(), least=_CARDS)
        self._known: dict[tuple[str, str], bool] = {}

    def alike(self, one: Card, other: Card) -> bool:
        if one.id == other.id:
            return True
        pair = (min(one.id, other.id), max(one.id, other.id))
        if pair not in self._known:
            self._known[pair] = self._weights.likeness(self._words[one.id], self._words[other.id]) >= _LIKE
        return self._known[pair]


def _told(statement: Statement) -> Iterator[Act]:
    """Clauses that tell to do something; the words before a colon say when."""
    if statement.section is Section.DONT:
        return
    for match in _CLAUSES.finditer(_ASIDE.sub("", statement.text)):
        clause = match["clause"]
        if not match["after"] and not _NOT_TOLD.search(clause):
            yield Act(statement, clause, words(clause))


def _forbidden(statement: Statement) -> Iterator[Act]:
    """Don'ts, and what stands after 不要 or 别 in a step."""
    for piece in _PIECES.split(_ASIDE.sub("", statement.text)):
        piece = piece.strip()
        if statement.section is not Section.DONT:
            denial = _DENIAL.match(piece)
            piece = piece[denial.end() :] if denial else ""
        if piece and not _NUMBER.search(piece):  # 拉黑96110: not everything may be blocked
            yield Act(statement, piece, words(piece))
