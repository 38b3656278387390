"""How a form is talked through: one question at a time, steered, corrected, interrupted, taken up again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from xiaoxiao.engine import Reading, Reply
from xiaoxiao.forms.commands import Command, Commands
from xiaoxiao.forms.form import Done, Form, Misread, Slot, Values
from xiaoxiao.forms.interruption import interrupts, wants_to_stop
from xiaoxiao.forms.questions import Questions, joined
from xiaoxiao.forms.said import Said
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.form_state import NO_FORM, FormState

#: After so long an open form is asked after, not taken for granted.
PAUSE = timedelta(hours=2)
#: After so long it is forgotten.
KEPT = timedelta(days=30)
#: Misread so often: other ways are offered. Once more: it ends.
PATIENCE = 3

Understand = Callable[[str], Awaitable[Reading]]


@dataclass(frozen=True)
class Step:
    """What a message did to the form."""

    answers: tuple[Answer, ...]
    state: FormState  #: NO_FORM: it is over
    intent: str | None = None
    understood: bool | None = True


@dataclass(frozen=True)
class Forms:
    book: Mapping[str, Form]  #: by name
    questions: Questions
    commands: Commands

    def intent(self, state: FormState) -> str | None:
        """The task an open form belongs to; None when it is not known any more."""
        form = self.book.get(state.form)
        return form.intent if form else None

    # --- beginning

    async def open(self, name: str, said: Said, *, closed: Collection[str] = ()) -> Step | None:
        """Begin; what the sentence already tells is not asked. None: no such form, or not now."""
        form = self.book.get(name)
        if form is None or form.intent in closed:
            return None
        values: Values = {}
        for slot in form.slots if not said.payload else ():
            read = await slot.recognise(said, values)
            if isinstance(read, Misread) and slot is form.next_slot(values):
                return self._misread(form, slot, self._begun(form, said, values, slot), read)
            if read is not None and not isinstance(read, Misread):
                values = {**read, **values}
        return await self._go_on(form, self._begun(form, said, values), said)

    def _begun(self, form: Form, said: Said, values: Values, slot: Slot | None = None) -> FormState:
        return FormState(form.name, values, slot.name if slot else None, said.at, said.at)

    # --- in the middle

    async def step(self, state: FormState, said: Said, understand: Understand) -> Step | None:
        """None: this message is not for the form; the engine has it, then `beside`."""
        form, slot = self._asked(state)
        if form is None or slot is None or said.at - state.touched_at > KEPT:
            return None
        if said.payload is not None:
            return None
        if (step := await self._answered(form, slot, state, said, understand)) is not None:
            return step
        if self._paused(state, said):
            return None
        if not said.text:
            return None
        reading = await understand(said.text)
        if wants_to_stop(reading):
            return self._stopped(form)
        if reading.intent == form.intent:
            return self._asks(form, slot, state, said)
        if interrupts(reading):
            return None
        return self._misread(form, slot, state, Misread(slot.misread))

    async def _answered(
        self, form: Form, slot: Slot, state: FormState, said: Said, understand: Understand
    ) -> Step | None:
        """A value, a command, a correction; None: nothing of it."""
        paused = self._paused(state, said)
        read = None if slot.free else await slot.read(said, state.values)
        if read is not None and not isinstance(read, Misread):
            return await self._filled(form, state, said, read)
        if (command := self.commands.read(said.plain)) and (
            step := await self._steer(command, form, slot, state, said)
        ):
            return step
        if paused and (slot.free or isinstance(read, Misread)):
            return None
        if (corrected := await self._corrected(form, state, said)) is not None:
            return corrected
        if isinstance(read, Misread):
            return self._misread(form, slot, state, read)
        for other in form.slots:
            found = await other.recognise(said, state.values)
            if found is not None and not isinstance(found, Misread):
                return await self._filled(form, state, said, found, noted=other)
        if slot.free and not (said.text and interrupts(await understand(said.text), free=said.text)):
            read = await slot.read(said, state.values)
            if isinstance(read, Misread):
                return self._misread(form, slot, state, read)
            if read is not None:
                return await self._filled(form, state, said, read)
        return None

    async def beside(
        self, state: FormState, reply: Reply, said: Said, *, closed: Collection[str] = ()
    ) -> Step | None:
        """After the engine has had the message: what it opened, or its answer and the open question once more.

        None: the reply stands as it is.
        """
        form, slot = self._asked(state)
        if said.at - state.touched_at > KEPT:
            form = slot = None
        opened = await self.open(reply.form, said, closed=closed) if reply.form else None
        if form is None or slot is None:
            return opened
        if opened is None or not opened.state.is_open:
            given = opened or Step(reply.answers, state, understood=reply.understood)
            return self._reminded(form, slot, state, said, given)
        if opened.state.form == form.name:  # the same one again: it is not begun anew
            return self._asks(form, slot, replace(state, misread=0), said)
        instead = self.questions.say("form_replaced", title=self._title(form))
        return replace(opened, answers=(instead, *opened.answers))

    def close(self, state: FormState, answer: Answer) -> Step:
        return Step((answer,), NO_FORM, self.intent(state))

    # --- steering

    async def _steer(
        self, command: Command, form: Form, slot: Slot, state: FormState, said: Said
    ) -> Step | None:
        if command is Command.STOP:
            return self._stopped(form)
        if command is Command.CONTINUE:
            return self._asks(form, slot, replace(state, misread=0), said)
        if command is Command.RESTART:
            return await self._go_on(form, self._begun(form, said, {}), said, lead="form_restarted")
        if command is Command.BACK:
            return self._back(form, slot, state, said)
        if self._paused(state, said):
            return None
        if slot.optional:
            return await self._filled(form, state, said, {slot.name: None})
        return self._asks(form, slot, state, said, lead="form_needed")

    def _back(self, form: Form, slot: Slot, state: FormState, said: Said) -> Step:
        before = form.slot_before(state.asked, state.values)
        if before is None:
            return self._asks(form, slot, state, said, lead="form_first")
        values = form.without(state.values, before.name)
        return self._asks(form, before, replace(state, values=values, misread=0), said)

    async def _corrected(self, form: Form, state: FormState, said: Said) -> Step | None:
        """不对,车牌是沪B…: the slot she names is read anew, or asked again."""
        rest = self.commands.correction(said.plain)
        if rest is None:
            return None
        named = (s for s in form.slots if any(name in rest for name in s.names))
        slot = next(named, None)
        if slot is None and rest:
            return None
        slot = slot or form.slot_before(state.asked, state.values)
        if slot is None:
            return None
        name = next((name for name in slot.names if name in rest), "")
        told = replace(said, text=rest.partition(name)[2].lstrip("是为成:, ") if name else "")
        read = await slot.read(told, form.without(state.values, slot.name)) if told.text else None
        if read is not None and not isinstance(read, Misread):
            return await self._filled(form, state, said, read)
        values = form.without(state.values, slot.name)
        state = replace(state, values=values, asked=slot.name, misread=0)
        if isinstance(read, Misread):
            return self._misread(form, slot, state, read)
        return self._asks(form, slot, state, said)

    # --- going on

    async def _filled(
        self, form: Form, state: FormState, said: Said, new: Values, *, noted: Slot | None = None
    ) -> Step:
        values = form.laid_over(state.values, new)
        state = replace(state, values=values, misread=0)
        lead = self.questions.noted(noted, values) if noted and noted.name != state.asked else None
        return await self._go_on(form, state, said, lead=lead)

    async def _go_on(
        self, form: Form, state: FormState, said: Said, *, lead: Answer | str | None = None
    ) -> Step:
        slot = form.next_slot(state.values)
        if slot is not None:
            return self._asks(form, slot, state, said, lead=lead)
        done = await form.finish(state.values, said)
        if isinstance(done, Done):
            return Step(done.answers, NO_FORM, form.intent, done.understood)
        values = {**form.without(state.values, done.slot.name), **done.values}
        return self._asks(form, done.slot, replace(state, values=values, misread=0), said, lead=done.lead)

    def _asks(
        self, form: Form, slot: Slot, state: FormState, said: Said, *, lead: Answer | str | None = None
    ) -> Step:
        first = self.questions.say(lead) if isinstance(lead, str) else lead
        question = self.questions.question(slot, state.values)
        state = replace(state, asked=slot.name, touched_at=said.at, reminded=False)
        return Step((joined(first, question),), state, form.intent)

    def _misread(self, form: Form, slot: Slot, state: FormState, misread: Misread) -> Step:
        times = state.misread + 1
        if times > PATIENCE:
            answer = self.questions.say("form_given_up", title=self._title(form))
            return Step((answer,), NO_FORM, form.intent, None)
        wrong = self.questions.wrong(slot, state.values, misread)
        if times == PATIENCE:
            wrong = joined(wrong, self.questions.say(form.stuck, title=self._title(form)))
        return Step((wrong,), replace(state, misread=times), form.intent, None)

    def _reminded(self, form: Form, slot: Slot, state: FormState, said: Said, given: Step) -> Step:
        """The open question in a line; after a pause once, with the choice to go on or to stop."""
        if state.reminded:
            return replace(given, state=state)
        if self._paused(state, said):
            reminder = self.questions.say("form_paused", title=self._title(form))
            return replace(given, answers=(*given.answers, reminder), state=replace(state, reminded=True))
        question = self.questions.again(slot, state.values)
        return replace(given, answers=(*given.answers, question), state=replace(state, touched_at=said.at))

    def _stopped(self, form: Form) -> Step:
        return Step((self.questions.say("form_stopped", title=self._title(form)),), NO_FORM, form.intent)

    # --- reading the state

    def _asked(self, state: FormState) -> tuple[Form | None, Slot | None]:
        form = self.book.get(state.form)
        return form, form.slot(state.asked) if form else None

    @staticmethod
    def _paused(state: FormState, said: Said) -> bool:
        return said.at - state.touched_at > PAUSE

    def _title(self, form: Form) -> str:
        return self.questions.title(form.intent)
