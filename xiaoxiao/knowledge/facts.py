"""The facts all cards agree on, edited by trainers: wherever a sentence speaks of it, it says one of the agreed values.

data/lexicon/facts.csv: fact, about, said, values, source.
- about: words of the sentence or of the card's title, `|` between them, one is enough (`!词`: none of these); or empty.
- said: how it is said, `#` for the number and `…` for up to a dozen characters between (冲…#分钟).
- values: the numbers that are right, in that unit; or 不要 (wherever it stands it is advised against); or 都对 (right
  in one scene and wrong in another: somebody looked at it).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.check import Finding
from xiaoxiao.knowledge.passages import Section
from xiaoxiao.knowledge.quantities import UNIT, WRITTEN, Quantity, quantities
from xiaoxiao.knowledge.statements import Statement

NEVER, BOTH = "不要", "都对"
_COLUMNS = ["fact", "about", "said", "values", "source"]
_GAP = "[^。；！？0-9]{0,12}?"
_NUMBERED = re.compile(rf"#({UNIT})")
_DENIED = re.compile(r"不|别|勿|禁|没有?必要|反对")
_CLAUSE = re.compile(r"[^，,：:]+")


@dataclass(frozen=True)
class Fact:
    name: str
    about: tuple[str, ...]
    unlike: tuple[str, ...]
    said: tuple[str, ...]
    values: tuple[str, ...]
    source: str

    @property
    def act(self) -> bool:
        """About what is done, not about a number."""
        return self.values[0] in (NEVER, BOTH)

    @property
    def unit(self) -> str:
        found: list[str] = _NUMBERED.findall(self.said[0])
        return found[0]

    def concerns(self, statement: Statement) -> bool:
        where = f"{statement.card.title} {statement.text}"
        if any(word in where for word in self.unlike):
            return False
        return not self.about or any(word in where for word in self.about)

    def speaks_of(self, text: str, quantity: Quantity) -> bool:
        """Whether this number of the sentence is the one that the fact is about."""
        return self._measure == quantity.measure and any(
            match.start("number") == quantity.start
            for pattern in self._patterns
            for match in pattern.finditer(text)
        )

    @cached_property
    def agreed(self) -> frozenset[tuple[str, float, float]]:
        return frozenset(q.value for value in self.values for q in quantities(value + self.unit))

    @cached_property
    def _measure(self) -> str:
        return next(iter(self.agreed))[0]

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(_pattern(said) for said in self.said)


def _pattern(said: str) -> re.Pattern[str]:
    """The number may be a range and written in another unit of the same measure: 半小时 for #分钟."""
    before, after = (_plainly(part) for part in _NUMBERED.sub("#", said).split("#"))
    return re.compile(rf"{before}(?:约|大约|至少|满)?(?P<number>{WRITTEN}){after}")


def _plainly(part: str) -> str:
    return _GAP.join(re.escape(piece) for piece in part.split("…"))


@dataclass(frozen=True)
class Facts:
    facts: tuple[Fact, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Facts:
        """Raises ConfigurationError naming the line."""
        if not path.is_file():
            raise ConfigurationError(f"找不到约定的说法 {path}。")
        return cls.read(path.read_text(encoding="utf-8-sig"), path.name)

    @classmethod
    def read(cls, text: str, name: str = "facts.csv") -> Facts:
        reader = csv.reader(text.splitlines())
        if next(reader, None) != _COLUMNS:
            raise ConfigurationError(f"{name} 的表头应为:{','.join(_COLUMNS)}。")
        facts = [_fact(row, f"{name} 第 {reader.line_num} 行") for row in reader if any(row)]
        names = [fact.name for fact in facts]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ConfigurationError(f"{name} 里「{'、'.join(twice)}」写了两次。")
        return cls(tuple(facts))

    def about(self, statement: Statement, quantity: Quantity) -> list[Fact]:
        """The facts that this number is about."""
        return [
            fact
            for fact in self.facts
            if not fact.act and fact.concerns(statement) and fact.speaks_of(statement.text, quantity)
        ]

    def settles(self, statement: Statement, act: str) -> bool:
        """Somebody looked at it: the table says what holds."""
        return any(
            fact.act and fact.concerns(statement) and any(said in act for said in fact.said)
            for fact in self.facts
        )


def against(facts: Facts, statements: Iterable[Statement]) -> Iterator[Finding]:
    """What differs from the table."""
    for statement in statements:
        if not statement.reports:
            yield from _wrong_numbers(facts, statement)
        yield from _advised(facts, statement)


def _wrong_numbers(facts: Facts, statement: Statement) -> Iterator[Finding]:
    for quantity in quantities(statement.text):
        about = facts.about(statement, quantity)
        if about and not any(quantity.value in fact.agreed for fact in about):
            right = "、".join(f"{value}{about[0].unit}" for value in about[0].values)
            yield Finding(
                statement.place,
                f"「{statement.text}」写的是 {quantity.text},约定是 {right}(facts.csv「{about[0].name}」)。",
            )


def _advised(facts: Facts, statement: Statement) -> Iterator[Finding]:
    """What must not be done, where a sentence tells to do it."""
    if statement.section not in (Section.LEAD, Section.STEP):
        return
    for fact in facts.facts:
        if fact.values[0] == NEVER and fact.concerns(statement):
            for clause in _CLAUSE.findall(statement.text):
                if any(said in clause for said in fact.said) and not _DENIED.search(clause):
                    yield Finding(
                        statement.place,
                        f"「{statement.text}」像是让人这样做,约定是不要(facts.csv「{fact.name}」)。",
                    )


def _fact(row: list[str], where: str) -> Fact:
    if len(row) != len(_COLUMNS) or not all(row[i].strip() for i in (0, 2, 3, 4)):
        raise ConfigurationError(f"{where}:应有五列,除了 about 都不能空。")
    name, about, said, values, source = (cell.strip() for cell in row)
    words = _listed(about)
    fact = Fact(
        name,
        tuple(w for w in words if not w.startswith("!")),
        tuple(w[1:] for w in words if w.startswith("!")),
        _listed(said),
        _listed(values),
        source,
    )
    _check(fact, where)
    return fact


def _check(fact: Fact, where: str) -> None:
    if fact.act:
        if len(fact.values) > 1 or any("#" in said for said in fact.said):
            raise ConfigurationError(f"{where}:{fact.values[0]} 这一行只写一个值,said 里不写 #。")
        return
    units = {unit for said in fact.said for unit in _NUMBERED.findall(said)}
    if len(units) != 1 or any(said.count("#") != 1 for said in fact.said):
        raise ConfigurationError(f"{where}:said 的每种说法都要有一个 # 和同一个单位,如 冲…#分钟。")
    if len(fact.agreed) != len(set(fact.values)):
        raise ConfigurationError(f"{where}:values 应是数字,如 20 或 15-30,用 | 隔开;或 {NEVER}、{BOTH}。")


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split("|") if word.strip())
