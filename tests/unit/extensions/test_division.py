from __future__ import annotations

import pytest

from extensions.division import halves


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("查一下沪A12345违章,另外附近哪里有避难所", ("查一下沪A12345违章", "附近哪里有避难所")),
        ("台风什么时候来？学校停课吗？", ("台风什么时候来", "学校停课吗")),
        ("怎么举报隐患。再问一下停电找谁", ("怎么举报隐患", "停电找谁")),
        ("流鼻血怎么办 还有 烫伤怎么处理", ("流鼻血怎么办", "烫伤怎么处理")),
        ("停水了找谁,还有怎么举报隐患", ("停水了找谁", "怎么举报隐患")),
    ],
)
def test_two_requests_are_divided_where_she_divides_them(text: str, expected: tuple[str, str]) -> None:
    assert expected == halves(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "家里还有老人怎么办",
        "家里煤气漏了。怎么办",
        "怎么办？快说",
        "着火了,老人在屋里",
        "一号路？二号路？三号路？",
    ],
)
def test_one_story_and_three_questions_are_not(text: str) -> None:
    assert None is halves(text)
