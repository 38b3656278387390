"""Two cards that say the same and name different numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xiaoxiao.knowledge.check import Finding
from xiaoxiao.knowledge.facts import Facts
from xiaoxiao.knowledge.quantities import Quantity, quantities
from xiaoxiao.knowledge.statements import Statement
from xiaoxiao.knowledge.wording import Weights, words

_SHARED = 10.0  #: weight of the words they must share: about two that few sentences have
_PART = 0.45  #: and of the lighter of the two
_COMMAS = "，,、：:（("
_AFTER = 12  #: characters after a number that may still say what it is


@dataclass(frozen=True)
class Mention:
    statement: Statement
    quantity: Quantity
    words: frozenset[str]  #: of the clause it stands in and the one before


def different_numbers(statements: Iterable[Statement], facts: Facts, weights: Weights) -> Iterator[Finding]:
    """One finding for two places and a measure; those whose number the table settles are left out."""
    places: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for statement in statements:
        if not statement.reports:
            for mention in _mentions(statement):
                places[statement.place, mention.quantity.measure].append(mention)
    listed = list(places.items())
    for number, ((place, measure), mentions) in enumerate(listed):
        for (other, other_measure), others in listed[number + 1 :]:
            if place != other and measure == other_measure:
                yield from _first(_apart(mentions, others, facts, weights))


def _first(findings: Iterator[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield finding
        return


def _apart(
    mentions: Sequence[Mention], others: Sequence[Mention], facts: Facts, weights: Weights
) -> Iterator[Finding]:
    """Each is compared with what comes nearest in the other place: 30次 is no other number for 吹2口."""
    for mention in mentions:
        nearest = _nearest(mention, others, weights)
        if nearest is None or _nearest(nearest, mentions, weights) is not mention:
            continue
        if mention.quantity.value != nearest.quantity.value and not _settled(facts, mention, nearest):
            yield _finding(mention, nearest)


def _nearest(mention: Mention, others: Sequence[Mention], weights: Weights) -> Mention | None:
    """The same number goes first among equals."""
    best = max(
        others, key=lambda o: (_shared(mention, o, weights), o.quantity.value == mention.quantity.value)
    )
    return best if _shared(mention, best, weights) else None


def _shared(one: Mention, other: Mention, weights: Weights) -> float:
    shared = weights.of(one.words & other.words)
    lighter = min(weights.of(one.words), weights.of(other.words))
    return shared if shared >= max(_SHARED, _PART * lighter) else 0.0


def _settled(facts: Facts, one: Mention, other: Mention) -> bool:
    return all(facts.about(mention.statement, mention.quantity) for mention in (one, other))


def _finding(one: Mention, other: Mention) -> Finding:
    first, second = one.statement, other.statement
    return Finding(
        first.place,
        f"「{first.text}」写的是 {one.quantity.text},"
        f"{second.place} 的「{second.text}」写的是 {other.quantity.text}。"
        "改错的那张;两处都对就在 data/lexicon/facts.csv 里各写一行。",
    )


def _mentions(statement: Statement) -> Iterator[Mention]:
    text, end = statement.text, 0
    for quantity in quantities(text):
        start = max(end, _clause_start(text, _clause_start(text, quantity.start) - 1))
        end = quantity.end
        after = text[end : end + _AFTER]
        stop = min((after.find(comma) for comma in _COMMAS if comma in after), default=len(after))
        yield Mention(statement, quantity, words(f"{text[start : quantity.start]} {after[:stop]}"))


def _clause_start(text: str, before: int) -> int:
    return 1 + max((text.rfind(comma, 0, max(0, before)) for comma in _COMMAS), default=-1)
