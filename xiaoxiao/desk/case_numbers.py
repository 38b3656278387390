"""Case numbers: YJ20261123-0042, as the office gives them and as citizens type them."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from xiaoxiao.clock import CHINA

_TYPED = re.compile(r"(?:YJ)?\s*[-_]?\s*(20\d{6})\s*[-_–—~·.、,/\s]*\s*(\d{1,6})(?!\d)", re.IGNORECASE)
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
