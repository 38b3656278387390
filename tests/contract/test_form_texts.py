"""Forms, their texts and the responses that open them hold together: what one file names, another defines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from xiaoxiao.forms.form import Form, never
from xiaoxiao.notices import NAMES, Notices
from xiaoxiao.persona import load_persona
from xiaoxiao.safety.detector import Detector
from xiaoxiao.services import build_services
from xiaoxiao.store.memory import MemoryStore

ROOT = Path(__file__).parents[2]
NOTICES = Notices.load(ROOT / "data/notices.yml", load_persona(ROOT / "persona.yml").placeholders())
BOOK = build_services({}, root=ROOT, store=MemoryStore()).forms.book
ASKED = [slot for form in BOOK.values() for slot in form.slots if slot.needed is not never]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "xiaoxiao/forms").glob("*.py")))
ENTRIES: dict[str, Any] = {
    name: entry
    for path in sorted((ROOT / "data/notices").glob("*.yml"))
    for name, entry in yaml.safe_load(path.read_text(encoding="utf-8"))["notices"].items()
}

FILLED = dict.fromkeys(
    {
        word
        for path in (ROOT / "data/notices").glob("*.yml")
        for word in yaml.safe_load(path.read_text(encoding="utf-8"))["facts"]
    },
    "某",
)


def opened() -> dict[str, str]:
    """{response: the form it opens}."""
    return {
        name: variant["custom"]["form"]
        for path in (ROOT / "data/responses").glob("*.yml")
        for name, group in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items()
        for variant in group
        if "form" in variant.get("custom", {})
    }


def test_every_form_that_a_response_opens_exists_and_belongs_to_its_task() -> None:
    intents = {form: response.removeprefix("utter_") for response, form in opened().items()}
    tapped = {"news", "keep_my_data", *(name for name, form in BOOK.items() if form.given)} - intents.keys()
    assert intents == {name: form.intent for name, form in BOOK.items() if name not in tapped}


@pytest.mark.parametrize("form", BOOK.values(), ids=lambda form: form.name)
def test_every_text_a_form_names_exists(form: Form) -> None:
    named = {
        form.stuck,
        form.stopped,
        form.elsewhere,
        *(n for s in form.slots for n in (s.question, s.misread, s.noted)),
    }
    assert set() == named - NOTICES.names - {""}


def test_every_text_in_the_folder_is_used_and_every_text_used_is_there() -> None:
    quoted = set(re.findall(r'"([a-z]+(?:_[a-z]+)+)"', CODE))
    plates = {f"violation_plate_{wrong}" for wrong in ("short", "long", "wrong")}
    assert set() == set(ENTRIES) - quoted - plates
    beginnings = {name.partition("_")[0] + "_" for name in ENTRIES}
    names = {word for word in quoted if any(word.startswith(b) for b in beginnings)}
    not_texts = {"query_alert", "query_quake", "query_typhoon", "query_hotline", "query_violation"}
    not_texts |= {"report_hazard", "report_progress", *BOOK}
    assert set() == names - set(ENTRIES) - not_texts - {"trace_food", "alerts_one"}


def test_the_first_line_of_a_question_asks_it() -> None:
    questions = [NOTICES.answer(s.question, **FILLED).text for s in ASKED]
    assert [] == [text for text in questions if not re.search("[?请吗]", text.splitlines()[0])]
    assert [] == [text for text in questions if text.count("?") > 1]


def test_every_misread_shows_what_an_answer_looks_like() -> None:
    misread = [NOTICES.answer(s.misread, **FILLED).text for s in ASKED]
    assert [] == [text for text in misread if not re.search("比如|请选|「", text)]


def test_no_button_says_what_sounds_like_danger() -> None:
    detector = Detector.load(ROOT / "data/lexicon/danger", ROOT / "var")
    says = [button["say"] for entry in ENTRIES.values() for button in entry.get("buttons", ())]
    assert [] == [said for said in says if not said.startswith("/") and detector.detect(said)]


def test_no_text_of_a_form_takes_the_place_of_another() -> None:
    assert set() == NAMES & set(ENTRIES)


@pytest.mark.parametrize("path", sorted((ROOT / "data").glob("notices/*.yml")), ids=lambda path: path.name)
def test_no_notice_is_written_twice(path: Path) -> None:
    """YAML would take the second without a word; merging two branches makes such pairs."""
    (notices,) = [
        value for key, value in yaml.compose(path.read_text(encoding="utf-8")).value if key.value == "notices"
    ]
    names = [key.value for key, _ in notices.value]
    assert [] == [name for name in names if names.count(name) > 1]
