"""Numbers that name a person are made unreadable; others stay."""

from __future__ import annotations

import pytest

from xiaoxiao.masking import mask, mask_id, mask_name


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打我13800138000。", "打我138******00。"),
        ("138-0013-8000", "138********00"),
        ("138 0013 8000", "138********00"),
        ("13800138000", "138******00"),
        ("身份证11010119900307123X", "身份证110*************3X"),
        ("卡号6222 0200 0000 0000 123", "卡号622******************23"),
        ("电话021-12345678", "电话021*******78"),
        ("YJ20261123-0042 罚款 50000 元", "YJ20261123-0042 罚款 50000 元"),
        ("打 12345 或 119", "打 12345 或 119"),
        ("", ""),
    ],
)
def test_only_what_names_a_person_is_hidden(text: str, masked: str) -> None:
    assert masked == mask(text)


def test_ids_and_names_keep_their_beginning() -> None:
    assert "oABC…yz" == mask_id("oABCDEFGHIJKLMNOPQRSTUVWXyz")
    assert "…" == mask_id("short")
    assert ["王**", ""] == [mask_name("王小明"), mask_name("")]
