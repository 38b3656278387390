"""Passive replies: what the answer to a push may carry, within five seconds, one per push.

Source: 被动回复用户消息 (/doc/service/guide/product/message/Passive_user_reply_message.html). WeChat shows
the citizen "service unavailable" for anything malformed or too long: limits are errors here, not truncation.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from urllib.parse import quote

from connectors.wechat.characters import cdata, keep_legal

SUCCESS = "success"  #: "received, no answer now": sent as it is, never encrypted
TEXT_LIMIT = 2000  #: bytes of UTF-8; not documented, 2,047 is the longest that others saw accepted
NEWS_LIMIT = 1  #: articles in answer to a message
NEWS_LIMIT_EVENT = 8  #: articles in answer to an event


@dataclass(frozen=True)
class Reply:
    def render(self, to: str, from_: str, create_time: int) -> str:
        """The XML. `to` is the openid, `from_` the account's gh_ id, `create_time` Unix seconds."""
        return (
            f"<xml>\n<ToUserName>{cdata(to)}</ToUserName>\n<FromUserName>{cdata(from_)}</FromUserName>\n"
            f"<CreateTime>{int(create_time)}</CreateTime>\n{self._content()}\n</xml>"
        )

    def _content(self) -> str:
        raise NotImplementedError


@dataclass(frozen=True)
class SuccessReply(Reply):
    """Nothing to say in the passive reply; WeChat stops repeating the push."""

    def render(self, to: str, from_: str, create_time: int) -> str:
        return SUCCESS


@dataclass(frozen=True)
class TextReply(Reply):
    content: str

    def __post_init__(self) -> None:
        size = byte_length(self.content)
        if not 0 < size <= TEXT_LIMIT:
            raise ValueError(f"A text reply has 1 to {TEXT_LIMIT} bytes, this one {size}.")

    def _content(self) -> str:
        return _typed("text") + _element("Content", self.content)


@dataclass(frozen=True)
class ImageReply(Reply):
    media_id: str

    def _content(self) -> str:
        return _typed("image") + _group("Image", MediaId=_present(self.media_id, "media_id"))


@dataclass(frozen=True)
class VoiceReply(Reply):
    media_id: str

    def _content(self) -> str:
        return _typed("voice") + _group("Voice", MediaId=_present(self.media_id, "media_id"))


@dataclass(frozen=True)
class VideoReply(Reply):
    media_id: str
    title: str = ""
    description: str = ""

    def _content(self) -> str:
        media_id = _present(self.media_id, "media_id")
        return _typed("video") + _group(
            "Video", MediaId=media_id, Title=self.title, Description=self.description
        )


@dataclass(frozen=True)
class MusicReply(Reply):
    title: str = ""
    description: str = ""
    url: str = ""
    hq_url: str = ""
    thumb_media_id: str = ""

    def _content(self) -> str:
        return _typed("music") + _group(
            "Music",
            Title=self.title,
            Description=self.description,
            MusicUrl=self.url,
            HQMusicUrl=self.hq_url,
            ThumbMediaId=self.thumb_media_id,
        )


@dataclass(frozen=True)
class Article:
    title: str
    description: str = ""
    picture_url: str = ""
    url: str = ""


@dataclass(frozen=True)
class NewsReply(Reply):
    articles: tuple[Article, ...]
    to_event: bool = False  #: answers an event: up to 8 articles instead of 1

    def __post_init__(self) -> None:
        limit = NEWS_LIMIT_EVENT if self.to_event else NEWS_LIMIT
        if not 1 <= len(self.articles) <= limit:
            raise ValueError(f"News in answer to this has 1 to {limit} articles, not {len(self.articles)}.")

    def _content(self) -> str:
        items = "\n".join(_article(article) for article in self.articles)
        number = f"<ArticleCount>{len(self.articles)}</ArticleCount>"
        return f"{_typed('news')}{number}\n<Articles>\n{items}\n</Articles>"


@dataclass(frozen=True)
class TransferReply(Reply):
    """Hands the chat to WeChat's own customer-service client; `kf_account` names the person."""

    kf_account: str = ""

    def _content(self) -> str:
        kind = _typed("transfer_customer_service")
        return kind + (_group("TransInfo", KfAccount=self.kf_account) if self.kf_account else "")


def byte_length(content: str) -> int:
    """Bytes of a text as WeChat counts them, after the characters it cannot carry are dropped."""
    return len(keep_legal(content).encode("utf-8"))


def quick_reply(label: str, say: str, item_id: str) -> str:
    """A link that says `say` in the citizen's name when tapped; it comes back as text with `bizmsgmenuid`.

    Undocumented but in wide use; counts as a menu click. Works in passive and in customer-service texts.
    """
    address = f"weixin://bizmsgmenu?msgmenucontent={_percent(say)}&msgmenuid={_percent(item_id)}"
    return f'<a href="{address}">{html.escape(keep_legal(label), quote=False)}</a>'


def _percent(value: str) -> str:
    return quote(keep_legal(value), safe="")


def _element(name: str, value: str) -> str:
    return f"<{name}>{cdata(value)}</{name}>"


def _typed(kind: str) -> str:
    return _element("MsgType", kind) + "\n"


def _group(name: str, **values: str) -> str:
    children = "\n".join(_element(child, value) for child, value in values.items() if value)
    return f"<{name}>\n{children}\n</{name}>"


def _article(article: Article) -> str:
    # all four elements are always there: older clients show nothing when one is missing
    return "\n".join(
        (
            "<item>",
            _element("Title", article.title),
            _element("Description", article.description),
            _element("PicUrl", article.picture_url),
            _element("Url", article.url),
            "</item>",
        )
    )


def _present(value: str, what: str) -> str:
    if not value:
        raise ValueError(f"A reply of this type needs a {what}.")
    return value
