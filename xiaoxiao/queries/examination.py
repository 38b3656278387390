"""An imported file, row by row: what can be used, and what is wrong with the rest."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from xiaoxiao.errors import InvalidRequest
from xiaoxiao.queries import kept, kinds
from xiaoxiao.queries.columns import BadRow
from xiaoxiao.queries.files import Row
from xiaoxiao.queries.kinds import Kind
from xiaoxiao.queries.records import identity_of

R = TypeVar("R")

KINDS: Mapping[str, Kind[Any]] = {
    kind.name: kind
    for kind in (
        kinds.ALERTS,
        kinds.SUSPENSIONS,
        kinds.QUAKES,
        kinds.TYPHOONS,
        kinds.SHELTERS,
        kinds.PLACES,
        kinds.BUREAUS,
        kinds.ENTRIES,
        kinds.NEWS,
        kept.VEHICLES,
        kept.VIOLATIONS,
        kept.FOOD,
        kept.RECALLS,
    )
}


@dataclass(frozen=True)
class Rejected:
    """Never the value: the report may be passed around."""

    row: int
    column: str
    problem: str


@dataclass(frozen=True)
class Examination(Generic[R]):
    records: tuple[R, ...]
    rejected: tuple[Rejected, ...]

    @property
    def rejected_rows(self) -> int:
        return len({rejected.row for rejected in self.rejected})


def examine(kind: Kind[R], rows: Iterable[Row]) -> Examination[R]:
    """Every row once. InvalidRequest when a column is missing altogether."""
    records: dict[str, tuple[int, R]] = {}
    rejected: list[Rejected] = []
    names: dict[str, str] | None = None
    for number, row in rows:
        if names is None:
            names = _names(kind, row)
        try:
            record = kind.read({names[heading]: value for heading, value in row.items() if heading in names})
        except BadRow as bad:
            rejected += [Rejected(number, p.column, p.complaint) for p in bad.problems]
            continue
        first, _ = records.setdefault(identity_of(kind, record), (number, record))
        if first != number:
            rejected.append(Rejected(number, _shown(kind, kind.identity), f"与第 {first} 行重复"))
    return Examination(tuple(record for _, record in records.values()), tuple(rejected))


def write_report(rejected: Sequence[Rejected], path: Path) -> None:
    """A CSV that Excel opens."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("行", "列", "问题"))
        writer.writerows((one.row, one.column, one.problem) for one in rejected)


def headings(kind: Kind[Any]) -> list[str]:
    """The first row of a file of this kind, in Chinese."""
    return [column.heading for column in kind.columns if column.headings]


def _names(kind: Kind[Any], row: Mapping[str, Any]) -> dict[str, str]:
    """Headings of the file → names of the columns."""
    known = {heading: c.name for c in kind.columns for heading in (*c.headings, c.name)}
    names = {heading: known[plain] for heading in row if (plain := _plain(heading)) in known}
    missing = [c.heading for c in kind.columns if c.required and c.name not in names.values()]
    if missing:
        raise InvalidRequest(
            f"文件里没有这些列:{'、'.join(missing)}。{kind.label}应有的列:{'、'.join(headings(kind))}。"
        )
    return names


def _plain(heading: str) -> str:
    """罚款(元) → 罚款: units in brackets and stars for required columns are common."""
    return re.split("[(\uff08]", str(heading))[0].strip(" *").lower()


def _shown(kind: Kind[Any], names: Sequence[str]) -> str:
    return "、".join(column.heading for column in kind.columns if column.name in names)
