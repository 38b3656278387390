from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.notices import FACTS, NAMES, Notices
from xiaoxiao.persona import load_persona
from xiaoxiao.safety.detector import Detector
from xiaoxiao.store.conversation import Button

ROOT = Path(__file__).parents[2]


def load(folder: Path, **changes: object) -> Notices:
    path = folder / "notices.yml"
    entries = {name: {"text": name} for name in NAMES} | changes
    path.write_text(yaml.safe_dump({"notices": entries}, allow_unicode=True), encoding="utf-8")
    return Notices.load(path, {"name": "小小"})


def test_the_projects_notices_are_whole_and_name_who_speaks() -> None:
    persona = load_persona(ROOT / "persona.yml")
    notices = Notices.load(ROOT / "data" / "notices.yml", persona.placeholders())
    assert persona.name in notices.text("welcome")
    assert not any("{" in notices.answer(name, **dict.fromkeys(FACTS, "某处")).text for name in NAMES)


@pytest.mark.parametrize(
    "name", ["welcome", "person_has_it", "image_kept", "voice_kept", "busy", "engine_down"]
)
def test_what_may_be_said_in_need_names_a_number(name: str) -> None:
    notices = Notices.load(ROOT / "data" / "notices.yml", load_persona(ROOT / "persona.yml").placeholders())
    assert "120" in notices.text(name)


def test_no_button_says_what_sounds_like_danger_so_that_a_curious_tap_alerts_nobody() -> None:
    detector = Detector.load(ROOT / "data" / "lexicon" / "danger", ROOT / "var")
    entries = yaml.safe_load((ROOT / "data" / "notices.yml").read_text(encoding="utf-8"))["notices"]
    says = [b["say"] for entry in entries.values() for b in entry.get("buttons", ())]
    assert [] == [said for said in says if not said.startswith("/") and detector.detect(said)]


def test_facts_fill_the_braces_and_a_citizens_braces_stay_as_they_are(tmp_path: Path) -> None:
    notices = load(
        tmp_path, location_kept={"text": "{name}:{place}", "buttons": [{"title": "甲", "say": "/a"}]}
    )
    answer = notices.answer("location_kept", place="{name}")
    assert ("小小:{name}", (Button("甲", "/a"),)) == (answer.text, answer.buttons)


@pytest.mark.parametrize("text", ["{nobody}", "{", "}", "{}", "{0}", "{name.first}", "{name:q}"])
def test_a_wrong_brace_stops_the_start_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match="busy"):
        load(tmp_path, busy={"text": text})


@pytest.mark.parametrize(
    "content", [b"", b"notices:", b"- a", b"notices: {busy: }", b"notices: {busy: {}}", b": [", b"\xb0\xa1"]
)
def test_a_broken_file_stops_the_start_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notices.yml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"notices\.yml"):
        Notices.load(path, {})


def test_a_missing_notice_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notices.yml"
    path.write_text("notices: {busy: {text: 忙}}", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="welcome"):
        Notices.load(path, {})


def test_texts_in_the_folder_beside_declare_what_the_code_fills_in(tmp_path: Path) -> None:
    folder = tmp_path / "notices"
    folder.mkdir()
    beside = 'facts: [plate]\nnotices: {found: {text: "{plate}\\n本地入口 {link}\\n{name}"}}'
    (folder / "cars.yml").write_text(beside.replace("{link}", "{plate}"), encoding="utf-8")
    notices = load(tmp_path)
    assert "沪A\n本地入口 沪A\n小小" == notices.filled("found", plate="沪A").text
    (folder / "cars.yml").write_text(beside, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="found"):
        load(tmp_path)


def test_what_is_not_known_takes_its_line_with_it(tmp_path: Path) -> None:
    notices = load(tmp_path, busy={"text": "{place}\n好的"})
    assert ("好的", "广场\n好的") == (notices.filled("busy").text, notices.filled("busy", place="广场").text)


def test_a_text_stands_in_one_file_only(tmp_path: Path) -> None:
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices/again.yml").write_text("notices: {busy: {text: 忙}}", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="busy"):
        load(tmp_path)
