from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoxiao.simulator.bubbles import Segment, segments


def test_a_menu_link_says_its_text_with_its_id() -> None:
    text = '1. <a href="weixin://bizmsgmenu?msgmenucontent=地震&msgmenuid=7">怎么躲</a>。'
    assert [Segment("1. "), Segment("怎么躲", say="地震", menu_id="7"), Segment("。")] == list(segments(text))


@pytest.mark.parametrize(
    ("href", "said"),
    [
        ("weixin://bizmsgmenu?msgmenucontent=%E5%9C%B0%E9%9C%87&amp;msgmenuid=7", "地震"),
        ("weixin://bizmsgmenu?msgmenucontent=1+1&msgmenuid=7", "1+1"),
        ("weixin://bizmsgmenu?msgmenuid=7", "标签"),
    ],
)
def test_the_text_said_is_decoded(href: str, said: str) -> None:
    assert [Segment("标签", say=said, menu_id="7")] == list(segments(f"<a href='{href}'>标签</a>"))


def test_pages_open_and_bare_addresses_become_links() -> None:
    text = '看<a class="x" href="https://example.org/?a=1&amp;b=2">这里</a>或https://example.com/x。'
    assert [
        Segment("看"),
        Segment("这里", url="https://example.org/?a=1&b=2"),
        Segment("或"),
        Segment("https://example.com/x", url="https://example.com/x"),
        Segment("。"),
    ] == list(segments(text))


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "http://[", "file:///etc"])
def test_other_schemes_are_mere_text(href: str) -> None:
    assert [Segment("点我")] == list(segments(f'<a href="{href}">点我</a>'))


def test_a_label_is_unescaped() -> None:
    assert [Segment("A&B <1>", url="https://a.cn")] == list(
        segments('<a href="https://a.cn">A&amp;B &lt;1&gt;</a>')
    )


def test_other_tags_stay_as_they_were_typed() -> None:
    assert [Segment("<b>不是粗体</b><script>x</script>")] == list(
        segments("<b>不是粗体</b><script>x</script>")
    )


@given(st.text(alphabet="<a href=\"'>/:b水http", max_size=60))
def test_no_text_breaks_the_cutting(text: str) -> None:
    assert all(isinstance(s, Segment) for s in segments(text))
