"""Passive replies: what we render is what WeChat reads."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import wechatpy.replies
from hypothesis import given
from hypothesis import strategies as st

from connectors.wechat import replies as r
from connectors.wechat.body import read_fields
from connectors.wechat.characters import keep_legal

TO, FROM, TIME = "oA", "gh_1", 1795500000
anything = st.text(st.characters(), min_size=1, max_size=200)  # control characters and surrogates too
legal = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200).filter(
    lambda text: text == keep_legal(text)
)


def read(reply: r.Reply) -> dict[str, Any]:
    """As an independent reader sees it; the envelope is checked and taken off."""
    fields = read_fields(reply.render(TO, FROM, TIME).encode("utf-8"))
    assert (TO, FROM, str(TIME)) == tuple(
        fields.pop(name) for name in ("ToUserName", "FromUserName", "CreateTime")
    )
    return fields


def as_read(text: str) -> str:
    """XML readers turn CR LF and CR into LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(legal)
def test_any_legal_text_is_read_as_it_was_written(text: str) -> None:
    assert {"MsgType": "text", "Content": as_read(text)} == read(r.TextReply(text))


@pytest.mark.parametrize(
    "text", ["]]>", "a]]>b", "]]]]>>", "]]", "]]]]><![CDATA[>", "<![CDATA[x]]>", "&amp;<b>"]
)
def test_text_that_looks_like_markup_stays_text(text: str) -> None:
    assert {"MsgType": "text", "Content": text} == read(r.TextReply(text))


def test_text_cannot_add_elements() -> None:
    forged = "a]]></Content><ToUserName>oVictim</ToUserName><Content><![CDATA[b"

    assert {"MsgType": "text", "Content": forged} == read(r.TextReply(forged))


@given(anything)
def test_illegal_characters_are_dropped_and_nothing_else(text: str) -> None:
    clean = keep_legal(text)
    reply = r.TextReply(text + "。")

    assert as_read(clean + "。") == read(reply)["Content"]


@given(anything, anything)
def test_every_envelope_is_well_formed(to: str, from_: str) -> None:
    fields = read_fields(r.TextReply("x").render(to, from_, TIME).encode("utf-8"))

    assert (as_read(keep_legal(to)), as_read(keep_legal(from_))) == (
        fields["ToUserName"],
        fields["FromUserName"],
    )


def test_the_creation_time_is_a_whole_number() -> None:
    assert "<CreateTime>1795500000</CreateTime>" in r.TextReply("x").render(TO, FROM, 1795500000.7)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["好" * 667, "a" * 2001, "", "\x00"])
def test_a_text_that_wechat_would_not_show_is_an_error_here(text: str) -> None:
    with pytest.raises(ValueError, match="2000 bytes"):
        r.TextReply(text)


@pytest.mark.parametrize("text", ["好" * 666, "a" * 2000, "a" * 2000 + "\x00"])
def test_the_limit_counts_bytes_that_are_sent(text: str) -> None:
    assert keep_legal(text) == read(r.TextReply(text))["Content"]


def test_media_replies() -> None:
    assert {"MsgType": "image", "Image": {"MediaId": "m"}} == read(r.ImageReply("m"))
    assert {"MsgType": "voice", "Voice": {"MediaId": "m"}} == read(r.VoiceReply("m"))
    assert {"MsgType": "video", "Video": {"MediaId": "m"}} == read(r.VideoReply("m"))
    assert {"MediaId": "m", "Title": "t", "Description": "d"} == read(r.VideoReply("m", "t", "d"))["Video"]


def test_a_music_reply_needs_no_picture() -> None:
    assert {"MsgType": "music", "Music": {"Title": "t", "MusicUrl": "http://x"}} == read(
        r.MusicReply("t", url="http://x")
    )
    full = r.MusicReply("t", "d", "u", "h", "m")
    names = {"Title": "t", "Description": "d", "MusicUrl": "u", "HQMusicUrl": "h", "ThumbMediaId": "m"}
    assert names == read(full)["Music"]


@pytest.mark.parametrize("reply", [r.ImageReply(""), r.VoiceReply(""), r.VideoReply("")])
def test_media_without_an_id_is_an_error(reply: r.Reply) -> None:
    with pytest.raises(ValueError, match="media_id"):
        reply.render(TO, FROM, TIME)


def test_news_has_a_count_and_items() -> None:
    one = r.Article("t]]>", "d", "http://p", "http://u?a=1&b=2")
    item = {"Title": "t]]>", "Description": "d", "PicUrl": "http://p", "Url": "http://u?a=1&b=2"}

    assert {"MsgType": "news", "ArticleCount": "1", "Articles": {"item": item}} == read(r.NewsReply((one,)))
    assert [item, item] == read(r.NewsReply((one, one), to_event=True))["Articles"]["item"]


@pytest.mark.parametrize(("count", "to_event"), [(0, False), (2, False), (0, True), (9, True)])
def test_more_news_than_wechat_shows_is_an_error(count: int, to_event: bool) -> None:
    with pytest.raises(ValueError, match="articles"):
        r.NewsReply((r.Article("t"),) * count, to_event=to_event)


def test_an_event_may_be_answered_with_eight_articles() -> None:
    assert read(r.NewsReply((r.Article("t"),) * 8, to_event=True))["ArticleCount"] == "8"


def test_a_transfer_may_name_a_person() -> None:
    assert {"MsgType": "transfer_customer_service"} == read(r.TransferReply())
    assert {"KfAccount": "a@b"} == read(r.TransferReply("a@b"))["TransInfo"]


def test_success_is_seven_bare_letters() -> None:
    assert r.SuccessReply().render(TO, FROM, TIME) == "success"


@pytest.mark.parametrize(
    "reply",
    [
        r.TextReply("你好"),
        r.ImageReply("m"),
        r.VoiceReply("m"),
        r.VideoReply("m", "t", "d"),
        r.MusicReply("t", "d", "u", "h", "m"),
        r.NewsReply((r.Article("a"), r.Article("b")), to_event=True),
        r.TransferReply(),
    ],
)
def test_wechatpy_recognises_our_replies(reply: r.Reply) -> None:
    theirs = wechatpy.replies.deserialize_reply(reply.render(TO, FROM, TIME))

    assert (TO, FROM, TIME) == (theirs.target, theirs.source, theirs.time)
    assert read(reply)["MsgType"] == theirs.type


# --- quick replies ---------------------------------------------------------------------------------


def test_a_quick_reply_says_its_text_when_tapped() -> None:
    link = r.quick_reply("查 <违章>", "查违章 & 缴费", "q/1")
    address = link.removeprefix('<a href="').split('">')[0]

    assert link.endswith('">查 &lt;违章&gt;</a>')
    assert address.startswith("weixin://bizmsgmenu?msgmenucontent=")
    assert {"msgmenucontent": ["查违章 & 缴费"], "msgmenuid": ["q/1"]} == parse_qs(urlsplit(address).query)


@given(legal, legal, legal)
def test_nothing_breaks_out_of_a_quick_reply(label: str, say: str, item_id: str) -> None:
    link = r.quick_reply(label, say, item_id)

    assert (2, 2, 2) == (link.count("<"), link.count(">"), link.count('"') - label.count('"'))
    query = parse_qs(urlsplit(link.split('"')[1]).query, keep_blank_values=True)
    assert {"msgmenucontent": [say], "msgmenuid": [item_id]} == query
