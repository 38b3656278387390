from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoxiao.delivery.cutting import cut, size

LINK = '<a href="https://example.org/燃气">看全文。第二句</a>'
FAMILY = "👨‍👩‍👧"

texts = st.lists(
    st.one_of(
        st.text(max_size=12), st.sampled_from(["先开窗。", "再关阀,", "\n", LINK, FAMILY, "🇨🇳", "<a b"])
    ),
    max_size=30,
).map("".join)


def test_what_fits_is_not_cut() -> None:
    assert 3 == cut("一二三", 9)


@pytest.mark.parametrize(
    ("text", "limit", "taken"),
    [
        ("先开窗。再关阀门。", 24, "先开窗。"),
        ("他说:“快跑!”然后走了很远很远", 30, "他说:“快跑!”"),
        ("第一步\n第二步做这个", 15, "第一步\n"),
        ("没有句号,只有逗号的话", 24, "没有句号,"),
        ("一二三四五六七八九十", 10, "一二三"),
        (f"看{FAMILY}完", size("看") + 5, "看"),
        (f"看这里{LINK}", size("看这里") + 20, "看这里"),
    ],
)
def test_a_text_is_cut_at_the_best_place(text: str, limit: int, taken: str) -> None:
    assert taken == text[: cut(text, limit)]


def test_only_whole_sentences_when_asked() -> None:
    assert 0 == cut("没有句号,只有逗号的话", 24, whole_sentences=True)


@given(texts, st.integers(min_value=120, max_value=400))
def test_something_is_taken_and_it_fits(text: str, limit: int) -> None:
    taken = cut(text, limit)
    assert size(text[:taken]) <= limit
    assert (taken > 0) == bool(text)


@given(texts, st.integers(min_value=120, max_value=400))
def test_a_link_is_never_cut(text: str, limit: int) -> None:
    taken = cut(text, limit)
    start = text.find(LINK)
    while start >= 0:
        assert not start < taken < start + len(LINK)
        start = text.find(LINK, start + 1)


def test_a_single_piece_longer_than_the_limit_is_cut_all_the_same() -> None:
    assert 0 < cut("e" + "\u0301" * 100, 20) <= 20
