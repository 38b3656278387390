"""How a field of a dataclass is read from the elements of a push: a small declarative vocabulary.

`latitude: float | None = number("Location_X")` names the element; dots lead into nested ones; of several
names the first that is present counts. What is absent reads as "", None or ().
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import cache
from typing import Any, TypeVar

from connectors.wechat.errors import MessageMalformed

MAX_WORD = 128  #: characters of an openid, type, id or event name
T = TypeVar("T")


def text(*paths: str) -> Any:
    """Exactly the characters of an element."""
    return _declare(paths, _text, "")


def name(*paths: str) -> Any:
    """An id, address or status: without blanks around it."""
    return _declare(paths, _name, "")


def word(*paths: str) -> Any:
    """A name that becomes part of a key, therefore of limited length."""
    return _declare(paths, _word, "")


def required(*paths: str) -> Any:
    """A word without which the message cannot be answered."""
    return _declare(paths, _required, dataclasses.MISSING)


def moment(*paths: str) -> Any:
    """Unix seconds, as an aware datetime in UTC."""
    return _declare(paths, _moment, dataclasses.MISSING)


def number(*paths: str) -> Any:
    """A finite float; None when absent or not a number (a bad label must not cost us the message)."""
    return _declare(paths, _number, None)


def count(*paths: str) -> Any:
    """A whole number; None when absent or not one."""
    return _declare(paths, _count, None)


def many(*paths: str) -> Any:
    """An element that occurs once or more often: a tuple of dictionaries or texts."""
    return _declare(paths, _many, ())


def build(kind: type[T], fields: Mapping[str, Any], /, **given: Any) -> T:
    """An object of the class from the elements of a push; MessageMalformed when a required one is missing."""
    for attribute, paths, read in _readers(kind):  # type: ignore[arg-type]
        given[attribute] = read(_find(fields, paths), paths[0])
    return kind(**given)


@cache
def _readers(kind: type) -> list[tuple[str, tuple[str, ...], Callable[[Any, str], Any]]]:
    declared = [each for each in dataclasses.fields(kind) if "paths" in each.metadata]
    return [(each.name, each.metadata["paths"], each.metadata["read"]) for each in declared]


def _declare(paths: tuple[str, ...], read: Callable[[Any, str], Any], default: Any) -> Any:
    return dataclasses.field(default=default, metadata={"paths": paths, "read": read})


def _find(fields: Mapping[str, Any], paths: tuple[str, ...]) -> Any:
    for path in paths:
        found: Any = fields
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        if found is not None:
            return found
    return None


def _text(value: Any, element: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MessageMalformed(f"{element} occurs twice or contains other elements.")
    return value


def _name(value: Any, element: str) -> str:
    return _text(value, element).strip()


def _word(value: Any, element: str) -> str:
    found = _name(value, element)
    if len(found) > MAX_WORD:
        raise MessageMalformed(f"{element} is longer than {MAX_WORD} characters.")
    return found


def _required(value: Any, element: str) -> str:
    found = _word(value, element)
    if not found:
        raise MessageMalformed(f"{element} is missing or empty (is the message encrypted?).")
    return found


def _moment(value: Any, element: str) -> datetime:
    found = _text(value, element).strip()
    if not re.fullmatch(r"[0-9]{1,10}", found):
        raise MessageMalformed(f"{element} is not a Unix time in seconds.")
    return datetime.fromtimestamp(int(found), tz=timezone.utc)


def _number(value: Any, element: str) -> float | None:
    try:
        found = float(_text(value, element))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _count(value: Any, element: str) -> int | None:
    found = _text(value, element).strip()
    return int(found) if re.fullmatch(r"-?[0-9]{1,18}", found) else None


def _many(value: Any, _element: str) -> tuple[Any, ...]:
    if isinstance(value, list):
        return tuple(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return ()
    return (value,)
