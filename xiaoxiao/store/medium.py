"""A photo, video or voice message a citizen sent: where it is, whether we have it, which file it became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from xiaoxiao.store.conversation import Incoming

#: kinds of message that bring a file along
KINDS = frozenset({"image", "voice", "video", "shortvideo"})


class MediumState(str, Enum):
    PENDING = "pending"  #: to be fetched; the platform deletes it after three days
    KEPT = "kept"  #: in the storage, under its digest
    GONE = "gone"  #: the platform had it no more
    REFUSED = "refused"  #: too large, or not the kind of file it claims to be
    ERASING = "erasing"  #: her data was erased: the file is still to be deleted


@dataclass(frozen=True)
class Medium:
    """A row of `media`, made in the same transaction as the message it came with."""

    conversation_id: int | None  #: None once her data has been erased
    message_id: int | None  #: None once the message has been erased
    kind: str  #: image voice video shortvideo
    source: str  #: the platform's id of it (media_id)
    url: str  #: where else it may be had (PicUrl); "" for nowhere
    format: str  #: what a voice message says it is ("amr", "speex"); "" otherwise
    state: MediumState
    created_at: datetime
    case_id: int | None = None
    attempts: int = 0
    next_attempt_at: datetime | None = None
    digest: str = ""  #: SHA-256 of the content, 64 hex digits
    size: int = 0  #: bytes
    content_type: str = ""  #: by its first bytes, never by name
    error: str = ""
    id: int = 0


def medium_of(incoming: Incoming, message_id: int, conversation_id: int, now: datetime) -> Medium | None:
    """What is to be fetched for this message; None for words, locations and events."""
    fields = incoming.fields
    source, url = (str(fields.get(name) or "").replace("\x00", "") for name in ("MediaId", "PicUrl"))
    if incoming.kind not in KINDS or not (source or url):
        return None
    return Medium(
        conversation_id=conversation_id,
        message_id=message_id,
        kind=incoming.kind,
        source=source,
        url=url,
        format=str(fields.get("Format") or "")[:20].lower(),
        state=MediumState.PENDING,
        created_at=now,
    )
