"""What a form is made of: slots in the order of their questions, and what happens when they are filled."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from xiaoxiao.forms.said import Said
from xiaoxiao.store.conversation import Answer, Button

#: by slot; JSON-able. None: she skipped it. What has no slot of its own may stand in it, too.
Values = Mapping[str, Any]
Facts = Mapping[str, str]
#: given as a new value, it takes the old one away
GONE = object()
#: Is there anything to ask for: has the office such data, or a back end for it?
Available = Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class Misread:
    """She tried to answer, but it cannot be: `notice` says what is wrong with it and shows an example."""

    notice: str
    facts: Facts = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()  #: what she may have meant


#: What a message brings: values (of this slot, and of others if it says more), a Misread, or None: no answer to this.
Reader = Callable[[Said, Values], Awaitable[Values | Misread | None]]


async def nothing(said: Said, values: Values) -> None:
    """A reader that finds nothing."""


def no_facts(values: Values) -> Facts:
    return {}


def no_choices(values: Values) -> tuple[Button, ...]:
    return ()


def always(values: Values) -> bool:
    return True


def never(values: Values) -> bool:
    return False


async def anywhere() -> bool:
    return True


@dataclass(frozen=True)
class Slot:
    """Filled when `name` stands in the values. `question`, `misread` and `noted` are names of notices."""

    name: str
    question: str
    misread: str  #: said when the message was no answer and nothing else we understand
    read: Reader  #: while its question is open
    recognise: Reader = nothing  #: at any time: only what can be nothing else (a plate, a photo)
    opening: Reader | None = None  #: in the sentence that opens the form; None: as `recognise`
    corrects: Reader | None = None  #: in 不对,是……; None: as `recognise`
    names: tuple[str, ...] = ()  #: how she calls it when she corrects it: 车牌, 牌照
    more: Reader = (
        nothing  #: more about the matter while its question is open, by what the engine makes of it
    )
    noted: str = ""  #: said when it came unasked: 照片收到了
    optional: bool = False
    free: bool = False  #: any words will do
    quiet: bool = False  #: what comes unasked is only noted: the open question is not repeated
    hushed: Callable[[Values], bool] = never  #: not even noted: the third photo of a row
    resets: tuple[str, ...] = ()  #: slots that no longer hold when this one changes
    needed: Callable[[Values], bool] = always
    facts: Callable[[Values], Facts] = no_facts  #: for `question` and `noted`
    choices: Callable[[Values], tuple[Button, ...]] = no_choices  #: instead of the question's own buttons


@dataclass(frozen=True)
class Done:
    """The form is over."""

    answers: tuple[Answer, ...]
    understood: bool | None = True


@dataclass(frozen=True)
class Again:
    """One answer must be given again: `lead` says why. `values` are laid over what is filled."""

    slot: Slot
    lead: Answer
    values: Values = field(default_factory=dict)


Finish = Callable[[Values, Said], Awaitable[Done | Again]]


@dataclass(frozen=True)
class Form:
    """Without a slot to ask for, it is answered at once."""

    name: str  #: what a response says: `custom: {form: violation}`
    intent: str  #: the task it belongs to: closed with it, named by its title
    finish: Finish
    slots: tuple[Slot, ...] = ()
    stuck: str = "form_stuck"  #: notice after three misreads: the official entrance, a person, stop
    stopped: str = "form_stopped"  #: notice when she wants no more of it
    elsewhere: str = ""  #: notice for when the data cannot be had: where else. "": what the response says
    offered: Available = anywhere  #: is there anything to ask for?
    kin: tuple[str, ...] = ()  #: intents that are no interruption of it either
    given: tuple[str, ...] = ()  #: values that a button of ours brings along: /rate_case{"number": …}
    passing: Callable[[Values], bool] = never  #: given up without a word when she speaks of something else
    alarmed: Reader | None = None  #: what it keeps of words that were answered as danger while it was open
    while_held: bool = False  #: a tap on it counts also while a person has the conversation
    clears: bool = False  #: nothing stays open beside it

    def about(self, intent: str | None) -> bool:
        return intent == self.intent or intent in self.kin

    def brought(self, payload: str | None) -> Values:
        """What a button of ours brings along, as far as the form wants it."""
        try:
            brought = json.loads(
                (payload or "").partition("{")[1] + (payload or "").partition("{")[2] or "{}"
            )
        except json.JSONDecodeError:
            return {}
        return {name: str(brought[name])[:200] for name in self.given if name in brought}

    def slot(self, name: str | None) -> Slot | None:
        return next((slot for slot in self.slots if slot.name == name), None)

    def next_slot(self, values: Values) -> Slot | None:
        return next((slot for slot in self.slots if slot.name not in values and slot.needed(values)), None)

    def slot_before(self, name: str | None, values: Values) -> Slot | None:
        """The last one she has answered before this."""
        before = self.slots if name is None else self.slots[: [slot.name for slot in self.slots].index(name)]
        return next((slot for slot in reversed(before) if slot.name in values and slot.needed(values)), None)

    def without(self, values: Values, name: str) -> Values:
        """Without this slot's value and what hangs on it."""
        slot = self.slot(name)
        gone = {name, *(slot.resets if slot else ())}
        return {key: value for key, value in values.items() if key not in gone}

    def laid_over(self, values: Values, new: Values) -> Values:
        """The values with the new ones; what hangs on a changed one is gone unless it is new itself."""
        merged = dict(values)
        for name in new:
            if name in values and values[name] != new[name]:
                merged = dict(self.without(merged, name))
        return {name: value for name, value in {**merged, **new}.items() if value is not GONE}
