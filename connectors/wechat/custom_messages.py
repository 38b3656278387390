"""Bodies of customer-service messages (客服消息), for `WeChatClient.send_custom`. Pure functions.

Source: 发送客服消息 (/doc/service/api/customer/message/api_sendcustommessage). `kf_account` shows the
message under the name of that customer-service account.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.wechat.characters import keep_legal
from connectors.wechat.replies import TEXT_LIMIT, Article, byte_length

Body = dict[str, Any]


def text(openid: str, content: str, *, kf_account: str = "") -> Body:
    """ValueError over TEXT_LIMIT bytes: WeChat answers 45002 somewhere above."""
    size = byte_length(content)
    if not 0 < size <= TEXT_LIMIT:
        raise ValueError(f"A text message has 1 to {TEXT_LIMIT} bytes, this one {size}.")
    return _body(openid, "text", {"content": content}, kf_account)


def image(openid: str, media_id: str, *, kf_account: str = "") -> Body:
    return _body(openid, "image", {"media_id": media_id}, kf_account)


def voice(openid: str, media_id: str, *, kf_account: str = "") -> Body:
    return _body(openid, "voice", {"media_id": media_id}, kf_account)


def video(
    openid: str,
    media_id: str,
    *,
    thumb_media_id: str = "",
    title: str = "",
    description: str = "",
    kf_account: str = "",
) -> Body:
    content = {"media_id": media_id, "thumb_media_id": thumb_media_id, "title": title}
    return _body(openid, "video", content | {"description": description}, kf_account)


def music(
    openid: str,
    *,
    url: str,
    hq_url: str,
    thumb_media_id: str,
    title: str = "",
    description: str = "",
    kf_account: str = "",
) -> Body:
    content = {"title": title, "description": description, "musicurl": url, "hqmusicurl": hq_url}
    return _body(openid, "music", content | {"thumb_media_id": thumb_media_id}, kf_account)


def news(openid: str, article: Article, *, kf_account: str = "") -> Body:
    """One article with a link; more than one is refused with 45008."""
    shown = {
        "title": article.title,
        "description": article.description,
        "url": article.url,
        "picurl": article.picture_url,
    }
    return _body(openid, "news", {"articles": [shown]}, kf_account)


def mpnewsarticle(openid: str, article_id: str, *, kf_account: str = "") -> Body:
    """A published article of the account."""
    return _body(openid, "mpnewsarticle", {"article_id": article_id}, kf_account)


def msgmenu(
    openid: str,
    head: str,
    entries: Sequence[tuple[str, str]],
    *,
    tail: str = "",
    kf_account: str = "",
) -> Body:
    """`entries`: (id, content). A tap comes back as text with `bizmsgmenuid`. 40200 on some account types."""
    listed = [{"id": item_id, "content": content} for item_id, content in entries]
    return _body(openid, "msgmenu", {"head_content": head, "list": listed, "tail_content": tail}, kf_account)


def miniprogrampage(
    openid: str, app_id: str, page_path: str, thumb_media_id: str, *, title: str = "", kf_account: str = ""
) -> Body:
    content = {"title": title, "appid": app_id, "pagepath": page_path, "thumb_media_id": thumb_media_id}
    return _body(openid, "miniprogrampage", content, kf_account)


def _body(openid: str, kind: str, content: Body, kf_account: str) -> Body:
    body: Body = {"touser": openid, "msgtype": kind, kind: _legal(content)}
    return body | {"customservice": {"kf_account": kf_account}} if kf_account else body


def _legal(value: Any) -> Any:
    """The same content without characters that WeChat cannot carry; empty optional texts are left out."""
    if isinstance(value, dict):
        return {name: _legal(item) for name, item in value.items() if item != ""}
    if isinstance(value, list):
        return [_legal(item) for item in value]
    return keep_legal(value) if isinstance(value, str) else value
