"""Rows ↔ records: which columns a record has, under which headings, and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from xiaoxiao.queries.positions import Position
from xiaoxiao.queries.values import Reader, Unreadable


@dataclass(frozen=True)
class Column:
    name: str  #: in JSON and as an English heading
    headings: tuple[str, ...]  #: Chinese ones, the first is shown
    read: Reader
    required: bool = True
    default: Any = None

    @property
    def heading(self) -> str:
        return self.headings[0]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: never the value, which may be somebody's."""

    column: str
    complaint: str


class BadRow(ValueError):
    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.column}: {p.complaint}" for p in problems))
        self.problems = tuple(problems)


def read_row(columns: Sequence[Column], row: Mapping[str, Any], *, lenient: bool = False) -> dict[str, Any]:
    """The values of all columns by name. BadRow with every problem; `lenient`: what is optional and
    unreadable counts as missing.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in columns:
        given = row.get(column.name)
        if given is None or given == "" or (isinstance(given, str) and not given.strip()):
            values[column.name] = column.default
            if column.required:
                problems.append(Problem(column.heading, "没有填"))
            continue
        try:
            values[column.name] = column.read(given)
        except Unreadable as complaint:
            values[column.name] = column.default
            if column.required or not lenient:
                problems.append(Problem(column.heading, str(complaint)))
    if problems:
        raise BadRow(problems)
    return values


def to_json(record: Any) -> Any:
    """A record as JSON: positions flat, moments with their zone, enumerations as values, lists for tuples."""
    if is_dataclass(record):
        flat: dict[str, Any] = {}
        for field in fields(record):
            value = getattr(record, field.name)
            flat |= to_json(value) if isinstance(value, Position) else {field.name: to_json(value)}
        return flat
    if isinstance(record, Enum):
        return record.value
    if isinstance(record, (datetime, date)):
        return record.isoformat()
    if isinstance(record, (tuple, list)):
        return [to_json(item) for item in record]
    return record
