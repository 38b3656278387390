"""A circuit breaker: while a back end is down, a citizen is told so at once instead of waiting for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from xiaoxiao.clock import Clock
from xiaoxiao.errors import QueryUnavailable


class Breaker:
    """Opens after `failures` in a row; after `pause` one caller tries again, and its luck decides for all."""

    def __init__(self, clock: Clock, *, failures: int = 5, pause: timedelta = timedelta(seconds=30)) -> None:
        self._clock = clock
        self._limit = failures
        self._pause = pause
        self._failures = 0
        self._open_until: datetime | None = None

    def enter(self) -> None:
        """Before a call. QueryUnavailable while the circuit is open."""
        if self._open_until is None:
            return
        now = self._clock.now()
        if now < self._open_until:
            raise QueryUnavailable
        self._open_until = now + self._pause  # this caller tries; the others go on waiting

    def succeeded(self) -> None:
        self._failures, self._open_until = 0, None

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= self._limit:
            self._open_until = self._clock.now() + self._pause
