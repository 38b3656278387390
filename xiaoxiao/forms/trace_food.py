"""食品追溯: food or medicine first (both have 20 digits), then the code, then the way from farm to shop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xiaoxiao.errors import NotFound
from xiaoxiao.forms.form import GONE, Again, Available, Done, Form, Misread, Slot, Values
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing, moment, shown
from xiaoxiao.forms.words import Words
from xiaoxiao.queries.food_trace import FoodBatch, FoodTrace, Recall, TraceStep
from xiaoxiao.queries.trace_codes import find_codes, nearly_codes

FOOD, MEDICINE = "food", "medicine"
_DIGITS = re.compile(r"\d(?:[\s\-·.]*\d)*")
#: fewer digits are no attempt at a code: a year, a telephone number asked after
_FEWEST = 8
_BAR_CODE = 13
#: as many in one answer; a batch has four or five steps
STEPS, RECALLS = 8, 3


@dataclass(frozen=True)
class TraceForm:
    food_trace: FoodTrace
    showing: Showing
    words: Words
    offered: Available

    def form(self) -> Form:
        return Form(
            "trace_food",
            "trace_food",
            self.finish,
            (self.kind, self.meant, self.code),
            stuck="trace_stuck",
            elsewhere="trace_elsewhere",
            offered=self.offered,
        )

    @property
    def kind(self) -> Slot:
        return Slot(
            "kind",
            "trace_kind",
            "trace_kind_misread",
            self._read_kind,
            self._recognise_kind,
            names=("种类",),
        )

    @property
    def meant(self) -> Slot:
        return Slot(
            "meant_right",
            "trace_doubtful",
            "violation_yes_or_no",
            self._read_meant,
            needed=lambda values: "meant" in values and values.get("kind") != MEDICINE,
            facts=lambda values: {"code": str(values.get("meant", ""))},
        )

    @property
    def code(self) -> Slot:
        return Slot(
            "code",
            "trace_code",
            "trace_code_misread",
            _read_code,
            _recognise_code,
            names=("追溯码", "码"),
            needed=lambda values: values.get("kind") != MEDICINE,
        )

    async def _read_kind(self, said: Said, values: Values) -> Values | None:
        kind = self.words.brief(said.plain, (FOOD, MEDICINE))
        return {"kind": kind} if kind else None

    async def _recognise_kind(self, said: Said, values: Values) -> Values | None:
        """Only in the opening sentence."""
        kind = None if values else self.words.within(said.plain, (FOOD, MEDICINE))
        return {"kind": kind} if kind else None

    async def _read_meant(self, said: Said, values: Values) -> Values | None:
        right = self.words.yes(said.plain)
        if right is None:
            return None
        return {"code": values["meant"], "meant": GONE} if right else {"meant": GONE}

    async def finish(self, values: Values, said: Said) -> Done | Again:
        if values["kind"] == MEDICINE:
            return Done((self.showing.say("trace_medicine"),))
        try:
            batch = await self.food_trace.trace(str(values["code"]))
        except NotFound:
            return Done((self.showing.say("trace_none", code=str(values["code"])),))
        return Done((self.showing.answer(self._path(batch), self.showing.say("trace_tail")),))

    def _path(self, batch: FoodBatch) -> list[str]:
        """Recalls first: what must not be eaten comes before where it came from."""
        recalls = self.showing.fitting(map(self._recall, _latest_first(batch.recalls)), RECALLS)
        steps = _that_matter(batch.steps)
        return [
            *recalls,
            self._left_out("trace_more_recalls", len(batch.recalls) - len(recalls)),
            self.showing.text("trace_head", code=batch.code, product=batch.product),
            *map(self._step, steps),
            self._left_out("trace_more_steps", len(batch.steps) - len(steps)),
            self.showing.origin(batch.origin),
        ]

    def _left_out(self, notice: str, count: int) -> str:
        return self.showing.text(notice, count=str(count)) if count > 0 else ""

    def _recall(self, recall: Recall) -> str:
        return self.showing.text(
            "trace_recall",
            title=recall.title,
            text=self.showing.whole(recall.text),
            issuer=recall.issuer,
            at=moment(recall.issued_at),
            link=shown(recall.link),
        )

    def _step(self, step: TraceStep) -> str:
        passed = {True: "trace_passed", False: "trace_failed", None: ""}[step.passed]
        return self.showing.text(
            "trace_step",
            stage=step.stage.label,
            called=step.name,
            place=shown(step.place),
            at=moment(step.at),
            inspection=shown(step.inspection),
            result=self.showing.text(passed) if passed else "",
            certificate=shown(step.certificate),
        )


def _latest_first(recalls: Sequence[Recall]) -> Sequence[Recall]:
    return sorted(recalls, key=lambda recall: recall.issued_at, reverse=True)


def _that_matter(steps: Sequence[TraceStep]) -> Sequence[TraceStep]:
    """In their order; where there are too many, what has failed an inspection is left out last."""
    first = sorted(range(len(steps)), key=lambda number: steps[number].passed is not False)[:STEPS]
    return [steps[number] for number in sorted(first)]


async def _recognise_code(said: Said, values: Values) -> Values | Misread | None:
    if codes := find_codes(said.plain):
        return {"code": codes[0].code, "meant": GONE}
    near = nearly_codes(said.plain)
    if near and near[0].suggestion:
        return {"meant": near[0].suggestion}
    return Misread("trace_length", {"count": str(len(near[0].code))}) if near else None


async def _read_code(said: Said, values: Values) -> Values | Misread | None:
    read = await _recognise_code(said, values)
    if read is not None:
        return read
    count = max((len(re.sub(r"\D", "", run)) for run in _DIGITS.findall(said.plain)), default=0)
    if count == _BAR_CODE:
        return Misread("trace_bar_code")
    return Misread("trace_length", {"count": str(count)}) if count >= _FEWEST else None
