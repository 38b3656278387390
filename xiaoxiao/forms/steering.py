"""How she steers an open form: stop, back, skip, begin again, go on; and 不对,…: what she has told is put right."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xiaoxiao.forms.commands import Command, Commands
from xiaoxiao.forms.form import Form, Misread, Slot
from xiaoxiao.forms.progress import Progress, Step, begun, moved_on, paused
from xiaoxiao.forms.said import Said
from xiaoxiao.store.form_state import FormState


@dataclass(frozen=True)
class Steering:
    progress: Progress
    commands: Commands

    def command(self, said: Said) -> Command | None:
        return self.commands.read(said.plain)

    async def steered(
        self, command: Command, form: Form, slot: Slot, state: FormState, said: Said
    ) -> Step | None:
        """None: after a long pause it may not be meant for the form."""
        fresh = replace(state, misread=0)
        if command is Command.STOP:
            return self.progress.stopped(form)
        if command in (Command.CONTINUE, Command.RETRY):
            fresh = moved_on(form, fresh)
            return self.progress.asks(form, form.slot(fresh.asked) or slot, fresh, said)
        if command is Command.RESTART:
            restarted = self.progress.questions.say("form_restarted")
            return await self.progress.on(form, begun(form, said, {}), said, lead=restarted)
        if command is Command.BACK:
            return self._back(form, slot, fresh, said)
        if paused(state, said):
            return None
        if slot.optional:
            return await self.progress.filled(form, state, said, {slot.name: None})
        return self.progress.asks(form, slot, state, said, lead="form_needed")

    def _back(self, form: Form, slot: Slot, state: FormState, said: Said) -> Step:
        before = form.slot_before(slot.name, state.values)
        if before is None:
            return self.progress.asks(form, slot, state, said, lead="form_first")
        values = form.without(state.values, before.name)
        return self.progress.asks(form, before, replace(state, values=values), said)

    async def corrected(self, form: Form, state: FormState, said: Said) -> Step | None:
        """不对,车牌是沪B…: the slot she names is read anew, or asked again."""
        rest = self.commands.correction(said.plain)
        if rest is None:
            return None
        slot, told = _named(form, rest)
        if slot is None and not rest:
            slot = form.slot_before(state.asked, state.values)
        if slot is None:
            return await self._fitting(form, state, replace(said, text=rest))
        values = form.without(state.values, slot.name)
        read = await slot.read(replace(said, text=told), values) if told else None
        if read is not None and not isinstance(read, Misread):
            return await self.progress.filled(form, state, said, read)
        state = replace(state, values=values, misread=0)
        if isinstance(read, Misread):
            return self.progress.misread(form, slot, state, read)
        return self.progress.asks(form, slot, state, said)

    async def _fitting(self, form: Form, state: FormState, said: Said) -> Step | None:
        """不对,是东门: the slot that this can only belong to."""
        for slot in form.slots:
            if slot.corrects:
                found = await slot.corrects(said, state.values)
            else:
                found = await slot.recognise(said, form.without(state.values, slot.name))
            if found is not None and not isinstance(found, Misread):
                return await self.progress.filled(form, state, said, found)
        return None


def _named(form: Form, text: str) -> tuple[Slot | None, str]:
    """The slot she names, and what she says of it: 车牌是沪B12345."""
    for slot in form.slots:
        for name in slot.names:
            if name in text:
                return slot, text.partition(name)[2].lstrip(" ,:是为成应该")
    return None, ""
