"""Who may see a vehicle's violations, and how often she may be wrong."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Protocol

from xiaoxiao.clock import Clock
from xiaoxiao.queries.errors import OwnerUnproven, TooManyTries
from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.violations import OwnerClaim, ViolationRecord, ViolationSource

#: wrong tries in a day: for one vehicle, and for all the vehicles a contact asks after
TRIES_PER_VEHICLE = 3
TRIES_PER_CONTACT = 10
DAY = timedelta(days=1)


class Tries(Protocol):
    """Counters shared by all workers. Keys say nothing about whose they are."""

    async def count(self, key: str, *, now: datetime, lapse: timedelta) -> tuple[int, datetime]:
        """Add one; return how many there are now and when the counter ends. It begins anew after `lapse`."""

    async def give_back(self, key: str, *, now: datetime) -> None:
        """Take one off: it was no wrong try."""


class Violations:
    """The query as citizens reach it. A try is counted before it is made: two at once are two."""

    def __init__(self, source: ViolationSource, tries: Tries, clock: Clock) -> None:
        self._source = source
        self._tries = tries
        self._clock = clock

    async def look_up(self, claim: OwnerClaim, *, contact: str) -> Findings[ViolationRecord]:
        """As `ViolationSource.look_up`; TooManyTries (with `until`) after three wrong ones for a vehicle."""
        keys = {
            _key(contact, claim.plate.number): TRIES_PER_VEHICLE,
            _key(contact, ""): TRIES_PER_CONTACT,
        }
        now = self._clock.now()
        counted = {key: await self._tries.count(key, now=now, lapse=DAY) for key in keys}
        over = [until for key, (tries, until) in counted.items() if tries > keys[key]]
        if over:
            await self._give_back(keys)
            raise TooManyTries(max(over))
        try:
            findings = await self._source.look_up(claim)
        except OwnerUnproven:
            raise
        except BaseException:
            await self._give_back(keys)
            raise
        await self._give_back(keys)
        return findings

    async def _give_back(self, keys: dict[str, int]) -> None:
        for key in keys:
            await self._tries.give_back(key, now=self._clock.now())


def _key(contact: str, plate: str) -> str:
    return "violation:" + hashlib.sha256(f"{contact}\0{plate}".encode()).hexdigest()[:32]
