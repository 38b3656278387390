"""A form with free words, photos and an optional question, as a report has them."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from xiaoxiao.engine import Reading
from xiaoxiao.forms.commands import Commands
from xiaoxiao.forms.dialogue import Forms
from xiaoxiao.forms.form import Done, Form, Misread, Slot, Values
from xiaoxiao.forms.questions import Questions
from xiaoxiao.forms.said import Said
from xiaoxiao.notices import NAMES, Notices
from xiaoxiao.store.conversation import Answer
from xiaoxiao.store.form_state import FormState

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 7, 1, 0, 30, tzinfo=timezone.utc)
OURS = ("ask_what", "ask_place", "ask_phone", "ask_sure", "wrong", "short", "photo", "form_again")
FROM_FORMS = (
    *("form_stopped", "form_restarted", "form_replaced", "form_needed", "form_first", "form_paused"),
    *("form_stuck", "form_given_up", "form_unavailable"),
)
NOTICES = Notices(
    {
        **{name: Answer(name) for name in (*NAMES, *OURS, *FROM_FORMS)},
        "form_again": Answer("again {question}"),
        "photo": Answer("photo {count}"),
    },
    {},
)


async def read_what(said: Said, values: Values) -> Values | Misread | None:
    if not said.text:
        return None
    return Misread("short") if len(said.text) < 2 else {"what": said.text}


async def take_photo(said: Said, values: Values) -> Values | None:
    return {"photos": [*values.get("photos", ()), said.message_id]} if said.kind == "image" else None


async def read_place(said: Said, values: Values) -> Values | None:
    return {"place": said.text} if said.text else None


async def send_place(said: Said, values: Values) -> Values | None:
    return {"place": said.label} if said.position else None


async def read_phone(said: Said, values: Values) -> Values | None:
    return {"phone": said.plain} if said.plain.isdigit() else None


async def read_sure(said: Said, values: Values) -> Values | None:
    return {"sure": True} if said.plain == "是" else None


def count(values: Values) -> dict[str, str]:
    return {"count": str(len(values.get("photos", ())))}


async def file(values: Values, said: Said) -> Done:
    return Done((Answer("filed " + str(sorted(values))),))


WHAT = Slot("what", "ask_what", "wrong", read_what, names=("事情",), free=True)
PHOTOS = Slot(
    "photos", "ask_what", "wrong", take_photo, take_photo, noted="photo", needed=lambda v: False, facts=count
)
PLACE = Slot("place", "ask_place", "wrong", read_place, send_place, names=("地点", "地址"), free=True)
PHONE = Slot("phone", "ask_phone", "wrong", read_phone, names=("电话",), optional=True)
SURE = Slot("sure", "ask_sure", "wrong", read_sure)
REPORT = Form("report", "report_hazard", file, (WHAT, PHOTOS, PLACE, PHONE, SURE))
FORMS = Forms.of(
    (REPORT,),
    Questions(NOTICES, {"report_hazard": "举报"}),
    Commands.load(ROOT / "data/lexicon/form_commands.csv"),
)


class Talk:
    """One citizen and her form; the engine understands what it is told to."""

    def __init__(self, **readings: Reading) -> None:
        self.state = FormState("report", {}, "what", NOW, NOW)
        self.readings = readings
        self.now = NOW

    async def understand(self, text: str) -> Reading:
        return self.readings.get(text, Reading(None, understood=False))

    async def hears(self, said: Said) -> str | None:
        """What is answered; None: the engine has it."""
        step = await FORMS.step(self.state, said, self.understand)
        if step is None:
            return None
        self.state = step.state
        return "|".join(answer.text.replace("\n", "|") for answer in step.answers)

    async def says(self, text: str) -> str | None:
        return await self.hears(Said("openid", 1, self.now, text=text))
