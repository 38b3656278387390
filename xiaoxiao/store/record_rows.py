"""Records ↔ rows of their tables: enumerations by value, tuples as JSON lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any, cast, get_args, get_type_hints

from sqlalchemy import Table

from xiaoxiao.store.case import Case, CaseEvent, Rating, Reward
from xiaoxiao.store.case_tables import case_events, cases, media, ratings, rewards
from xiaoxiao.store.medium import Medium
from xiaoxiao.store.records import R
from xiaoxiao.store.rules import legible

TABLES: Mapping[type, Table] = {
    Case: cases,
    CaseEvent: case_events,
    Reward: rewards,
    Rating: ratings,
    Medium: media,
}


def to_row(record: object) -> dict[str, Any]:
    """Every column but the id."""
    return {
        each.name: to_value(getattr(record, each.name))
        for each in fields(record)  # type: ignore[arg-type]
        if each.name != "id"
    }


def to_value(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def from_row(kind: type[R], row: Mapping[str, Any]) -> R:
    values = dict(row)
    for name, convert in _conversions(cast(Any, kind)).items():
        if values[name] is not None:
            values[name] = convert(values[name])
    return kind(**values)


@cache
def _conversions(kind: Any) -> Mapping[str, Callable[[Any], Any]]:
    """Only the fields whose row's value is not theirs already."""
    found: dict[str, Callable[[Any], Any]] = {}
    for name, hint in get_type_hints(kind).items():
        kinds = [part for part in (hint, *get_args(hint)) if isinstance(part, type)]
        if enumeration := next((part for part in kinds if issubclass(part, Enum)), None):
            found[name] = enumeration
        elif getattr(hint, "__origin__", None) is tuple:
            found[name] = tuple
    return found
