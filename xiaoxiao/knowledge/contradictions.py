"""Facts in two cards that contradict each other, and cards that contradict what was agreed (facts.csv)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xiaoxiao.knowledge.acts import forbidden_elsewhere
from xiaoxiao.knowledge.cards import Card
from xiaoxiao.knowledge.check import Finding
from xiaoxiao.knowledge.facts import Facts, against
from xiaoxiao.knowledge.number_pairs import different_numbers
from xiaoxiao.knowledge.statements import all_statements
from xiaoxiao.knowledge.wording import Weights

_SENTENCES = 3500  #: of 190 cards: the thresholds of the pairs were set with them


def contradictions(
    cards: Iterable[Card], facts: Facts, others: Iterable[tuple[str, str, Card]] = ()
) -> Iterator[Finding]:
    """`others`: (name, text, card that tells more): the fixed answers must not contradict the cards either."""
    statements = all_statements(cards, others)
    weights = Weights.among((statement.text for statement in statements), least=_SENTENCES)
    yield from against(facts, statements)
    yield from different_numbers(statements, facts, weights)
    yield from forbidden_elsewhere(statements, facts, weights)
