"""Passive replies (被动回复): check one as the platform does and turn it into what the citizen sees."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from xiaoxiao.simulator.envelope import EnvelopeError, parse
from xiaoxiao.simulator.push import Push

TEXT_LIMIT_BYTES = 2_048

#: says whether a media id is known and alive
Knows = Callable[[str], bool]


class Malformed(ValueError):
    """The platform cannot use this answer; the citizen sees "service unavailable"."""


@dataclass(frozen=True)
class Reply:
    kind: str
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def read(plain: bytes, *, push: Push, gh_id: str, knows: Knows) -> Reply | None:
    """`plain` after decryption; None for "success" and the empty body. Raises Malformed."""
    if plain.strip() in (b"", b"success"):
        return None
    try:
        root = parse(plain)
    except EnvelopeError as exc:
        raise Malformed(str(exc)) from exc
    _check_head(root, push, gh_id)
    kind = root.findtext("MsgType", "")
    if kind in ("transfer_customer_service", "transfer_biz_ai_ivr"):
        return Reply(kind)
    if kind == "text":
        return Reply(kind, _text(root))
    if kind == "news":
        return _news(root, push.articles)
    if kind == "music":
        return _music(root, knows)
    if kind in ("image", "voice", "video"):
        return _media(root, kind, knows)
    raise Malformed(f"不认识的回复类型 MsgType={kind}")


def _check_head(root: ElementTree.Element, push: Push, gh_id: str) -> None:
    if root.tag != "xml":
        raise Malformed("回复的根元素不是 <xml>")
    if root.findtext("ToUserName") != push.openid or root.findtext("FromUserName") != gh_id:
        raise Malformed("回复的 ToUserName 应是 openid,FromUserName 应是公众号的原始 ID")
    created = root.findtext("CreateTime", "").strip()
    if not (created.isdigit() and len(created) <= 10):
        raise Malformed(f"CreateTime 应为整数秒,收到 {created or '(空)'}")


def _text(root: ElementTree.Element) -> str:
    content = root.findtext("Content") or ""
    if not content.strip():
        raise Malformed("文本回复没有 Content")
    size = len(content.encode())
    if size > TEXT_LIMIT_BYTES:
        raise Malformed(f"文本回复 {size} 字节,超过 {TEXT_LIMIT_BYTES} 字节")
    return content


def _news(root: ElementTree.Element, most: int) -> Reply:
    count = root.findtext("ArticleCount", "").strip()
    items = root.findall("Articles/item")
    if not count.isdigit() or int(count) != len(items) or not items:
        raise Malformed(f"ArticleCount={count or '(空)'},实际有 {len(items)} 条图文")
    names = {"title": "Title", "description": "Description", "picurl": "PicUrl", "url": "Url"}
    articles = [{k: i.findtext(tag) or "" for k, tag in names.items()} for i in items[:most]]
    return Reply("news", article_text(articles), {"articles": articles, "surplus": max(0, len(items) - most)})


def article_text(articles: list[dict[str, Any]]) -> str:
    return "\n".join(f"{a.get('title', '')} {a.get('description', '')}".strip() for a in articles)


def _music(root: ElementTree.Element, knows: Knows) -> Reply:
    _known(root.findtext("Music/ThumbMediaId"), knows)
    title, description = (root.findtext(f"Music/{t}") or "" for t in ("Title", "Description"))
    return Reply("music", f"{title} {description}".strip(), {"url": root.findtext("Music/MusicUrl") or ""})


def _media(root: ElementTree.Element, kind: str, knows: Knows) -> Reply:
    part = kind.capitalize()
    media_id = _known(root.findtext(f"{part}/MediaId"), knows)
    title, description = (root.findtext(f"{part}/{t}") or "" for t in ("Title", "Description"))
    return Reply(kind, f"{title} {description}".strip(), {"media_id": media_id})


def _known(media_id: str | None, knows: Knows) -> str:
    if not media_id or not knows(media_id):
        raise Malformed("MediaId 不存在或已过期")
    return media_id
