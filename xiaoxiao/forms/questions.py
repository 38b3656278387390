"""What a form says: its notices, put together so that a message never asks two things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xiaoxiao.forms.form import Misread, Slot, Values
from xiaoxiao.notices import Notices
from xiaoxiao.store.conversation import Answer


@dataclass(frozen=True)
class Questions:
    notices: Notices
    titles: Mapping[str, str]  #: of intents, as citizens read them

    def say(self, notice: str, /, **facts: str) -> Answer:
        return self.notices.filled(notice, **facts)

    def title(self, intent: str) -> str:
        return self.titles.get(intent, "")

    def question(self, slot: Slot, values: Values) -> Answer:
        asked = self.say(slot.question, **slot.facts(values))
        choices = slot.choices(values)
        return replace(asked, buttons=choices) if choices else asked

    def options(self, slot: Slot, values: Values) -> frozenset[str]:
        """What may be chosen instead of written."""
        return frozenset(button.payload for button in self.question(slot, values).buttons)

    def again(self, slot: Slot, values: Values) -> Answer:
        """The open question in one line, after something else was answered."""
        asked = self.question(slot, values)
        line = asked.text.splitlines()[0]
        return replace(self.say("form_again", question=line), buttons=asked.buttons)

    def noted(self, slot: Slot, values: Values) -> Answer | None:
        return self.say(slot.noted, **slot.facts(values)) if slot.noted else None

    def wrong(self, slot: Slot, values: Values, misread: Misread) -> Answer:
        """What was wrong, with what may be chosen instead."""
        said = self.say(misread.notice, **{**slot.facts(values), **misread.facts})
        buttons = misread.buttons or said.buttons or self.question(slot, values).buttons
        return replace(said, buttons=buttons)


def joined(first: Answer | None, second: Answer) -> Answer:
    """One message: the words of both, the buttons of the last that has any."""
    if first is None:
        return second
    return Answer(f"{first.text}\n{second.text}", second.buttons or first.buttons, second.link or first.link)
