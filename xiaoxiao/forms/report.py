"""爆料举报, 网络问政, 对服务的投诉: told in any order, only what is missing is asked, confirmed once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial

from xiaoxiao.blocking import Blocking
from xiaoxiao.desk.case_notices import CaseNotices
from xiaoxiao.desk.cases import Cases
from xiaoxiao.errors import InvalidRequest
from xiaoxiao.forms.belonging import Belonging, wanted
from xiaoxiao.forms.drafting import GRIEVANCE, PETITION, REPORT, draft_of, named_type, shown, summed_up
from xiaoxiao.forms.evidence import Evidence
from xiaoxiao.forms.form import GONE, Again, Done, Form, Misread, Slot, Values
from xiaoxiao.forms.kinds import read_kind, recognise_kind
from xiaoxiao.forms.reaching import read_reach
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing
from xiaoxiao.forms.telling import (
    alarmed,
    corrected_where,
    more,
    nothing,
    opening_what,
    opening_when,
    opening_where,
    read_what,
    read_when,
    read_where,
    recognise_reach,
    sent_place,
)
from xiaoxiao.forms.words import Words
from xiaoxiao.queries.places import Places
from xiaoxiao.store.case import CaseType

_OWN_QUESTIONS = {
    (PETITION, "what"): "petition_what",
    (PETITION, "confirm"): "petition_confirm",
    (GRIEVANCE, "what"): "grievance_what",
    (GRIEVANCE, "confirm"): "grievance_confirm",
}
INTENTS = {REPORT: "report_hazard", PETITION: "complain_or_suggest", GRIEVANCE: "complain_service"}
#: 时间不对,应该是昨天; what begins with 不对 is a correction anyway
_WRONG = re.compile(r"(?<=.)(?:不对|错了|写错|不是|要改|改成)")


@dataclass(frozen=True)
class ReportForms:
    cases: Cases
    case_notices: CaseNotices
    evidence: Evidence
    places: Places
    blocking: Blocking
    showing: Showing
    words: Words

    def forms(self) -> tuple[Form, ...]:
        """A petition needs no time; a grievance neither place nor telephone: she is in this conversation."""
        told = Belonging(self.places, self.showing, self.words).slot(), self.what
        where, contact, end = self.where, self.contact, (self.changing, self.confirm, self.evidence.slot())
        kind = self.kind
        return (
            self._form(REPORT, (*told, kind, where, self.when, contact, *end)),
            self._form(PETITION, (*told, kind, where, contact, *end)),
            self._form(GRIEVANCE, (*told, *end)),
        )

    def _form(self, name: str, slots: tuple[Slot, ...]) -> Form:
        async def finish(values: Values, said: Said) -> Done | Again:
            return await self._filed(name, values, said)

        named = tuple(self._asking(slot, name) for slot in slots)
        kin = tuple(INTENTS.values())
        return Form(
            name,
            INTENTS[name],
            finish,
            named,
            stuck="report_stuck",
            stopped="report_stopped",
            kin=kin,
            passing=lambda values: "loose" in values and "what" not in values,
            alarmed=alarmed,
        )

    # --- slots

    @property
    def what(self) -> Slot:
        return Slot(
            "what",
            "report_what",
            "report_what_misread",
            read_what,
            opening=opening_what,
            corrects=nothing,
            names=("什么事", "事情", "情况", "内容"),
            free=True,
            needed=wanted,
        )

    @property
    def kind(self) -> Slot:
        """Asked only when she wants it changed: the words that open the form tell it."""
        return Slot(
            "type",
            "report_type",
            "report_type_misread",
            read_kind,
            recognise_kind,
            opening=nothing,
            corrects=read_kind,
            names=("类型", "种类"),
            noted="report_type_noted",
            needed=lambda values: wanted(values) and "retype" in values,
        )

    @property
    def where(self) -> Slot:
        return Slot(
            "where",
            "report_where",
            "report_where_misread",
            partial(read_where, self.words),
            sent_place,
            opening=partial(opening_where, self.places),
            corrects=corrected_where,
            names=("地点", "地址", "位置", "地方", "哪里", "在哪"),
            noted="report_where_noted",
            optional=True,
            free=True,
            quiet=True,
            resets=("latitude", "longitude", "sent"),
            needed=wanted,
            facts=shown,
        )

    @property
    def when(self) -> Slot:
        return Slot(
            "when",
            "report_when",
            "report_when_misread",
            read_when,
            opening=opening_when,
            corrects=opening_when,
            names=("时间", "时候", "日期"),
            more=more,
            optional=True,
            needed=lambda values: wanted(values) and values.get("type") in (None, CaseType.REPORT.value),
        )

    @property
    def contact(self) -> Slot:
        return Slot(
            "contact",
            "report_contact",
            "report_contact_misread",
            self._read_contact,
            recognise_reach,
            corrects=self._read_contact_values,
            names=("联系方式", "电话", "手机", "号码", "姓名"),
            more=more,
            resets=("phone", "name"),
            optional=True,
            needed=wanted,
        )

    @property
    def changing(self) -> Slot:
        """Which of it is wrong: opened by 改一下."""
        return Slot(
            "changed",
            "report_changing",
            "report_changing_misread",
            self._read_changing,
            needed=lambda values: "changing" in values,
        )

    @property
    def confirm(self) -> Slot:
        return Slot(
            "confirm",
            "report_confirm",
            "report_confirm_misread",
            self._read_confirm,
            more=more,
            needed=wanted,
        )

    # --- reading

    async def _read_contact(self, said: Said, values: Values) -> Values | Misread | None:
        return read_reach(said, self.words) if said.text else None

    async def _read_contact_values(self, said: Said, values: Values) -> Values | None:
        read = await self._read_contact(said, values)
        return None if isinstance(read, Misread) else read

    async def _read_changing(self, said: Said, values: Values) -> Values | None:
        """The part she names is asked again; what can only be a place, a time or a number is taken at once."""
        parts = (self.what, self.where, self.when, self.contact, self.kind)
        named = next((part for part in parts if any(name in said.plain for name in part.names)), None)
        if named is not None:
            return {named.name: GONE, "changing": GONE, **({"retype": True} if named.name == "type" else {})}
        for part in parts:
            found = await part.corrects(said, values) if part.corrects else None
            if found is not None and not isinstance(found, Misread):
                return {**found, "changing": GONE}
        return None

    async def _read_confirm(self, said: Said, values: Values) -> Values | None:
        if self.words.whole(said.plain, ("submit", "yes")):
            return {"confirm": True}
        if self.words.whole(said.plain, ("change", "no")):
            return {"changing": True}
        return await self._read_changing(said, values) if _WRONG.search(said.plain) else None

    # --- the end

    def _asking(self, slot: Slot, form: str) -> Slot:
        """The same slot in the words of the form, where it has words of its own: report_what, grievance_what."""
        question = _OWN_QUESTIONS.get((form, slot.name), slot.question)
        facts = {
            "type": partial(named_type, self.showing, form),
            "confirm": partial(summed_up, self.showing, form),
        }
        return replace(slot, question=question, facts=facts.get(slot.name, slot.facts))

    async def _filed(self, name: str, values: Values, said: Said) -> Done | Again:
        if not wanted(values):
            return Done((self.showing.say("report_not_now"),))
        try:
            draft = draft_of(name, values, said)
            filed = await self.blocking.call(self.cases.file, said.contact, draft)
        except InvalidRequest:
            return Again(self.what, self.showing.say("report_says_nothing"), {"confirm": GONE})
        await self.evidence.await_more(said, filed.case.number)
        more = self.showing.say("report_filed_grievance" if name == GRIEVANCE else "report_filed_more")
        return Done((self.showing.answer([self.case_notices.filed(filed).text], more),))
