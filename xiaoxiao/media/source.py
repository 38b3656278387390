"""Where media come from: the platform that keeps them for three days."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from xiaoxiao.store.medium import Medium


class MediaGone(Exception):
    """The platform has it no more."""


class MediaRefused(Exception):
    """It will not do, however often it is asked for (too large)."""


class MediaUnavailable(Exception):
    """Not now; perhaps later."""

    def __init__(self, message: str, *, after: timedelta = timedelta(0)) -> None:
        super().__init__(message)
        self.after = after  #: not before


class MediaSource(Protocol):
    async def fetch(self, medium: Medium, *, limit: int) -> bytes:
        """At most `limit` bytes. MediaGone, MediaRefused, MediaUnavailable."""
