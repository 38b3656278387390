"""Until when she has her answer: hours that run on working days only.

The office promises "within 24 (or 48) hours". The clock starts when somebody is there (at once, or at the next
opening), runs day and night on working days and stands still on the others; what would end at night ends at the
next opening. She is told the moment itself, so there is nothing to reckon for her.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

from xiaoxiao.clock import CHINA
from xiaoxiao.persona import Persona

_DAY = timedelta(days=1)
#: no holiday is longer: a calendar with nothing but holidays must not hang us
_SEARCHED = 60


@dataclass(frozen=True)
class OfficeHours:
    weekdays: frozenset[int]  #: ISO, Monday is 1
    open: time
    close: time
    holidays: frozenset[date] = field(default_factory=frozenset)
    workdays: frozenset[date] = field(default_factory=frozenset)  #: 调休: weekend days that are worked

    @classmethod
    def of(cls, persona: Persona) -> OfficeHours:
        return cls(
            frozenset(persona.weekdays),
            time.fromisoformat(persona.open),
            time.fromisoformat(persona.close),
            _days(persona.holidays),
            _days(persona.workdays),
        )

    def works(self, day: date) -> bool:
        if day in self.workdays:
            return True
        return day.isoweekday() in self.weekdays and day not in self.holidays

    def attended(self, moment: datetime) -> bool:
        """Whether somebody is there."""
        local = moment.astimezone(CHINA)
        return self.works(local.date()) and self.open <= local.time() < self.close

    def next_opening(self, moment: datetime) -> datetime:
        """`moment` itself when somebody is there."""
        if self.attended(moment):
            return moment
        local = moment.astimezone(CHINA)
        day = local.date() if local.time() < self.open else local.date() + _DAY
        return datetime.combine(self._working_day(day), self.open, CHINA).astimezone(timezone.utc)

    def after(self, start: datetime, promise: timedelta) -> datetime:
        """The moment until which a promise made at `start` holds, in UTC."""
        at, left = self.next_opening(start).astimezone(CHINA), promise
        while True:
            midnight = datetime.combine(at.date() + _DAY, time(), CHINA)
            if left <= midnight - at:
                return self._at_work(at + left)
            left -= midnight - at
            at = datetime.combine(self._working_day(at.date() + _DAY), time(), CHINA)

    def last_moment(self, moment: datetime) -> datetime:
        """Closing time of its day, or of the next working day when nobody is there (民法典 203), in UTC."""
        day = self._working_day(moment.astimezone(CHINA).date())
        return datetime.combine(day, self.close, CHINA).astimezone(timezone.utc)

    def _at_work(self, moment: datetime) -> datetime:
        """Closing time is still in time; the night is not."""
        closes = datetime.combine(moment.date(), self.close, CHINA)
        return (moment if moment == closes else self.next_opening(moment)).astimezone(timezone.utc)

    def _working_day(self, day: date) -> date:
        days = (day + n * _DAY for n in range(_SEARCHED))
        return next((each for each in days if self.works(each)), day)


def _days(written: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in written)
