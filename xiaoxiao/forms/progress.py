"""How a form goes on: the next question, the end, a misread answer, a reminder."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from xiaoxiao.forms.form import Done, Form, Misread, Slot, Values
from xiaoxiao.forms.questions import Questions, joined
from xiaoxiao.forms.said import Said
from xiaoxiao.queries.errors import UNAVAILABLE, NoData
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.form_state import NO_FORM, FormState

log = logging.getLogger(__name__)

#: After so long an open form is asked after, not taken for granted.
PAUSE = timedelta(hours=2)
#: After so long it is forgotten.
KEPT = timedelta(days=15)
#: Misread so often: other ways are offered. Once more: it ends.
PATIENCE = 3


@dataclass(frozen=True)
class Step:
    """What a message did to the form."""

    answers: tuple[Answer, ...]
    state: FormState  #: NO_FORM: it is over
    intent: str | None = None
    understood: bool | None = True
    failed: bool = False  #: the data could not be had: what is said without forms belongs below


@dataclass(frozen=True)
class Progress:
    questions: Questions

    async def filled(
        self, form: Form, state: FormState, said: Said, new: Values, *, noted: Slot | None = None
    ) -> Step:
        values = form.laid_over(state.values, new)
        if noted and noted.quiet and state.asked not in (None, noted.name):
            return self._noted(form, replace(state, values=values, misread=0), said, noted)
        acknowledges = noted is not None and (noted.quiet or noted.name != state.asked)
        lead = self.questions.noted(noted, values) if noted and acknowledges else None
        return await self.on(form, replace(state, values=values, misread=0), said, lead=lead)

    def _noted(self, form: Form, state: FormState, said: Said, slot: Slot) -> Step:
        """Taken; the question stays open unsaid."""
        note = None if slot.hushed(state.values) else self.questions.noted(slot, state.values)
        state = replace(state, touched_at=said.at, reminded=False)
        return Step((note,) if note else (), state, form.intent)

    async def on(self, form: Form, state: FormState, said: Said, *, lead: Answer | None = None) -> Step:
        """The next question, or the end."""
        slot = form.next_slot(state.values)
        if slot is not None:
            return self.asks(form, slot, state, said, lead=lead)
        try:
            done = await form.finish(state.values, said)
        except NoData:
            elsewhere = self.questions.say(form.elsewhere) if form.elsewhere else None
            return Step((elsewhere,) if elsewhere else (), NO_FORM, form.intent, failed=True)
        except UNAVAILABLE as problem:
            log.warning("a query failed", extra={"form": form.name, "problem": type(problem).__name__})
            return self._unavailable(form, state, said)
        if isinstance(done, Done):
            return Step(done.answers, NO_FORM, form.intent, done.understood)
        values = form.laid_over(form.without(state.values, done.slot.name), done.values)
        return self.asks(form, done.slot, replace(state, values=values, misread=0), said, lead=done.lead)

    def asks(
        self, form: Form, slot: Slot, state: FormState, said: Said, *, lead: Answer | str | None = None
    ) -> Step:
        first = self.questions.say(lead) if isinstance(lead, str) else lead
        question = self.questions.question(slot, state.values)
        state = replace(state, asked=slot.name, touched_at=said.at, reminded=False)
        return Step((joined(first, question),), state, form.intent)

    def misread(self, form: Form, slot: Slot, state: FormState, misread: Misread) -> Step:
        """What was wrong with it; the third time with other ways; the fourth is the last."""
        times = state.misread + 1
        if times > PATIENCE:
            answer = self.questions.say("form_given_up", title=self.title(form))
            return Step((answer,), NO_FORM, form.intent, None)
        wrong = self.questions.wrong(slot, state.values, misread)
        if times == PATIENCE:
            wrong = joined(wrong, self.questions.say(form.stuck, title=self.title(form)))
        return Step((wrong,), replace(state, asked=slot.name, misread=times), form.intent, None)

    def reminded(self, form: Form, slot: Slot, state: FormState, said: Said, given: Step) -> Step:
        """The open question in a line; after a pause once, with the choice to go on or to stop."""
        if state.reminded:
            return replace(given, state=state)
        if paused(state, said):
            reminder = self.questions.say("form_paused", title=self.title(form))
            return replace(given, answers=(*given.answers, reminder), state=replace(state, reminded=True))
        question = self.questions.again(slot, state.values)
        return replace(given, answers=(*given.answers, question), state=replace(state, touched_at=said.at))

    def stopped(self, form: Form) -> Step:
        return Step((self.questions.say(form.stopped, title=self.title(form)),), NO_FORM, form.intent)

    def title(self, form: Form) -> str:
        return self.questions.title(form.intent)

    def _unavailable(self, form: Form, state: FormState, said: Said) -> Step:
        """What she has told waits for another try; asked nothing, she can say her sentence once more."""
        kept = replace(state, asked=None, touched_at=said.at, misread=0) if form.slots else NO_FORM
        notice = "form_unavailable_kept" if kept.is_open else "form_unavailable"
        answer = self.questions.say(notice, title=self.title(form), again=_again(form, said))
        if form.elsewhere:
            there = self.questions.say(form.elsewhere)
            answer = replace(joined(answer, there), buttons=(*answer.buttons, *there.buttons))
        return Step((answer,), kept, form.intent, failed=True)


def begun(form: Form, said: Said, values: Values) -> FormState:
    return FormState(form.name, values, None, said.at, said.at)


def waits(state: FormState) -> bool:
    """Everything is told and the data could not be had."""
    return state.is_open and state.asked is None


def moved_on(form: Form | None, state: FormState) -> FormState:
    """Past a question that words of danger have answered."""
    slot = form.next_slot(state.values) if form and state.asked in state.values else None
    return replace(state, asked=slot.name) if slot else state


def _again(form: Form, said: Said) -> str:
    """Her words once more; a command only if it was one of ours."""
    if said.text and not said.text.startswith("/"):
        return said.text
    return said.payload or f"/{form.intent}"


def paused(state: FormState, said: Said) -> bool:
    return said.at - state.touched_at > PAUSE


def forgotten(state: FormState, said: Said) -> bool:
    return said.at - state.touched_at > KEPT
