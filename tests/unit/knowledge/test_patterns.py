from __future__ import annotations

import pytest

from xiaoxiao.knowledge.patterns import find_dates, find_phones, find_places


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("电话138 1234 5678打不通", ["13812345678"]),
        ("我的号+86-13812345678", ["13812345678"]),
        ("座机020-12345678", ["02012345678"]),
        ("码31010212345678901234", []),
        ("打12345", []),
    ],
)
def test_phones(text: str, values: list[str]) -> None:
    assert values == [span.value for span in find_phones(text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("明天下午3点停水吗", ["明天下午3点"]),
        ("11月23日的事", ["11月23日"]),
        ("下周一上学吗", ["下周一"]),
        ("3号楼着火", []),
    ],
)
def test_dates(text: str, values: list[str]) -> None:
    assert values == [span.value for span in find_dates(text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("浦东新区有没有预警", ["浦东新区"]),
        ("我住朝阳区望京街道", ["朝阳区", "望京街道"]),
        ("我在人民路120号看到井盖没了", ["人民路120号"]),
        ("在哪个区", []),
        ("小区门口", []),
        ("附近有没有广场", []),
    ],
)
def test_places(text: str, values: list[str]) -> None:
    assert values == [span.value for span in find_places(text)]
