"""Answered at once: where the earth shook and where a typhoon is, as measured; nothing is predicted."""

from __future__ import annotations

from dataclasses import dataclass

from xiaoxiao.forms.form import Done, Form, Values
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing, moment, shown
from xiaoxiao.queries.quakes import Quake, Quakes
from xiaoxiao.queries.typhoons import Typhoon, Typhoons

QUAKES = 3


@dataclass(frozen=True)
class Measurements:
    quakes: Quakes
    typhoons: Typhoons
    showing: Showing

    def forms(self) -> tuple[Form, ...]:
        return (
            Form("quakes", "query_quake", self.shaken),
            Form("typhoons", "query_typhoon", self.approaching),
        )

    async def shaken(self, values: Values, said: Said) -> Done:
        found = await self.quakes.latest(limit=QUAKES)
        lines = [
            self.showing.text("quakes_head" if found else "quakes_none"),
            *(self._quake(number, quake) for number, quake in enumerate(found.items, 1)),
            self.showing.origin(found.origin, incomplete=found.incomplete),
        ]
        return Done((self.showing.answer(lines, self.showing.say("quakes_tail")),))

    async def approaching(self, values: Values, said: Said) -> Done:
        found = await self.typhoons.active()
        lines = [
            self.showing.text("typhoons_head" if found else "typhoons_none"),
            *(self._typhoon(typhoon) for typhoon in found.items),
            self.showing.origin(found.origin, incomplete=found.incomplete),
        ]
        return Done((self.showing.answer(lines, self.showing.say("typhoons_tail")),))

    def _quake(self, number: int, quake: Quake) -> str:
        return self.showing.text(
            "quakes_one",
            number=str(number),
            at=moment(quake.at),
            place=quake.place,
            magnitude=f"{quake.magnitude:.1f}",
            depth="" if quake.depth_km is None else f"{quake.depth_km:g}",
            reviewed=self.showing.text("quakes_reviewed" if quake.reviewed else "quakes_automatic"),
            issuer=quake.issuer,
        )

    def _typhoon(self, typhoon: Typhoon) -> str:
        return self.showing.text(
            "typhoons_one",
            number=typhoon.number,
            called=typhoon.name,
            at=moment(typhoon.at),
            place=shown(typhoon.place),
            latitude=f"{typhoon.latitude:g}",
            longitude=f"{typhoon.longitude:g}",
            grade=shown(typhoon.grade),
            wind="" if typhoon.wind_ms is None else f"{typhoon.wind_ms:g}",
            heading=shown(typhoon.heading),
            speed="" if typhoon.speed_kmh is None else f"{typhoon.speed_kmh:g}",
            issuer=typhoon.issuer,
            link=shown(typhoon.link),
        )
