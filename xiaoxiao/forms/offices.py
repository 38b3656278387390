"""Answered at once: whom to call and where to go for a purpose, and what to bring for a matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xiaoxiao.forms.form import Done, Form, Values
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing, shown
from xiaoxiao.forms.warnings import district_of
from xiaoxiao.forms.words import Words
from xiaoxiao.knowledge.hotlines import Hotline, Hotlines
from xiaoxiao.queries.bureaus import Bureau, Bureaus
from xiaoxiao.queries.entries import Entries, Entry
from xiaoxiao.queries.errors import UNAVAILABLE, NoData
from xiaoxiao.queries.matching import best, likeness
from xiaoxiao.queries.places import Places

MOST = 2
#: a wrong number is worse than the general list
_SURELY = 0.5


@dataclass(frozen=True)
class Offices:
    bureaus: Bureaus
    entries: Entries
    places: Places
    hotlines: Hotlines
    showing: Showing
    words: Words

    def forms(self) -> tuple[Form, ...]:
        """What names no purpose is answered with the general list beside the form (NoData)."""
        return (
            Form("hotlines", "query_hotline", self.call),
            Form("entries", "government_service", self.bring),
        )

    async def call(self, values: Values, said: Said) -> Done:
        purpose = self.words.without(said.plain, "filler")
        if not purpose.strip():
            raise NoData
        fitting = (h for h in self.hotlines.values() if h.shown and likeness(purpose, _phrases(h)) >= _SURELY)
        national = best(purpose, fitting, _phrases, MOST)
        try:
            local = await self._local(said, purpose)
        except UNAVAILABLE:
            if not national:
                raise
            local = [], self.showing.text("hotlines_local_missing")
        bureaus, origin = local
        if not national and not bureaus:
            raise NoData
        lines = [*bureaus, *(self._hotline(hotline) for hotline in national), origin]
        return Done((self.showing.answer(lines, self.showing.say("hotlines_tail")),))

    async def bring(self, values: Values, said: Said) -> Done:
        found = await self.entries.find(said.text, limit=MOST) if said.text else None
        if not found:
            raise NoData
        lines = [
            *self.showing.fitting(map(self._entry, found.items), MOST),
            self.showing.origin(found.origin, incomplete=found.incomplete),
        ]
        return Done((self.showing.answer(lines, self.showing.say("entries_tail")),))

    async def _local(self, said: Said, purpose: str) -> tuple[list[str], str]:
        """Its bureaus, and whose table that is. Empty: this office has none; the national numbers still hold."""
        district = await district_of(said, self.places)
        try:
            found = await self.bureaus.find(purpose, district=district, limit=MOST)
        except NoData:
            return [], ""
        if not found:
            return [], ""
        origin = self.showing.origin(found.origin, incomplete=found.incomplete)
        return self.showing.fitting(map(self._bureau, found.items), MOST), origin

    def _hotline(self, hotline: Hotline) -> str:
        return self.showing.text(
            "hotlines_one",
            called=hotline.name,
            number=hotline.number,
            purpose=hotline.purpose,
            hours=hotline.available,
        )

    def _bureau(self, bureau: Bureau) -> str:
        return self.showing.text(
            "bureaus_one",
            called=bureau.name,
            number=shown(bureau.phone),
            address=shown(bureau.address),
            hours=shown(bureau.hours),
            note=shown(bureau.note),
        )

    def _entry(self, entry: Entry) -> str:
        return self.showing.text(
            "entries_one",
            title=entry.title,
            department=entry.department,
            bring=self.showing.text("entries_and").join(entry.bring),
            where=shown(entry.where),
            note=shown(entry.note),
            link=shown(entry.link),
            checked=shown(entry.checked_on),
        )


def _phrases(hotline: Hotline) -> Iterable[str]:
    """The number itself, its name, and each of its purposes."""
    purposes = hotline.purpose.replace("、", " ").replace(",", " ").replace("的", " ").split()
    return (hotline.number, hotline.name, *(purpose for purpose in purposes if len(purpose) > 1))
