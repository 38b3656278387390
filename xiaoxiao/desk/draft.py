"""What a citizen confirmed, before it becomes a case; and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xiaoxiao.store.case import Case, CaseType


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
