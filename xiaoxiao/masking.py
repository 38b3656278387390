"""Telephone, identity-card and account numbers made unreadable: for logs and for files that outlive their owner."""

from __future__ import annotations

import re

_BETWEEN = r"[ \-\u2010-\u2015]?"
#: longest first: an identity number contains what looks like a telephone number
_PATTERNS = (
    re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{9}[0-9Xx](?![0-9A-Za-z])"),  # identity card
    re.compile(r"(?<![0-9A-Za-z])(?:\d" + _BETWEEN + r"){15,18}\d(?![0-9A-Za-z])"),  # bank card
    re.compile(r"(?<!\d)1[3-9]\d" + _BETWEEN + r"\d{4}" + _BETWEEN + r"\d{4}(?!\d)"),  # mobile
    re.compile(r"(?<!\d)0\d{2,3}" + _BETWEEN + r"\d{7,8}(?!\d)"),  # landline
)
_SHOWN = 3  #: characters left at the beginning; two at the end


def mask(text: str) -> str:
    """The same text, such numbers with only their ends: 138******78."""
    text = _digits_plain(text)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: _hidden(found.group()), text)
    return text


def mask_id(contact: str) -> str:
    """An openid as logs and lists may show it: enough to tell two apart, too little to write to one."""
    return f"{contact[:4]}…{contact[-2:]}" if len(contact) > 8 else "…"


def mask_name(name: str) -> str:
    """王小明 → 王**; "" stays ""."""
    return name[:1] + "**" if name else ""


def _hidden(number: str) -> str:
    return number[:_SHOWN] + "*" * (len(number) - _SHOWN - 2) + number[-2:]


def _digits_plain(text: str) -> str:
    """Full-width digits hide nothing."""
    return text.translate({ord("0") + n: str(n) for n in range(10)})
