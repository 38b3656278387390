"""Temporary media (临时素材): what citizens sent and what the account uploaded, for three days."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

LIFETIME = timedelta(days=3)

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mp3"),
)


@dataclass(frozen=True)
class Medium:
    media_id: str
    kind: str  #: image voice video thumb file
    content: bytes
    created_at: datetime

    @property
    def content_type(self) -> str:
        """By the first bytes; what is not known is never shown as anything but bytes."""
        if self.content[:4] == b"RIFF" and self.content[8:12] == b"WEBP":
            return "image/webp"
        if self.content[4:8] == b"ftyp":
            return "video/mp4"
        known = (kind for start, kind in _SIGNATURES if self.content.startswith(start))
        return next(known, "application/octet-stream")


class Shelf:
    """Keeps media until they expire; the oldest go first when there are too many bytes."""

    def __init__(self, *, limit_bytes: int = 200_000_000) -> None:
        self._media: dict[str, Medium] = {}
        self._limit = limit_bytes

    def put(self, kind: str, content: bytes, *, now: datetime) -> Medium:
        medium = Medium(secrets.token_urlsafe(48), kind, content, now)
        self._media[medium.media_id] = medium
        while len(self._media) > 1 and sum(len(m.content) for m in self._media.values()) > self._limit:
            del self._media[next(iter(self._media))]
        return medium

    def get(self, media_id: str, *, now: datetime) -> Medium | None:
        """None when it never existed or is older than three days."""
        medium = self._media.get(media_id)
        if medium and now - medium.created_at >= LIFETIME:
            del self._media[media_id]
            return None
        return medium
