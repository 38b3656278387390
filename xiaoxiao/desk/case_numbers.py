"""Case numbers: YJ20261123-0042, as the office gives them and as citizens type them."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from xiaoxiao.clock import CHINA

_DAY = r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
#: no part of a longer number: a food-tracing code has twenty digits
_TYPED = re.compile(rf"(?<!\d)({_DAY})\s*[-_–—~·.、,/\s]*\s*(\d{{1,6}})(?!\d)")
_DIGITS = 4


def day_of(now: datetime) -> str:
    """The day as it is in China: "20261123"."""
    return now.astimezone(CHINA).strftime("%Y%m%d")


def case_number(day: str, count: int) -> str:
    return f"YJ{day}-{count:0{_DIGITS}d}"


def read_number(text: str) -> str | None:
    """The first case number in what somebody typed (full-width, without YJ, dash or zeros); None: there is none."""
    found = _TYPED.search(unicodedata.normalize("NFKC", text[:500]))
    return case_number(found.group(1), int(found.group(2))) if found else None


def last_filed(conversation_id: int) -> str:
    """The shared fact that says which case is open for more of hers."""
    return f"adding:{conversation_id}"
