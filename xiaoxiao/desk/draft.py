"""What a citizen confirmed, before it becomes a case; and what came of it."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from xiaoxiao.errors import InvalidRequest
from xiaoxiao.store.case import Case, CaseType

#: characters that are kept; the messages themselves keep the rest
LONGEST_TEXT, LONGEST_PLACE, LONGEST_WORD = 5000, 200, 60
MOST_EVIDENCE = 50
#: a phone's clock may be wrong by this
_AHEAD = timedelta(days=1)
#: the order of letters turned round on the screen of whoever reads it: 甲 shown as 乙
_HIDDEN = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True)
class Draft:
    """Filled by the dialogue; `Cases.file` checks it. Only `what` must be there."""

    what: str
    type: CaseType = CaseType.REPORT
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    when: str = ""  #: as she said it
    happened_at: datetime | None = None  #: if it could be understood
    anonymous: bool = True
    name: str = ""
    phone: str = ""
    evidence: tuple[int, ...] = ()  #: ids of her messages with photo, video, voice, location
    confirmed_by: int | None = None  #: id of the message with her "yes": filed once however often it is run


@dataclass(frozen=True)
class Filed:
    """What `Cases.file` made of it."""

    case: Case
    repeated: bool = (
        False  #: her own open case about the same matter: nothing new was made, evidence was added
    )
    attached: bool = False  #: others reported it before; worked together with theirs


def checked(draft: Draft, now: datetime) -> Draft:
    """Legible, of a bearable length, without what cannot be. InvalidRequest when it says nothing."""
    what = clean(draft.what, LONGEST_TEXT)
    if not any(character.isalnum() for character in what):
        raise InvalidRequest("还没有说是什么事。")
    latitude, longitude = _position(draft.latitude, draft.longitude)
    named = not draft.anonymous
    return replace(
        draft,
        what=what,
        place=clean(draft.place, LONGEST_PLACE),
        latitude=latitude,
        longitude=longitude,
        when=clean(draft.when, LONGEST_WORD),
        happened_at=_possible(draft.happened_at, now),
        # who stays anonymous leaves nothing that names her
        name=clean(draft.name, LONGEST_WORD) if named else "",
        phone=clean(draft.phone, LONGEST_WORD) if named else "",
        evidence=tuple(dict.fromkeys(filter(_is_id, draft.evidence)))[:MOST_EVIDENCE],
        confirmed_by=draft.confirmed_by if _is_id(draft.confirmed_by) else None,
    )


def clean(text: object, longest: int) -> str:
    """Without control characters (line ends stay) and hidden changes of direction; markup is only text here.

    What is no text says nothing (a slot of the dialogue may hold anything); a number is its digits.
    """
    if not isinstance(text, str):
        text = str(text) if type(text) is int else ""
    seen = "".join(
        character
        for character in text[: longest * 2]
        if character == "\n"
        or (unicodedata.category(character) not in ("Cc", "Cs") and character not in _HIDDEN)
    )
    return seen.strip()[:longest]


def _is_id(value: object) -> bool:
    """What a database takes for one."""
    return type(value) is int and 0 < value < 2**63


def _position(latitude: object, longitude: object) -> tuple[float | None, float | None]:
    if not isinstance(latitude, float | int) or not isinstance(longitude, float | int):
        return None, None
    possible = math.isfinite(latitude) and math.isfinite(longitude)
    return (
        (latitude, longitude) if possible and abs(latitude) <= 90 and abs(longitude) <= 180 else (None, None)
    )


def _possible(at: object, now: datetime) -> datetime | None:
    if not isinstance(at, datetime) or at.tzinfo is None:
        return None
    return at if at <= now + _AHEAD else None
