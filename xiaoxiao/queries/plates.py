"""Number plates as citizens write and say them: found, checked, never silently changed.

Formats: GA 36-2018 and the plates it leaves out (military, armed police, embassy, emergency, temporary). No plate
has the letters I and O; where one is written, what was probably meant is offered and asked back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTER = "[A-HJ-NP-Z]"
_SEPARATOR = r"[\s\-·.•・・_,]*"


class PlateKind(str, Enum):
    ORDINARY = "普通号牌"
    SMALL_NEW_ENERGY = "小型新能源号牌"
    LARGE_NEW_ENERGY = "大型新能源号牌"
    TRAILER = "挂车号牌"
    LEARNER = "教练车号牌"
    POLICE = "警车号牌"
    HONG_KONG = "香港入出境号牌"
    MACAU = "澳门入出境号牌"
    CONSULATE = "领事馆号牌"
    EMBASSY = "使馆号牌"
    MILITARY = "军车号牌"
    ARMED_POLICE = "武警号牌"
    EMERGENCY = "应急救援号牌"
    TRIAL = "试验车号牌"
    OVERSIZE = "超限运输车号牌"


_UNSUPPORTED = {
    PlateKind.CONSULATE,
    PlateKind.EMBASSY,
    PlateKind.MILITARY,
    PlateKind.ARMED_POLICE,
    PlateKind.EMERGENCY,
    PlateKind.TRIAL,
    PlateKind.OVERSIZE,
}
_FORMATS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (PlateKind.ORDINARY, rf"[{PROVINCES}]{_LETTER}[A-HJ-NP-Z0-9]{{5}}"),
        (PlateKind.SMALL_NEW_ENERGY, rf"[{PROVINCES}]{_LETTER}[A-HJK][A-HJ-NP-Z0-9]\d{{4}}"),
        (PlateKind.LARGE_NEW_ENERGY, rf"[{PROVINCES}]{_LETTER}\d{{5}}[A-HJK]"),
        (PlateKind.TRAILER, rf"[{PROVINCES}]{_LETTER}[A-HJ-NP-Z0-9]{{4}}挂"),
        (PlateKind.LEARNER, rf"[{PROVINCES}]{_LETTER}[A-HJ-NP-Z0-9]{{4}}学"),
        (PlateKind.POLICE, rf"[{PROVINCES}]{_LETTER}[A-HJ-NP-Z0-9]{{4}}警"),
        (PlateKind.HONG_KONG, r"粤Z[A-HJ-NP-Z0-9]{4}港"),
        (PlateKind.MACAU, r"粤Z[A-HJ-NP-Z0-9]{4}澳"),
        (PlateKind.CONSULATE, rf"[{PROVINCES}]{_LETTER}[A-HJ-NP-Z0-9]{{4}}领|领\d{{6}}|\d{{6}}领"),
        (PlateKind.EMBASSY, r"使\d{6}|\d{6}使"),
        (PlateKind.EMERGENCY, rf"[{PROVINCES}]{_LETTER}[A-HJ-NP-Z0-9]{{3,4}}应急"),
        (PlateKind.TRIAL, rf"[{PROVINCES}]{_LETTER}[A-HJ-NP-Z0-9]{{4}}试"),
        (PlateKind.OVERSIZE, rf"[{PROVINCES}]{_LETTER}[A-HJ-NP-Z0-9]{{4}}超"),
        (PlateKind.ARMED_POLICE, rf"WJ[{PROVINCES}]?[A-Z0-9]{{4,5}}[A-Z]?"),
        (PlateKind.MILITARY, r"[A-HJ-NP-Z]{2}\d{5}"),
    )
)
_CIVIL = re.compile(
    rf"[{PROVINCES}]{_SEPARATOR}[A-Za-z](?:{_SEPARATOR}[A-Za-z0-9]){{3,6}}(?:{_SEPARATOR}(?:[挂学警港澳领试超]|应急))?"
)
_OTHER = re.compile(
    rf"(?<![A-Za-z0-9])(?:[使领]{_SEPARATOR}\d{{6}}(?!\d)|(?<!\d)\d{{6}}{_SEPARATOR}[使领](?![一-鿿])"
    rf"|WJ{_SEPARATOR}[{PROVINCES}]?(?:{_SEPARATOR}[A-Z0-9]){{4,6}}|[A-Z]{{2}}{_SEPARATOR}\d{{5}}(?![A-Za-z0-9]))"
)
#: Digits said one by one, between letters or blanks: the normal form converts unbroken runs only.
_SPOKEN = str.maketrans("零〇一二三四五六七八九幺么两拐勾洞", "00123456789112790")
#: What a number stands before: 两次, 三天, 一共, 五百. Such a number is none of the plate's.
_COUNTED = (
    "个次天年月日号点分秒辆台部张条回下起直样般共些定位人家口名十百千万亿"
    "块元毛角里公米斤锅两环路街巷楼层栋单室岁期批代倍处片段面会度车"
)


@dataclass(frozen=True)
class Plate:
    number: str  #: upper case, without separators: 沪AD12345
    kind: PlateKind

    @property
    def supported(self) -> bool:
        """Its owner can look it up with 交管12123."""
        return self.kind not in _UNSUPPORTED

    @property
    def masked(self) -> str:
        """沪A·**345: what may be shown and logged."""
        return f"{self.number[:2]}·{'*' * (len(self.number) - 5)}{self.number[-3:]}"


@dataclass(frozen=True)
class PlateReading:
    """What stands at text[start:end]: a plate, or something that is nearly one."""

    start: int
    end: int
    written: str  #: upper case, without separators
    plate: Plate | None  #: None when it is no valid plate as written
    suggestion: str | None = None  #: to be asked back: what was probably meant


def parse_plate(text: str) -> Plate | None:
    """The plate that the whole text is, however spaced; None otherwise.

    >>> parse_plate("沪a·d12345").kind.name
    'SMALL_NEW_ENERGY'
    """
    number = _squeeze(text)
    kind = next((kind for kind, pattern in _FORMATS if pattern.fullmatch(number)), None)
    return Plate(number, kind) if kind else None


def find_plates(text: str) -> list[PlateReading]:
    """Every plate, or near plate, in a normalised text, from left to right."""
    found: list[PlateReading] = []
    for reading in (*_said(text), *_civil(text), *(_read(text, *m.span()) for m in _OTHER.finditer(text))):
        if all(reading.end <= other.start or reading.start >= other.end for other in found):
            found.append(reading)
    return sorted(found, key=lambda reading: reading.start)


def _said(text: str) -> Iterator[PlateReading]:
    """Plates with digits said aloud: 浙A 幺两勾F五. Only where they make a valid plate, never a near one."""
    digits = text.translate(_SPOKEN)
    for match in _CIVIL.finditer(digits) if digits != text else ():
        start = match.start()
        for stop in range(match.end(), start + 5, -1):
            reading = _read(digits, start, stop)
            if reading.plate and not reading.suggestion and _is_said(text, start, stop):
                yield reading
                break


def _is_said(text: str, start: int, stop: int) -> bool:
    """Some digits are said, and the last of them does not count what comes next (沪A1234 两次)."""
    spoken = [place for place in range(start, stop) if ord(text[place]) in _SPOKEN]
    behind = text[stop:].lstrip(" ·.-_")[:1]
    if not spoken or text[stop - 1] in " ·.-_么" or re.match("[A-Za-z0-9]", text[stop:]):
        return False
    if spoken[-1] < stop - 1:
        return True
    if behind and (behind in _COUNTED or ord(behind) in _SPOKEN):
        return False
    before = text[start : stop - 1].rstrip(" ·.-_")
    return len(spoken) > 1 or not before[-1].isdigit()


def _civil(text: str) -> Iterator[PlateReading]:
    for match in _CIVIL.finditer(text):
        start, end = match.span()
        spans = [(start, stop) for stop in range(end, start + 5, -1) if text[stop - 1].strip(" ·.-_,")]
        readings = [_read(text, *span) for span in spans if _ends(text, span[1])]
        valid = next((r for r in readings if r.plate), None)
        near = next((r for r in readings if r.suggestion), None)
        yield valid or near or _read(text, start, end)


def _ends(text: str, stop: int) -> bool:
    """No further letter or digit touches the plate."""
    return stop == len(text) or not re.match("[A-Za-z0-9]", text[stop])


def _read(text: str, start: int, end: int) -> PlateReading:
    raw = text[start:end]
    written = _squeeze(raw)
    plate = parse_plate(written)
    if plate and "l" not in raw and "o" not in raw:
        return PlateReading(start, end, written, plate)
    meant = parse_plate(_digits(written if not plate else _squeeze(raw.replace("l", "1"))))
    suggestion = meant.number if meant and meant.number != written else None
    return PlateReading(start, end, written, plate, suggestion)


def _digits(number: str) -> str:
    """O and I behind the two leading characters can only be 0 and 1."""
    return number[:2] + number[2:].replace("O", "0").replace("I", "1")


def _squeeze(text: str) -> str:
    return re.sub(_SEPARATOR, "", text).upper()
