from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.knowledge.hotlines import load_hotlines
from xiaoxiao.persona import LocalHotline, load_persona
from xiaoxiao.queries.hotlines import find_hotlines

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("消费投诉打哪个电话", "12315"),
        ("法律援助", "12348"),
        ("心理援助热线", "12356"),
        ("欠薪", "12333"),
        ("反诈", "96110"),
        ("12345是什么", "12345"),
        ("着火打什么", None),
        ("你好", None),
        ("预警短信", None),
    ],
)
def test_numbers_by_purpose(said: str, number: str | None) -> None:
    found = find_hotlines(said, load_hotlines(ROOT / "data/hotlines.csv").values())
    assert number == next((hotline.number for hotline in found), None)


def test_a_citys_own_number_is_found_where_it_has_one_and_else_not() -> None:
    persona = load_persona(ROOT / "persona.yml")
    table = load_hotlines(ROOT / "data/hotlines.csv", persona)
    assert [] == [h.key for h in find_hotlines("电梯困人", table.values()) if h.key == "elevator_rescue"]
    own = type(persona)(
        **{**vars(persona), "hotlines": (LocalHotline("elevator_rescue", "电梯应急救援", "96333"),)}
    )
    table = load_hotlines(ROOT / "data/hotlines.csv", own)
    assert "96333" == find_hotlines("电梯应急救援", table.values())[0].number
