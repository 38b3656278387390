"""Bodies of customer-service messages."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.wechat import custom_messages as c
from connectors.wechat.replies import Article


@pytest.mark.parametrize(
    ("expected", "body"),
    [
        ({"msgtype": "text", "text": {"content": "你好"}}, c.text("oA", "你好")),
        ({"msgtype": "image", "image": {"media_id": "m"}}, c.image("oA", "m")),
        ({"msgtype": "voice", "voice": {"media_id": "m"}}, c.voice("oA", "m")),
        (
            {"msgtype": "video", "video": {"media_id": "m", "thumb_media_id": "t", "title": "T"}},
            c.video("oA", "m", thumb_media_id="t", title="T"),
        ),
        (
            {"msgtype": "music", "music": {"musicurl": "u", "hqmusicurl": "h", "thumb_media_id": "t"}},
            c.music("oA", url="u", hq_url="h", thumb_media_id="t"),
        ),
        (
            {
                "msgtype": "news",
                "news": {"articles": [{"title": "T", "description": "D", "url": "u", "picurl": "p"}]},
            },
            c.news("oA", Article("T", "D", "p", "u")),
        ),
        (
            {"msgtype": "mpnewsarticle", "mpnewsarticle": {"article_id": "a"}},
            c.mpnewsarticle("oA", "a"),
        ),
        (
            {
                "msgtype": "msgmenu",
                "msgmenu": {
                    "head_content": "满意吗？",
                    "list": [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}],
                    "tail_content": "谢谢",
                },
            },
            c.msgmenu("oA", "满意吗？", [("101", "满意"), ("102", "不满意")], tail="谢谢"),
        ),
        (
            {
                "msgtype": "miniprogrampage",
                "miniprogrampage": {
                    "title": "T",
                    "appid": "wx1",
                    "pagepath": "p?a=1",
                    "thumb_media_id": "t",
                },
            },
            c.miniprogrampage("oA", "wx1", "p?a=1", "t", title="T"),
        ),
    ],
)
def test_each_body_has_the_documented_shape(expected: dict[str, Any], body: dict[str, Any]) -> None:
    assert {"touser": "oA"} | expected == body


def test_a_message_may_come_from_a_named_account() -> None:
    assert {"kf_account": "desk1@x"} == c.text("oA", "x", kf_account="desk1@x")["customservice"]


@pytest.mark.parametrize("text", ["", "好" * 667, "\x1d"])
def test_a_text_that_would_be_refused_is_an_error_here(text: str) -> None:
    with pytest.raises(ValueError, match="2000 bytes"):
        c.text("oA", text)


def test_characters_that_cannot_be_sent_are_dropped_everywhere() -> None:
    body = c.msgmenu("oA", "a\x00", [("1\ud800", "b\uffff")])

    assert {"head_content": "a", "list": [{"id": "1", "content": "b"}]} == body["msgmenu"]
