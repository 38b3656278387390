from __future__ import annotations

import pytest

from xiaoxiao.knowledge.quantities import number, plain, quantities


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("冲半小时", "冲30分钟"),
        ("冲半个小时", "冲三十分钟"),
        ("捏5-10分钟", "捏5～10分钟"),
        ("捏五到十分钟", "捏5分钟至10分钟"),
        ("等72小时", "等3天"),
        ("深5厘米", "深50毫米"),
        ("罚2万元", "罚20000元"),
        ("按30次", "按30下"),
        ("再滚半分钟", "再滚30秒"),
    ],
)
def test_the_same_amount_is_one_value_however_it_is_written(one: str, other: str) -> None:
    values = [[q.value for q in quantities(plain(text))] for text in (one, other)]
    assert len(values[0]) == 1
    assert values[0] == values[1]


def test_a_range_has_two_ends_and_keeps_its_wording() -> None:
    (quantity,) = quantities("每分钟按100–120次")
    assert ("次数", 100.0, 120.0, "100–120次") == (*quantity.value, quantity.text)


@pytest.mark.parametrize(
    "text", ["一下子就好", "再打一次", "第二天再看", "2026年1月1日施行", "戴KN95口罩", "听120口令", "打119"]
)
def test_what_measures_nothing_is_no_quantity(text: str) -> None:
    assert [] == list(quantities(text))


@pytest.mark.parametrize(
    ("text", "value"), [("十", 10), ("十五", 15), ("一百二十", 120), ("两", 2), ("0.3", 0.3)]
)
def test_numerals_are_read(text: str, value: float) -> None:
    assert value == number(text)
