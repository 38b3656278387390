"""Photos, videos, voice, places: taken whenever they come, into the open report or the case just registered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from xiaoxiao.blocking import Blocking
from xiaoxiao.desk.case_notices import CaseNotices
from xiaoxiao.desk.case_numbers import last_filed
from xiaoxiao.desk.cases import Cases
from xiaoxiao.errors import Conflict, NotFound
from xiaoxiao.forms.form import Slot, Values, never
from xiaoxiao.forms.said import LONGEST, Said
from xiaoxiao.forms.showing import Showing
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.port import ConversationStore

#: those that may be the beginning of a report, or more for the last one; a voice message may be anything
LOOSE = frozenset({"image", "video", "shortvideo", "location"})
#: kinds of message that are evidence while a report is told, and what they are called
NAMES = {
    "image": "report_kind_image",
    "video": "report_kind_video",
    "shortvideo": "report_kind_video",
    "voice": "report_kind_voice",
    "location": "report_kind_location",
    "file": "report_kind_file",
    "link": "report_kind_link",
}
#: what comes within so long belongs to the row before it: it is not noted again
ROW = timedelta(seconds=60)
#: so long after a number was given, what she sends is more for that case
OPEN_FOR = timedelta(hours=3)


@dataclass(frozen=True)
class Evidence:
    cases: Cases
    store: ConversationStore
    case_notices: CaseNotices
    blocking: Blocking
    showing: Showing

    def slot(self) -> Slot:
        """Never asked for."""
        return Slot(
            "evidence",
            "report_evidence_noted",
            "report_evidence_noted",
            recognise,
            recognise,
            noted="report_evidence_noted",
            quiet=True,
            hushed=lambda values: bool(values.get("hushed")),
            needed=never,
            facts=self._facts,
        )

    async def await_more(self, said: Said, number: str) -> None:
        """From now on photos belong to this case, for some hours."""
        key, until = self._key(said), said.at + OPEN_FOR
        await self.blocking.call(self.store.remember, key, number, now=said.at, expires_at=until)

    async def later(self, said: Said) -> tuple[Answer, ...] | None:
        """More for the case registered last. () when it is one of a row; None: there is no such case."""
        return await self.blocking.call(self._added, said)

    def _added(self, said: Said) -> tuple[Answer, ...] | None:
        number = self.store.recall(self._key(said), now=said.at)
        if not number:
            return None
        try:
            before = self.cases.look_up(said.contact, number)
            case = self.cases.add(said.contact, number, evidence=(said.message_id,))
        except (Conflict, NotFound):  # done meanwhile, or erased
            return None
        in_row = (
            before.evidence and before.created_at < before.updated_at and said.at - before.updated_at < ROW
        )
        if in_row:
            return ()
        added = self.case_notices.added(case)
        if said.position is None:
            return (added,)
        offers = self.showing.say("report_added_place", at=said.position.written)
        return (replace(added, buttons=offers.buttons),)

    def _key(self, said: Said) -> str:
        return last_filed(self.store.find(said.contact).id)

    def _facts(self, values: Values) -> dict[str, str]:
        kind = self.showing.text(NAMES[values.get("evidence_kind", "image")])
        # nobody listens at once: what is urgent must be called in
        unheard = self.showing.text("report_unheard") if values.get("evidence_kind") == "voice" else ""
        return {"kind": kind, "count": str(files(values)), "unheard": unheard}


def files(values: Values) -> int:
    """How many photos, videos … she has sent; places are counted with none of them."""
    return len(set(values.get("evidence", ())) - set(values.get("places", ())))


async def recognise(said: Said, values: Values) -> Values | None:
    """What is no text. A place is the place of the report besides."""
    if said.kind not in NAMES or said.text:
        return None
    last = values.get("evidence_at")
    hushed = last is not None and said.at - datetime.fromisoformat(last) < ROW
    return {
        "evidence": [*values.get("evidence", ()), said.message_id],
        "evidence_at": said.at.isoformat(),
        "evidence_kind": said.kind,
        "hushed": hushed and said.kind == values.get("evidence_kind") and said.kind != "voice",
    }


def with_voice(said: Said, values: Values, read: Values) -> Values:
    """Her recorded voice is evidence, too, when its words are an answer; and what is too long to be read here."""
    if said.kind != "voice" and len(said.text) < LONGEST:
        return read
    return {**read, "evidence": [*values.get("evidence", ()), said.message_id]}
