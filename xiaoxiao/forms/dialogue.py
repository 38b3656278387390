"""How a form is talked through: opened, answered, interrupted, taken up again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace

from xiaoxiao.engine import Reading, Reply
from xiaoxiao.forms.commands import Command, Commands
from xiaoxiao.forms.form import Form, Misread, Slot, Values
from xiaoxiao.forms.interruption import asks, interrupts, interrupts_freely, wants_to_stop
from xiaoxiao.forms.progress import Progress, Step, begun, forgotten, moved_on, paused, waits
from xiaoxiao.forms.questions import Questions
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.steering import Steering
from xiaoxiao.queries.positions import Position
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.form_state import NO_FORM, FormState

Understand = Callable[[str], Awaitable[Reading]]
#: A button or menu entry that opens a form without the engine: /form/news
FORM = "/form/"


@dataclass(frozen=True)
class Forms:
    book: Mapping[str, Form]  #: by name
    progress: Progress
    steering: Steering

    @classmethod
    def of(cls, forms: Collection[Form], questions: Questions, commands: Commands) -> Forms:
        progress = Progress(questions)
        return cls({form.name: form for form in forms}, progress, Steering(progress, commands))

    def intent(self, state: FormState) -> str | None:
        """The task an open form belongs to; None when it is not known any more."""
        form = self.book.get(state.form)
        return form.intent if form else None

    def tapped(self, payload: str | None) -> str | None:
        """The form that a button of ours opens without the engine: /form/news, /rate_case{…}."""
        if payload is None or not payload.startswith("/"):
            return None
        name = payload.removeprefix(FORM).removeprefix("/").partition("{")[0].strip()
        return name if name in self.book or payload.startswith(FORM) else None

    def counts_while_held(self, payload: str | None) -> bool:
        form = self.book.get(self.tapped(payload) or "")
        return form is not None and form.while_held

    def close(self, state: FormState, answer: Answer) -> Step:
        return Step((answer,), NO_FORM, self.intent(state))

    async def open(self, name: str, said: Said, *, closed: Collection[str] = ()) -> Step | None:
        """Begin; what the sentence already tells is not asked. None: no such form, or not here and now."""
        form = self.book.get(name)
        if form is None or form.intent in closed or not await form.offered():
            return None
        values: Values = form.brought(said.payload)
        for slot in form.slots:
            recognise = slot.opening or slot.recognise
            read = await recognise(said, values) if said.payload is None else None
            if isinstance(read, Misread):
                if slot is form.next_slot(values):
                    return self.progress.misread(form, slot, begun(form, said, values), read)
            elif read is not None:
                values = form.laid_over({**read, **values}, {})
        return await self.progress.on(form, begun(form, said, values), said)

    async def step(self, state: FormState, said: Said, understand: Understand) -> Step | None:
        """None: this message is not for the form. The engine has it, then `beside`."""
        form, slot = self._asked(state)
        if form is None or forgotten(state, said) or said.payload is not None:
            return None
        if waits(state):
            return await self._waiting(form, state, said, understand)
        if slot is None:
            return None
        step = await self._value(form, slot, state, said, understand)
        if step is not None or not said.text or paused(state, said):
            return step
        reading = await understand(said.text)
        if wants_to_stop(reading):
            return self.progress.stopped(form)
        if form.passing(state.values) or (said.chosen and slot.free):
            return None
        own = form.about(reading.intent)
        if own and (found := await slot.more(said, state.values)) and not isinstance(found, Misread):
            return await self.progress.filled(form, state, said, found)
        if own and not state.misread:  # 我要查违章, or 我的车是红色的: once
            return self.progress.asks(form, slot, replace(state, misread=1), said)
        if not own and (interrupts(reading) or asks(reading, said.text)):
            return None
        return self.progress.misread(form, slot, state, Misread(slot.misread))

    async def beside(
        self, state: FormState, reply: Reply, said: Said, *, closed: Collection[str] = ()
    ) -> Step | None:
        """After the engine has had the message: the form it asked for, or its answer and the open question
        once more. None: the reply stands as it is.
        """
        state = moved_on(self.book.get(state.form), state)
        form, slot = (None, None) if forgotten(state, said) else self._asked(state)
        told = _with_place(said, state.values) if form and form.passing(state.values) else said
        opened = await self.open(reply.form, told, closed=closed) if reply.form else None
        if opened is not None:
            told_where = bool(self.book[str(reply.form)].elsewhere)
            opened = replace(opened, answers=_with(reply, opened, told_where))
        if form is None or slot is None:
            return opened
        if opened is not None and self.book[str(reply.form)].clears:
            return opened
        if form.passing(state.values):
            return opened or Step(reply.answers, NO_FORM, understood=reply.understood)
        if opened is None or opened.failed or not opened.state.is_open:
            given = opened or Step(reply.answers, state, understood=reply.understood)
            return self.progress.reminded(form, slot, state, said, given)
        if opened.state.form == form.name:  # the same one again: it is not begun anew
            return self.progress.asks(form, slot, replace(state, misread=0), said)
        instead = self.progress.questions.say("form_replaced", title=self.progress.title(form))
        return replace(opened, answers=(instead, *opened.answers))

    # --- one message for the open form

    async def _waiting(self, form: Form, state: FormState, said: Said, understand: Understand) -> Step | None:
        """The data could not be had: another try with all she has told, or with what she tells anew."""
        command = self.steering.command(said)
        if command in (Command.RETRY, Command.CONTINUE):
            return await self.progress.on(form, state, said)
        if command is Command.STOP:
            return self.progress.stopped(form)
        if paused(state, said):
            return None
        if not said.text:
            return await self._unasked(form, state, said)
        reading = await understand(said.text)
        if wants_to_stop(reading):
            return self.progress.stopped(form)
        own = form.about(reading.intent)
        if not own and (interrupts(reading) or asks(reading, said.text)):
            return None
        told = await self.steering.corrected(form, state, said) or await self._unasked(form, state, said)
        return await self.progress.on(form, state, said) if told is None and own else told

    async def _value(
        self, form: Form, slot: Slot, state: FormState, said: Said, understand: Understand
    ) -> Step | None:
        """A value, a command, a correction; None: nothing of it."""
        read = None if slot.free else await slot.read(said, state.values)
        if read is not None and not isinstance(read, Misread):
            return await self.progress.filled(form, state, said, read)
        command = self.steering.command(said)
        if command and (step := await self.steering.steered(command, form, slot, state, said)):
            return step
        if (corrected := await self.steering.corrected(form, state, said)) is not None:
            return corrected
        if paused(state, said):  # what is no value for certain is none: she may have forgotten the form
            return await self._late(form, state, said)
        if isinstance(read, Misread):
            return self.progress.misread(form, slot, state, read)
        if (step := await self._unasked(form, state, said)) is not None:
            return step
        return await self._free(form, slot, state, said, understand) if slot.free else None

    async def _late(self, form: Form, state: FormState, said: Said) -> Step | None:
        """A photo after a long pause is taken all the same; and she is asked whether to go on."""
        for slot in form.slots:
            found = await slot.recognise(said, state.values) if slot.quiet and not said.text else None
            if found is None or isinstance(found, Misread) or form.passing(state.values):
                continue
            values = form.laid_over(state.values, found)
            asks = self.progress.questions.say("form_paused", title=self.progress.title(form))
            late = replace(state, values=values, reminded=True)
            return Step(() if state.reminded else (asks,), late, form.intent)
        return None

    async def _unasked(self, form: Form, state: FormState, said: Said) -> Step | None:
        """A photo while the place is asked for; another plate while the engine number is."""
        for slot in form.slots:
            found = await slot.recognise(said, state.values)
            if found is not None and not isinstance(found, Misread):
                return await self.progress.filled(form, state, said, found, noted=slot)
        return None

    async def _free(
        self, form: Form, slot: Slot, state: FormState, said: Said, understand: Understand
    ) -> Step | None:
        if said.chosen and said.text not in self.progress.questions.options(slot, state.values):
            return None  # what another answer offered (that to danger: 还没进来) is no value of this question
        reading = await understand(said.text) if said.text else None
        own = reading is not None and form.about(reading.intent)
        passing = form.passing(state.values)
        if reading and not own and interrupts_freely(reading, said.text, form.intent, passing=passing):
            return None
        read = await slot.read(said, state.values)
        if isinstance(read, Misread):
            return self.progress.misread(form, slot, state, read)
        return None if read is None else await self.progress.filled(form, state, said, read)

    def _asked(self, state: FormState) -> tuple[Form | None, Slot | None]:
        form = self.book.get(state.form)
        return form, form.slot(state.asked) if form else None


def _with_place(said: Said, values: Values) -> Said:
    """A place she sent for no form yet is where she is."""
    sent = [values.get(name) for name in ("latitude", "longitude")]
    if said.position is not None or None in sent:
        return said
    return replace(said, position=Position(*map(float, map(str, sent))))


def _with(reply: Reply, opened: Step, told_where: bool) -> tuple[Answer, ...]:
    """The form's answers with what else was asked for in the same message.

    If it failed, the official entrance, unless the form has named it itself.
    """
    if opened.failed and not told_where:
        return tuple(dict.fromkeys((*opened.answers, *reply.answers)))
    other = () if reply.form_text is None else [a for a in reply.answers if a != reply.form_text]
    return (*other, *opened.answers)
