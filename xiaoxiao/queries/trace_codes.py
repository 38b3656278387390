"""Codes on food and medicine, told apart by their length; 20 digits are both meat receipts and medicine boxes.

SB/T 10680-2012 (meat and vegetable tracing) has 20 digits and no published check digit; drug tracing codes have 20
as well. Only the length can be checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LENGTH = 20
_SEPARATED = re.compile(r"(?<![A-Za-z0-9])[0-9OoIl](?:[\s\-.·•_,]*[0-9OoIl]){12,29}(?![A-Za-z0-9])")


@dataclass(frozen=True)
class CodeReading:
    """What stands at text[start:end]."""

    start: int
    end: int
    code: str  #: without separators, as written
    suggestion: str | None = None  #: to be asked back: O and I read as 0 and 1

    @property
    def valid(self) -> bool:
        return bool(re.fullmatch(rf"\d{{{LENGTH}}}", self.code))


def find_codes(text: str) -> list[CodeReading]:
    """20-digit tracing codes in a normalised text, with spaces, dots or dashes between the digits."""
    return [reading for reading in _long_codes(text) if reading.valid]


def nearly_codes(text: str) -> list[CodeReading]:
    """Long numbers that are no tracing code: a digit too few or too many, or a letter O or I in between.

    13 digits are a bar code and 18 an identity or company number: they are not near.
    """
    return [r for r in _long_codes(text) if not r.valid and (r.suggestion or 19 <= len(r.code) <= 22)]


def bar_code_valid(code: str) -> bool:
    """EAN-13: the last digit checks the others (GB 12904).

    >>> bar_code_valid("6901234567892")
    True
    """
    if not re.fullmatch(r"\d{13}", code):
        return False
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code[:12]))
    return (10 - total % 10) % 10 == int(code[12])


def _long_codes(text: str) -> list[CodeReading]:
    return [_read(match) for match in _SEPARATED.finditer(text)]


def _read(match: re.Match[str]) -> CodeReading:
    code = re.sub(r"[^0-9A-Za-z]", "", match.group())
    digits = code.translate(str.maketrans("OoIl", "0011"))
    suggestion = digits if digits != code and len(digits) == LENGTH else None
    return CodeReading(*match.span(), code, suggestion)
