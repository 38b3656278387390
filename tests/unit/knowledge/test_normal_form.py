from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoxiao.knowledge.normal_form import normalise


@pytest.mark.parametrize(
    ("said", "normal"),
    [
        ("１２０", "120"),
        ("火災點算", "火灾点算"),
        ("打妖妖零", "打110"),
        ("幺幺久", "119"),
        ("拨幺二零", "拨120"),
        ("打一二零", "打120"),
        ("洞拐勾", "079"),
        ("沪A幺二三四五", "沪A12345"),
        ("救命!!!", "救命!"),
        ("啊啊啊啊啊", "啊啊"),
        ("着火了🔥🔥[捂脸]", "着火了"),
        ("煤\u200b气\ufeff味", "煤气味"),
        ("我家\n\n着火", "我家 着火"),
        ("😀", ""),
        ("", ""),
    ],
)
def test_normal_form_of_what_citizens_write(said: str, normal: str) -> None:
    assert normal == normalise(said).text


@pytest.mark.parametrize(
    "said", ["怎么一一九", "为什么12345打不通", "山洞119", "两三天", "什么二", "三三两两地走"]
)
def test_ordinary_words_are_no_digits(said: str) -> None:
    digits = {"怎么一一九": "怎么119", "三三两两地走": "3322地走"}
    assert digits.get(said, said) == normalise(said).text


def test_an_entity_refers_to_the_original_text() -> None:
    form = normalise("🔥 我的车是 沪A幺二三四五!!!")
    start = form.text.index("沪")
    assert form.original[slice(*form.span(start, start + 7))] == "沪A幺二三四五"


@given(st.text(max_size=60))
def test_every_character_knows_its_place_and_normalising_never_fails(text: str) -> None:
    form = normalise(text)
    assert len(form.text) + 1 == len(form.offsets)
    assert list(form.offsets) == sorted(form.offsets)
    assert len(text) == form.offsets[-1]
