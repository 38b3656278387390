"""What she did, as a form reads it: words, a place, a photo."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.queries.positions import Position
from xiaoxiao.store.conversation import Incoming

#: characters of a message that are read; the store keeps the whole
LONGEST = 1000


@dataclass(frozen=True)
class Said:
    """One message. Its words are hers, or those an option of ours stands for."""

    contact: str = field(repr=False)
    message_id: int
    at: datetime  #: by our own clock
    text: str = field(default="", repr=False)  #: without control characters; "" when nothing was said
    kind: str = "text"  #: text image voice video shortvideo location link file event …
    position: Position | None = None  #: a location that was sent
    label: str = field(default="", repr=False)  #: what the phone calls that place
    payload: str | None = None  #: a command of ours ("/query_alert"): no words of hers
    chosen: bool = False  #: the words are those of an option of ours

    @cached_property
    def plain(self) -> str:
        """The normal form of the words: half width, simplified, digits for digits said aloud."""
        return normalise(self.text).text


def said(
    incoming: Incoming,
    message_id: int,
    at: datetime,
    *,
    text: str | None = None,
    payload: str | None = None,
) -> Said:
    """`text`: what an option stands for, instead of the number that chose it."""
    return Said(
        incoming.contact,
        message_id,
        at,
        text=clean(incoming.text if text is None else text)[:LONGEST],
        kind=incoming.kind,
        position=_position(incoming),
        label=clean(str(incoming.fields.get("Label") or ""))[:200],
        payload=payload,
        chosen=text is not None and payload is None,
    )


def clean(text: str) -> str:
    """Without control characters, hidden changes of direction and zero-width letters; line ends stay."""
    seen = (c if c.isprintable() or c == "\n" else " " if c.isspace() else "" for c in text[: LONGEST * 4])
    return "".join(seen).strip()


def _position(incoming: Incoming) -> Position | None:
    if incoming.kind != "location":
        return None
    try:
        latitude, longitude = (float(str(incoming.fields[key])) for key in ("Location_X", "Location_Y"))
        return Position(latitude, longitude) if math.isfinite(latitude + longitude) else None
    except (KeyError, ValueError):
        return None
