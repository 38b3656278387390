"""Number plates in the words of a back end: whose they are is nobody's business, so they are shown masked."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from xiaoxiao.queries.plates import PROVINCES, PlateReading, find_plates

T = TypeVar("T")
#: no words: an address, and what names a record
_KEPT = frozenset({"id", "link", "code"})


def without_plates(value: T) -> T:
    """The same record (dataclass, tuple, text) with its plates masked.

    Only what begins with a province and is a whole plate: roads (苏S226), standards (GB14881) and the numbers of
    certificates stay as they are.
    """
    masked: T = _within(value, lambda words: _masked(words, _is_plate))
    return masked


def without_near_plates(value: T) -> T:
    """The same, and what is nearly a plate is gone, too: for the records of one vehicle."""
    masked: T = _within(value, lambda words: _masked(words, lambda _: True))
    return masked


def _within(value: Any, mask: Callable[[str], str]) -> Any:
    if type(value) is str:
        return mask(value)
    if isinstance(value, tuple):
        return tuple(_within(each, mask) for each in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    named = {field.name: getattr(value, field.name) for field in fields(value) if field.name not in _KEPT}
    changed = {name: _within(old, mask) for name, old in named.items()}
    different = {name: new for name, new in changed.items() if new is not named[name]}
    return replace(value, **different) if different else value


def _masked(words: str, is_meant: Callable[[PlateReading], bool]) -> str:
    for reading in reversed(find_plates(_half_width(words))):
        if is_meant(reading):
            shown = reading.plate.masked if reading.plate else "***"
            words = words[: reading.start] + shown + words[reading.end :]
    return words


def _is_plate(reading: PlateReading) -> bool:
    return reading.plate is not None and reading.plate.number[0] in PROVINCES


def _half_width(words: str) -> str:
    """Character by character, so that places stay the same."""
    folded = (unicodedata.normalize("NFKC", character) for character in words)
    return "".join(new if len(new) == 1 else old for old, new in zip(words, folded, strict=True))
