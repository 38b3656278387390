from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.persona import load_persona

PERSONA = Path(__file__).parents[2] / "persona.yml"


def changed(folder: Path, old: str, new: str) -> Path:
    text = PERSONA.read_text(encoding="utf-8")
    assert old in text
    path = folder / "persona.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_another_city_is_another_file(tmp_path: Path) -> None:
    persona = load_persona(changed(tmp_path, "name: 小小", "name: 办办"))
    assert persona.placeholders()["name"] == "办办"
    assert persona.staff_hours == "工作日 9:00–17:30"


def test_the_time_to_come_for_a_reward_is_the_offices_and_sixty_days_when_it_says_nothing(
    tmp_path: Path,
) -> None:
    assert 60 == load_persona(changed(tmp_path, "  claim_within_days: 60", "")).claim_within_days
    assert (
        30
        == load_persona(changed(tmp_path, "claim_within_days: 60", "claim_within_days: 30")).claim_within_days
    )


def test_numbers_left_empty_do_not_exist() -> None:
    assert load_persona(PERSONA).hotlines == ()


def test_a_link_not_set_stands_for_nothing() -> None:
    assert load_persona(PERSONA).placeholders()["link_violation"] == ""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("name: 小小", "name:", "assistant.name"),
        ('region: "310000"', "region: 310000", "office.region"),
        ("weekdays: [1, 2, 3, 4, 5]", "weekdays: [0]", "hours.weekdays"),
        ('open: "09:00"', "open: 9", "hours.open"),
        ("answer_within_hours: 24", "answer_within_hours: 0", "answer_within_hours"),
        ("claim_within_days: 60", "claim_within_days: 3", "claim_within_days"),
        ("website: https://", "website: ftp://", "links.website"),
        ("  website:", "  webside:", "webside"),
        ('燃气公司抢修, number: ""', '燃气公司抢修, number: "call us"', "gas_company"),
        ("office:", "offices:", "office"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_persona(changed(tmp_path, old, new))
    assert says in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"persona\.yml"):
        load_persona(tmp_path / "persona.yml")


def test_holidays_and_worked_weekends_are_dates(tmp_path: Path) -> None:
    written = changed(tmp_path, "holidays: []", "holidays: [2026-10-01, '2026-10-02']")
    assert ("2026-10-01", "2026-10-02") == load_persona(written).holidays


@pytest.mark.parametrize("wrong", ["国庆", "[国庆]", "['2026-13-01']", "5"])
def test_what_is_no_date_is_no_holiday(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigurationError, match="holidays"):
        load_persona(changed(tmp_path, "holidays: []", f"holidays: {wrong}"))


def test_a_date_that_does_not_exist_is_said_to_be_wrong(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="日期"):
        load_persona(changed(tmp_path, "holidays: []", "holidays: [2026-13-01]"))
