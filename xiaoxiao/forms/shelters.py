"""避难场所: where she is (sent, or named), then the three nearest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xiaoxiao.delivery.composition import LIMIT, render
from xiaoxiao.delivery.cutting import size
from xiaoxiao.forms.form import GONE, Available, Done, Form, Misread, Slot, Values
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing, shown
from xiaoxiao.forms.words import Words
from xiaoxiao.queries.errors import NoData
from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.places import Place, Places
from xiaoxiao.queries.positions import Position
from xiaoxiao.queries.shelters import NearbyShelter, Shelters
from xiaoxiao.store.conversation import Answer, Button

NEAREST = 3
_BARRIER_FREE = "barrier_free"


@dataclass(frozen=True)
class ShelterForm:
    shelters: Shelters
    places: Places
    showing: Showing
    words: Words
    offered: Available

    def form(self) -> Form:
        return Form(
            "shelters",
            "find_shelter",
            self.finish,
            (self.which, self.where),
            stuck="shelters_stuck",
            elsewhere="shelters_elsewhere",
            offered=self.offered,
            given=("at",),  # a location that was sent before any word
        )

    @property
    def which(self) -> Slot:
        """Several places of one name: asked back."""
        return Slot(
            "which_one",
            "shelters_which",
            "shelters_which_misread",
            self._read_which,
            needed=lambda values: "which" in values,
            facts=lambda values: {"called": values["which"][0]["name"] if "which" in values else ""},
            choices=lambda values: tuple(
                Button(p["district"], p["district"]) for p in values.get("which", ())
            ),
        )

    @property
    def where(self) -> Slot:
        return Slot(
            "where",
            "shelters_where",
            "shelters_misread",
            self._read_where,
            self._recognise_where,
            names=("位置", "地点", "地方"),
            needed=lambda values: _given(values) is None,
        )

    async def _read_which(self, said: Said, values: Values) -> Values | None:
        chosen = [place for place in values["which"] if place["district"] in said.plain]
        return {"where": chosen[0], "which": GONE} if len(chosen) == 1 else None

    async def _recognise_where(self, said: Said, values: Values) -> Values | None:
        read = await self._read_where(said, values)
        return None if isinstance(read, Misread) else read

    async def _read_where(self, said: Said, values: Values) -> Values | Misread | None:
        barrier_free = {_BARRIER_FREE: True} if self.words.within(said.plain, (_BARRIER_FREE,)) else {}
        if said.position is not None:
            return {"where": _sent(said.label, said.position), "which": GONE}
        if not said.text:
            return None
        try:
            found = (await self.places.named(said.text)).items
        except NoData:
            return Misread("shelters_no_places")
        alike = [place for place in found if place.name == found[0].name]
        if len(alike) > 1:
            return {"which": [_kept(place) for place in alike], **barrier_free}
        return {"where": _kept(found[0]), "which": GONE, **barrier_free} if found else None

    async def finish(self, values: Values, said: Said) -> Done:
        given = _given(values)
        where: Mapping[str, Any] = values["where"] if given is None else _sent("", given)
        position = Position(where["latitude"], where["longitude"])
        barrier_free = bool(values.get(_BARRIER_FREE))
        findings = await self.shelters.near(position, limit=NEAREST, barrier_free=barrier_free)
        name = where["name"] or self.showing.text("shelters_here")
        return Done((self._in_one_message(findings, name),))

    def _in_one_message(self, findings: Findings[NearbyShelter], name: str) -> Answer:
        """Who must go now reads no second page: rather two shelters than three."""
        answer = self._found(findings, findings.items, name)
        for count in range(len(findings.items) - 1, 0, -1):
            if size(render(answer)) <= LIMIT:
                break
            answer = self._found(findings, findings.items[:count], name)
        return answer

    def _found(self, findings: Findings[NearbyShelter], shown: Sequence[NearbyShelter], name: str) -> Answer:
        lines = [
            self.showing.text("shelters_head" if shown else "shelters_none", called=name),
            *(self._one(number, near) for number, near in enumerate(shown, 1)),
            self.showing.origin(findings.origin, incomplete=findings.incomplete),
        ]
        return self.showing.answer(lines, self.showing.say("shelters_tail"))

    def _one(self, number: int, near: NearbyShelter) -> str:
        shelter = near.shelter
        barrier_free = {True: "shelters_barrier_free", False: "shelters_steps", None: ""}[
            shelter.barrier_free
        ]
        is_open = "shelters_open" if shelter.is_open else "shelters_maybe_closed"
        return self.showing.text(
            "shelters_one",
            number=str(number),
            called=shelter.name,
            distance=self._distance(near.distance_m),
            address=shelter.address,
            capacity=shown(shelter.capacity),
            barrier_free=self.showing.text(barrier_free) if barrier_free else "",
            open=self.showing.text(is_open),
            phone=shown(shelter.phone),
            note=shown(shelter.note),
            link=shelter.map_link,
        )

    def _distance(self, metres: float) -> str:
        if metres < 1000:
            return self.showing.text("shelters_metres", distance=f"{max(10, round(metres, -1)):.0f}")
        return self.showing.text("shelters_kilometres", distance=f"{metres / 1000:.1f}")


def _given(values: Values) -> Position | None:
    return Position.read(str(values.get("at") or ""))


def _kept(place: Place) -> dict[str, object]:
    return {
        "name": place.name,
        "district": place.district,
        "latitude": place.position.latitude,
        "longitude": place.position.longitude,
    }


def _sent(label: str, position: Position) -> dict[str, object]:
    return {"name": label, "latitude": position.latitude, "longitude": position.longitude}
