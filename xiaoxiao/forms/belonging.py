"""A photo, a video or a place came before any word: is it the beginning of a report?"""

from __future__ import annotations

from dataclasses import dataclass

from xiaoxiao.forms.evidence import NAMES
from xiaoxiao.forms.form import GONE, Misread, Slot, Values
from xiaoxiao.forms.kinds import with_kind
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing
from xiaoxiao.forms.telling import announces, kind, loose, more, opening_when, opening_where, sent_at
from xiaoxiao.forms.words import Words
from xiaoxiao.queries.places import Places
from xiaoxiao.store.conversation import Answer

#: where exactly a location was sent from: a name that is told besides does not undo it
_SENT = ("latitude", "longitude", "sent")


@dataclass(frozen=True)
class Belonging:
    places: Places
    showing: Showing
    words: Words

    def slot(self) -> Slot:
        return Slot(
            "belongs",
            "report_belongs",
            "report_belongs_misread",
            self._read,
            opening=loose,
            free=True,
            needed=lambda values: "loose" in values,
            facts=lambda values: {
                "kind": self.showing.text(NAMES[kind(values)]),
                "asks": self._asks(values).text,
            },
            choices=lambda values: self._asks(values).buttons,
        )

    def _asks(self, values: Values) -> Answer:
        """What may be done with a place is more than with a photo."""
        if kind(values) != "location":
            return self.showing.say("report_belongs_asks")
        return self.showing.say("report_belongs_place", at=sent_at(values))

    async def _read(self, said: Said, values: Values) -> Values | Misread | None:
        right = self.words.yes(said.plain)
        if right is not None or not said.text:
            return None if right is None else {"belongs": right, "loose": GONE}
        what = await more(said, values)
        if what is None and not announces(said):
            return None
        told = what or with_kind(said, values)
        return {"belongs": True, "loose": GONE, **await self._circumstances(said, values), **told}

    async def _circumstances(self, said: Said, values: Values) -> Values:
        where = await opening_where(self.places, said, values) or {}
        sent = {name: values[name] for name in _SENT if name in values} if where else {}
        return {**sent, **where, **(await opening_when(said, values) or {})}


def wanted(values: Values) -> bool:
    """Not when she has said that what she sent belongs to no report."""
    return values.get("belongs") is not False
