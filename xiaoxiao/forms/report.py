"""爆料举报, 网络问政, 对服务的投诉: told in any order, only what is missing is asked, confirmed once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from xiaoxiao.blocking import Blocking
from xiaoxiao.desk.case_notices import CaseNotices
from xiaoxiao.desk.cases import Cases
from xiaoxiao.desk.draft import Draft
from xiaoxiao.errors import InvalidRequest
from xiaoxiao.forms.evidence import LOOSE, Evidence, with_voice
from xiaoxiao.forms.form import GONE, Again, Done, Form, Misread, Slot, Values
from xiaoxiao.forms.happened import find_when, moment_of, read_when
from xiaoxiao.forms.reaching import find_reach, read_reach
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing
from xiaoxiao.forms.whereabouts import find_place, fits_place
from xiaoxiao.forms.words import Words, bare
from xiaoxiao.queries.errors import NoData
from xiaoxiao.queries.places import Places
from xiaoxiao.store.case import CaseType

REPORT, PETITION, GRIEVANCE = "report", "petition", "grievance"
INTENTS = {REPORT: "report_hazard", PETITION: "complain_or_suggest", GRIEVANCE: "complain_service"}
_SHORTEST = 4  #: characters that say what happened
_SHORTEST_PLACE = 2
_SHOWN = 120  #: characters of her words in the summary
_SUGGESTS = re.compile(r"建议|希望|提议|能不能(?:加|增|设|装|开)|可以考虑|意见")
_VERB = re.compile(r"举报|爆料|报料|投诉|检举|告发|反映|反应|上报|报告|登记|建议|意见")
_WRONG = re.compile(r"不对|错|改|不是")
#: said to announce a report; what is left says what it is about
_ANNOUNCED = re.compile(
    r"我?(?:要|想|来|得)*(?:实名|匿名)?(?:举报|爆料|报料|爆个料|投诉|检举|告发|反映|反应|上报|报告|提个?建议|提个?意见|登记)"
    r"(?:一?下|一?个)?(?:安全)?(?:隐患|问题|情况|线索|险情|事情?)?|你好|您好|喂|在吗|怎么|可以吗|吗|吧|啊|呢"
    r"|(?:发现|有)了?一?个?(?:安全)?(?:隐患|险情)|有(?:个)?(?:情况|线索|问题)|我有话说|网络问政|(?:我|你们)?(?:对)?(?:服务|态度)?不?满意|我"
)
_SAFE = str.maketrans("<>", "＜＞")


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
        told = self.belongs, self.what
        where, contact, end = self.where, self.contact, (self.changing, self.confirm, self.evidence.slot())
        return (
            self._form(REPORT, (*told, where, self.when, contact, *end)),
            self._form(PETITION, (*told, where, contact, *end)),
            self._form(GRIEVANCE, (*told, *end)),
        )

    def _form(self, name: str, slots: tuple[Slot, ...]) -> Form:
        async def finish(values: Values, said: Said) -> Done | Again:
            return await self._filed(name, values, said)

        named = tuple(_asking(slot, name) for slot in slots)
        kin = tuple(INTENTS.values())
        return Form(
            name,
            INTENTS[name],
            finish,
            named,
            stuck="report_stuck",
            stopped="report_stopped",
            kin=kin,
            passing=lambda values: "loose" in values,
        )

    # --- slots

    @property
    def belongs(self) -> Slot:
        """A photo came before any word: does it belong to a report?"""
        return Slot(
            "belongs",
            "report_belongs",
            "report_belongs_misread",
            self._read_belongs,
            opening=_loose,
            free=True,
            needed=lambda values: "loose" in values,
            facts=lambda values: {"kind": self.showing.text(f"report_kind_{_kind(values)}")},
            choices=lambda values: (
                self.showing.say("report_belongs_place").buttons if _kind(values) == "location" else ()
            ),
        )

    @property
    def what(self) -> Slot:
        return Slot(
            "what",
            "report_what",
            "report_what_misread",
            _read_what,
            opening=_opening_what,
            corrects=_nothing,
            names=("什么事", "事情", "情况", "内容"),
            free=True,
            needed=_wanted,
        )

    @property
    def where(self) -> Slot:
        return Slot(
            "where",
            "report_where",
            "report_where_misread",
            self._read_where,
            _sent_place,
            opening=self._opening_where,
            corrects=_corrected_where,
            names=("地点", "地址", "位置", "地方", "哪里", "在哪"),
            noted="report_where_noted",
            optional=True,
            free=True,
            quiet=True,
            resets=("latitude", "longitude", "sent"),
            needed=_wanted,
            facts=_shown,
        )

    @property
    def when(self) -> Slot:
        return Slot(
            "when",
            "report_when",
            "report_when_misread",
            _read_when,
            opening=_opening_when,
            corrects=_opening_when,
            names=("时间", "时候", "日期"),
            more=_more,
            optional=True,
            needed=_wanted,
        )

    @property
    def contact(self) -> Slot:
        return Slot(
            "contact",
            "report_contact",
            "report_contact_misread",
            self._read_contact,
            _recognise_reach,
            corrects=self._read_contact_values,
            names=("联系方式", "电话", "手机", "号码", "姓名"),
            more=_more,
            resets=("phone", "name"),
            optional=True,
            needed=_wanted,
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
            more=_more,
            needed=_wanted,
            facts=self._summary,
        )

    # --- reading

    async def _read_belongs(self, said: Said, values: Values) -> Values | Misread | None:
        right = self.words.yes(said.plain)
        if right is not None or not said.text:
            return None if right is None else {"belongs": right, "loose": GONE}
        what = _announced_what(said)
        if what is None and not _VERB.search(said.plain):
            return None
        known = await self._opening_where(said, values) or {}
        when = await _opening_when(said, values) or {}
        return {"belongs": True, "loose": GONE, **known, **when, **({"what": what} if what else {})}

    async def _opening_where(self, said: Said, values: Values) -> Values | None:
        if (sent := await _sent_place(said, values)) is not None or not said.text:
            return sent
        if place := find_place(said.plain):
            return {"where": place}
        try:
            named = (await self.places.named(said.text)).items
        except NoData:
            return None
        particular = [place for place in named if place.kind.value != "district"]
        return {"where": particular[0].name} if particular else None

    async def _read_where(self, said: Said, values: Values) -> Values | Misread | None:
        if (sent := await _sent_place(said, values)) is not None:
            return sent
        if not said.text:
            return None
        if len(bare(said.text)) < _SHORTEST_PLACE or bare(said.text).isdecimal() or self._only_word(said):
            return Misread("report_where_misread")
        return with_voice(said, values, {"where": said.text})

    def _only_word(self, said: Said) -> bool:
        return self.words.yes(said.plain) is not None

    async def _read_contact(self, said: Said, values: Values) -> Values | Misread | None:
        return read_reach(said, self.words) if said.text else None

    async def _read_contact_values(self, said: Said, values: Values) -> Values | None:
        read = await self._read_contact(said, values)
        return None if isinstance(read, Misread) else read

    async def _read_changing(self, said: Said, values: Values) -> Values | None:
        """The part she names is asked again; what can only be a place, a time or a number is taken at once."""
        parts = (self.what, self.where, self.when, self.contact)
        named = next((part for part in parts if any(name in said.plain for name in part.names)), None)
        if named is not None:
            return {named.name: GONE, "changing": GONE}
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

    def _summary(self, values: Values) -> dict[str, str]:
        named = values.get("contact") == "named"
        contact = "report_named" if named else "report_anonymous"
        return {
            **_shown(values),
            "sent": self.showing.text("report_sent") if values.get("sent") else "",
            "contact": self.showing.text(contact, **_reach(values)) if "contact" in values else "",
        }

    async def _filed(self, name: str, values: Values, said: Said) -> Done | Again:
        if values.get("belongs") is False:
            return Done((self.showing.say("report_not_now"),))
        try:
            draft = _draft(name, values, said)
            filed = await self.blocking.call(self.cases.file, said.contact, draft)
        except InvalidRequest:
            return Again(self.what, self.showing.say("report_says_nothing"), {"confirm": GONE})
        await self.evidence.await_more(said, filed.case.number)
        more = self.showing.say("report_filed_grievance" if name == GRIEVANCE else "report_filed_more")
        return Done((self.showing.answer([self.case_notices.filed(filed).text], more),))


def _asking(slot: Slot, form: str) -> Slot:
    """The same slot in the words of the form, where it has words of its own: report_what, grievance_what."""
    if form == REPORT or slot.name not in ("what", "confirm"):
        return slot
    return replace(slot, question=f"{form}_{slot.name}")


def _kind(values: Values) -> str:
    return str(values.get("evidence_kind", "image"))


async def _more(said: Said, values: Values) -> Values | None:
    what = _announced_what(said)
    return {"what": f"{values.get('what') or ''}\n{what}".strip()} if what else None


def _wanted(values: Values) -> bool:
    return values.get("belongs") is not False


async def _nothing(said: Said, values: Values) -> None:
    return None


async def _loose(said: Said, values: Values) -> Values | None:
    """The form was opened by a photo alone."""
    return {"loose": True, "evidence_kind": said.kind} if said.kind in LOOSE and not said.text else None


def _announced_what(said: Said) -> str | None:
    """Her words, if they say more than that she wants to report something."""
    rest = bare(_ANNOUNCED.sub("", said.plain))
    return said.text if len(rest) >= _SHORTEST else None


async def _opening_what(said: Said, values: Values) -> Values | None:
    what = _announced_what(said) if said.text else None
    return with_voice(said, values, {"what": what}) if what else None


async def _read_what(said: Said, values: Values) -> Values | Misread | None:
    if not said.text:
        return None
    if _announced_what(said) is None:
        return Misread("report_what_misread")
    found: dict[str, object] = {"what": said.text}
    if "where" not in values and (place := find_place(said.plain)):
        found["where"] = place
    if "when" not in values and (when := find_when(said.plain)):
        found["when"] = when
    return with_voice(said, values, found)


async def _sent_place(said: Said, values: Values) -> Values | None:
    if said.position is None:
        return None
    place = {"latitude": said.position.latitude, "longitude": said.position.longitude}
    told = str(values.get("where") or "") or said.label
    evidence = [*values.get("evidence", ()), said.message_id]
    return {"where": told or None, **place, "sent": True, "evidence": list(dict.fromkeys(evidence))}


async def _corrected_where(said: Said, values: Values) -> Values | None:
    place = fits_place(said.plain)
    return {"where": place} if place else None


async def _opening_when(said: Said, values: Values) -> Values | None:
    when = find_when(said.plain) if said.text else None
    return {"when": when} if when else None


async def _read_when(said: Said, values: Values) -> Values | None:
    when = read_when(said.plain) if said.text else None
    return {"when": when} if when else None


async def _recognise_reach(said: Said, values: Values) -> Values | None:
    return find_reach(said) if said.text else None


def _reach(values: Values) -> dict[str, str]:
    return {"called": str(values.get("name") or ""), "phone": str(values.get("phone") or "")}


def _shown(values: Values) -> dict[str, str]:
    what = str(values.get("what") or "").translate(_SAFE)
    evidence = len(values.get("evidence", ()))
    return {
        "what": what if len(what) <= _SHOWN else f"{what[:_SHOWN]}…",
        "where": str(values.get("where") or "").translate(_SAFE),
        "when": str(values.get("when") or "").translate(_SAFE),
        "evidence": str(evidence) if evidence else "",
    }


def _draft(name: str, values: Values, said: Said) -> Draft:
    when = str(values.get("when") or "")
    return Draft(
        what=str(values.get("what") or ""),
        type=_type(name, values),
        place=str(values.get("where") or ""),
        latitude=values.get("latitude"),
        longitude=values.get("longitude"),
        when=when,
        happened_at=moment_of(when, said.at) if when else None,
        anonymous=values.get("contact") != "named",
        name=str(values.get("name") or ""),
        phone=str(values.get("phone") or ""),
        evidence=tuple(values.get("evidence", ())),
        confirmed_by=said.message_id,
    )


def _type(name: str, values: Mapping[str, object]) -> CaseType:
    if name == REPORT:
        return CaseType.REPORT
    suggests = name == PETITION and _SUGGESTS.search(str(values.get("what") or ""))
    return CaseType.SUGGESTION if suggests else CaseType.COMPLAINT
