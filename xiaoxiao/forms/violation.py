"""查违章: the plate, its type, the last six of the engine number; then the records, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xiaoxiao.forms.form import GONE, Again, Available, Done, Form, Misread, Slot, Values
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing, moment
from xiaoxiao.forms.words import Words
from xiaoxiao.queries.errors import OwnerUnproven, TooManyTries
from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.owner_check import Violations
from xiaoxiao.queries.plate_types import PlateType, possible_types
from xiaoxiao.queries.plates import Plate, find_plates, parse_plate
from xiaoxiao.queries.violations import OwnerClaim, ViolationRecord, read_engine_tail
from xiaoxiao.store.conversation import Button

PAGE = 5
_NO_PROVINCE = re.compile(r"[A-Za-z][\s·.-]*[A-Za-z0-9]{5,6}")
_WRITTEN = re.compile(r".(?:[\s·.-]*[A-Za-z0-9])*")
_ENGINE = re.compile(r"[A-Za-z0-9]+(?:[\s·.-]+[A-Za-z0-9]+)*")
#: what may stand around the number: 我的发动机号后六位是……
_AROUND = re.compile(r"[\W_]|发动机|号码|号|后|最后|末|尾|六|6|位|是|为|的|我|车|数|字|应该|这个|就|啊|吧|呢")
_FEWEST, _SHORTEST_PLATE, _LONGEST_PLATE = 6, 7, 8


@dataclass(frozen=True)
class ViolationForm:
    violations: Violations
    showing: Showing
    words: Words
    offered: Available

    def form(self) -> Form:
        return Form(
            "violation",
            "query_violation",
            self.finish,
            (self.meant, self.plate, self.plate_type, self.engine_tail, self.more),
            stuck="violation_stuck",
            elsewhere="violation_elsewhere",
            offered=self.offered,
        )

    # --- slots

    @property
    def meant(self) -> Slot:
        """O and I stand on no plate: what was meant is asked back, never changed silently."""
        return Slot(
            "meant_right",
            "violation_plate_doubtful",
            "violation_yes_or_no",
            self._read_meant,
            needed=lambda values: "meant" in values,
            facts=lambda values: {"suggestion": str(values.get("meant", ""))},
        )

    @property
    def plate(self) -> Slot:
        return Slot(
            "plate",
            "violation_plate",
            "violation_plate_misread",
            self._read_plate,
            _recognise_plate,
            names=("车牌号", "车牌", "牌照", "号牌", "牌号", "车号"),
            resets=("plate_type", "engine_tail", "more", "page"),
        )

    @property
    def plate_type(self) -> Slot:
        return Slot(
            "plate_type",
            "violation_type",
            "violation_type_misread",
            self._read_type,
            names=("号牌种类", "种类", "车型", "类型"),
            resets=("more", "page"),
            facts=_vehicle,
            choices=lambda values: tuple(Button(t.label, t.label) for t in _types(values)),
        )

    @property
    def engine_tail(self) -> Slot:
        return Slot(
            "engine_tail",
            "violation_engine",
            "violation_engine_misread",
            _read_engine,
            names=("发动机号码", "发动机号", "发动机", "后六位"),
            resets=("more", "page"),
            facts=_vehicle,
        )

    @property
    def more(self) -> Slot:
        return Slot(
            "more",
            "violation_more",
            "violation_yes_or_no",
            self._read_more,
            needed=lambda values: "page" in values,
            facts=lambda values: {"rest": str(values.get("rest", ""))},
        )

    # --- reading

    async def _read_meant(self, said: Said, values: Values) -> Values | None:
        right = self.words.yes(said.plain)
        if right is None:
            return None
        return _with_plate(parse_plate(str(values["meant"]))) if right else {"meant": GONE}

    async def _read_plate(self, said: Said, values: Values) -> Values | Misread | None:
        read = await _recognise_plate(said, values)
        if read is None and _NO_PROVINCE.fullmatch(said.plain.strip()):
            return Misread("violation_plate_province")
        return read

    async def _read_type(self, said: Said, values: Values) -> Values | None:
        possible = _types(values)
        code = self.words.brief(said.plain, [t.value for t in possible])
        if code is None and self.words.yes(said.plain) and possible:
            code = possible[0].value
        return {"plate_type": code} if code else None

    async def _read_more(self, said: Said, values: Values) -> Values | None:
        if self.words.whole(said.plain, ("more",)):
            return {"more": True}
        more = self.words.yes(said.plain)
        return None if more is None else {"more": more}

    # --- the end

    async def finish(self, values: Values, said: Said) -> Done | Again:
        if values.get("more") is False:
            return Done((self.showing.say("violation_done"),))
        claim = _claim(values)
        try:
            findings = await self.violations.look_up(claim, contact=said.contact)
        except OwnerUnproven:
            return Again(self.engine_tail, self.showing.say("violation_unproven", **_vehicle(values)))
        except TooManyTries as problem:
            until = moment(problem.until)
            return Done((self.showing.say("violation_too_many", until=until, **_vehicle(values)),))
        return self._page(findings, values)

    def _page(self, findings: Findings[ViolationRecord], values: Values) -> Done | Again:
        page = int(values.get("page", 0)) + 1
        first, last = (page - 1) * PAGE, page * PAGE
        records = findings.items[first:last]
        rest = len(findings.items) - last
        lines = [self._head(findings, values)] if page == 1 else []
        lines += [self._record(number, record) for number, record in enumerate(records, first + 1)]
        lines.append(self.showing.origin(findings.origin, incomplete=findings.incomplete))
        if rest <= 0:
            return Done((self.showing.answer(lines, self.showing.say("violation_tail")),))
        return Again(self.more, self.showing.answer(lines), {"page": page, "rest": rest})

    def _head(self, findings: Findings[ViolationRecord], values: Values) -> str:
        if not findings:
            return self.showing.text("violation_none", **_vehicle(values))
        unprocessed = [record for record in findings.items if not record.processed]
        return self.showing.text(
            "violation_head",
            count=str(len(findings.items)),
            open=str(len(unprocessed)),
            points=str(sum(record.points for record in unprocessed)),
            fine=str(sum(record.fine_yuan for record in unprocessed)),
            **_vehicle(values),
        )

    def _record(self, number: int, record: ViolationRecord) -> str:
        state = self.showing.text("violation_processed" if record.processed else "violation_open")
        return self.showing.text(
            "violation_record",
            number=str(number),
            at=moment(record.at),
            place=record.place,
            act=record.act,
            points=str(record.points),
            fine=str(record.fine_yuan),
            state=state,
            authority=record.authority,
        )


async def _recognise_plate(said: Said, values: Values) -> Values | Misread | None:
    readings = find_plates(said.plain)
    reading = next((r for r in readings if r.plate), None) or next(iter(readings), None)
    if reading is None:
        return None
    if reading.suggestion:
        return {"meant": reading.suggestion}
    if reading.plate is None:
        return _near(said.plain[reading.start :])
    if not reading.plate.supported:
        return Misread("violation_plate_unsupported", {"kind": reading.plate.kind.value})
    return _with_plate(reading.plate)


def _near(plain: str) -> Misread:
    """`plain` begins with it."""
    written = _WRITTEN.match(plain)
    length = len(re.sub(r"[\s·.-]", "", written.group())) if written else 0
    wrong = "short" if length < _SHORTEST_PLATE else "long" if length > _LONGEST_PLATE else "wrong"
    return Misread(f"violation_plate_{wrong}", {"count": str(length)})


def _with_plate(plate: Plate | None) -> Values:
    if plate is None:
        return {"meant": GONE}
    types = possible_types(plate)
    sure = {"plate_type": types[0].value} if len(types) == 1 else {}
    return {"plate": plate.number, "meant": GONE, **sure}


async def _read_engine(said: Said, values: Values) -> Values | Misread | None:
    if any(reading.plate for reading in find_plates(said.plain) if not reading.written.isascii()):
        return None
    found = max(_ENGINE.findall(said.plain), key=len, default="")
    around = _AROUND.sub("", said.plain.replace(found, "", 1))
    if not found or len(around) > 1:
        return None
    count = len(re.sub(r"[^A-Za-z0-9]", "", found))
    if count < _FEWEST:
        return Misread("violation_engine_short", {"count": str(count)})
    return {"engine_tail": read_engine_tail(found)}


def _types(values: Values) -> tuple[PlateType, ...]:
    plate = parse_plate(str(values.get("plate", "")))
    return possible_types(plate) if plate else ()


def _vehicle(values: Values) -> dict[str, str]:
    """As it may be shown: 沪A·**345, 小型汽车."""
    plate = parse_plate(str(values.get("plate", "")))
    kind = values.get("plate_type") or next((t.value for t in _types(values)), None)
    return {"plate": plate.masked if plate else "", "type": PlateType(kind).label if kind else ""}


def _claim(values: Values) -> OwnerClaim:
    plate = parse_plate(str(values["plate"]))
    if plate is None:
        raise ValueError("a plate that was read once is one")
    return OwnerClaim(plate, PlateType(values["plate_type"]), str(values["engine_tail"]))
