"""Pace: how many messages a minute one contact may have answered. Danger is looked at before this."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

_WINDOW = timedelta(minutes=1)


class Pace:
    """A sliding window per contact, bounded in contacts; `per_minute` 0 means no limit."""

    def __init__(self, per_minute: int, *, contacts: int = 10_000) -> None:
        self._per_minute = per_minute
        self._contacts = contacts
        self._times: OrderedDict[str, deque[datetime]] = OrderedDict()

    def allows(self, contact: str, now: datetime) -> bool:
        if not self._per_minute:
            return True
        times = self._times.setdefault(contact, deque())
        self._times.move_to_end(contact)
        if len(self._times) > self._contacts:
            self._times.popitem(last=False)
        while times and now - times[0] > _WINDOW:
            times.popleft()
        if len(times) >= self._per_minute:
            return False
        times.append(now)
        return True
