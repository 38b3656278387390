"""Number plates in the words of a back end: whose they are is nobody's business, so they are shown masked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from xiaoxiao.queries.plates import PROVINCES

T = TypeVar("T")
#: `plates.find_plates` is more thorough, and too slow for the megabyte that a back end may send
_BETWEEN = r"[\s\-·.•・・_,]*"
_FIRST = rf"[{PROVINCES}]{_BETWEEN}[A-Za-z]"
_MORE = rf"(?:{_BETWEEN}[A-Za-z0-9])"
_LAST = rf"{_BETWEEN}[挂学警港澳领试超]"
_ALONE = r"(?![A-Za-z0-9])"
_CIVIL = re.compile(rf"{_FIRST}(?:{_MORE}{{5,6}}{_ALONE}|{_MORE}{{4}}{_LAST})")
_NEAR = re.compile(
    rf"{_FIRST}{_MORE}{{3,}}(?:{_LAST})?|(?<![A-Za-z0-9])[A-Z]{{2}}{_BETWEEN}\d{{5}}{_ALONE}"
    rf"|[使领]{_BETWEEN}\d{{6}}|\d{{6}}{_BETWEEN}[使领]"
)
_AT_FIRST = frozenset(PROVINCES)
#: no words: an address, and what names a record
_KEPT = frozenset({"id", "link", "code"})


def without_plates(value: T) -> T:
    """The same record (dataclass, tuple, text) with its plates masked.

    Only what begins with a province and is a whole plate: roads (苏S226), standards (GB14881) and the numbers of
    certificates stay as they are.
    """
    masked: T = _within(value, _civil_masked)
    return masked


def without_near_plates(value: T) -> T:
    """The same, and what is nearly a plate is gone, too: for the records of one vehicle."""
    masked: T = _within(value, _all_masked)
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


def _civil_masked(words: str) -> str:
    return words if _AT_FIRST.isdisjoint(words) else _replaced(words, _CIVIL, _as_shown)


def _all_masked(words: str) -> str:
    return _replaced(_civil_masked(words), _NEAR, lambda _: "***")


def _replaced(words: str, pattern: re.Pattern[str], shown: Callable[[str], str]) -> str:
    parts, end = [], 0
    for match in pattern.finditer(_half_width(words)):
        parts += [words[end : match.start()], shown(match.group())]
        end = match.end()
    return "".join((*parts, words[end:]))


def _as_shown(written: str) -> str:
    """As `Plate.masked`: 沪B·**321."""
    number = re.sub(_BETWEEN, "", written).upper()
    return f"{number[:2]}·{'*' * (len(number) - 5)}{number[-3:]}"


def _half_width(words: str) -> str:
    """Character by character, so that places stay the same."""
    folded = (unicodedata.normalize("NFKC", character) for character in words)
    return "".join(new if len(new) == 1 else old for old, new in zip(words, folded, strict=True))
