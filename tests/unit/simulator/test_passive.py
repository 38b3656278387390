from __future__ import annotations

from collections.abc import Sequence

import pytest

from xiaoxiao.simulator import passive
from xiaoxiao.simulator.passive import Malformed, Reply
from xiaoxiao.simulator.push import Field, Push, event, message, render

GH_ID = "gh_1"
MESSAGE = message("o1", GH_ID, at=1, msg_id=1, kind="text", fields=[("Content", "?")])
CLICK = event("o1", GH_ID, at=1, name="CLICK", fields=[("EventKey", "k")])


def reply(*fields: Field, to: str = "o1", by: str = GH_ID, at: int | str | float = 1_700_000_000) -> bytes:
    return render([("ToUserName", to), ("FromUserName", by), ("CreateTime", at), *fields])


def read(plain: bytes, push: Push = MESSAGE) -> Reply | None:
    return passive.read(plain, push=push, gh_id=GH_ID, knows=lambda media_id: media_id == "known")


def text(content: str) -> Sequence[Field]:
    return [("MsgType", "text"), ("Content", content)]


@pytest.mark.parametrize("body", [b"", b"success", b"success\n"])
def test_success_and_nothing_are_no_reply(body: bytes) -> None:
    assert read(body) is None


def test_a_text_is_read_whole() -> None:
    assert Reply("text", "一]]>二\n三") == read(reply(*text("一]]>二\n三")))


def test_2048_bytes_of_text_are_the_most() -> None:
    assert read(reply(*text("水" * 682 + "ab"))) is not None
    with pytest.raises(Malformed, match="2049 字节"):
        read(reply(*text("水" * 683)))


@pytest.mark.parametrize(
    "plain",
    [
        reply(*text("  ")),
        reply(*text("x"), to="o2"),
        reply(*text("x"), by="gh_2"),
        reply(*text("x"), at=1_700_000_000_000),
        reply(*text("x"), at=1.5),
        reply(*text("x"), at=""),
        reply(*text("a\x10b")),
        reply(("MsgType", "dance")),
        reply(("MsgType", "image"), ("Image", (("MediaId", "unknown"),))),
        reply(("MsgType", "image")),
        reply(("MsgType", "music"), ("Music", (("Title", "x"),))),
        reply(("MsgType", "news"), ("ArticleCount", 2), ("Articles", (("item", (("Title", "1"),)),))),
        reply(("MsgType", "news"), ("ArticleCount", 0), ("Articles", ())),
        b"<reply/>",
        b"null",
    ],
)
def test_what_breaks_the_rules_is_malformed(plain: bytes) -> None:
    with pytest.raises(Malformed):
        read(plain)


def test_media_are_named_by_a_living_id() -> None:
    image = reply(("MsgType", "image"), ("Image", (("MediaId", "known"),)))
    assert Reply("image", "", {"media_id": "known"}) == read(image)


@pytest.mark.parametrize(("push", "shown", "surplus"), [(MESSAGE, 1, 2), (CLICK, 3, 0)])
def test_messages_allow_one_article_and_events_eight(push: Push, shown: int, surplus: int) -> None:
    items = tuple(("item", (("Title", f"第{n}条"), ("Url", "https://example.org"))) for n in range(3))
    news = read(reply(("MsgType", "news"), ("ArticleCount", 3), ("Articles", items)), push)
    assert news is not None
    assert (shown, surplus) == (len(news.data["articles"]), news.data["surplus"])


def test_a_transfer_to_staff_is_no_text() -> None:
    assert Reply("transfer_customer_service") == read(reply(("MsgType", "transfer_customer_service")))
