"""Customer-service messages (客服消息) and the typing sign. Source: WeChat page 客服消息."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from xiaoxiao.simulator.account import Kind
from xiaoxiao.simulator.bubbles import Side
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.endpoints.call import ApiError, Call, part, text
from xiaoxiao.simulator.passive import TEXT_LIMIT_BYTES, article_text

if TYPE_CHECKING:
    from xiaoxiao.simulator.platform import Platform

TYPING = timedelta(seconds=15)
TYPING_AFTER_ACT = timedelta(seconds=30)

Content = tuple[str, dict[str, Any]]  #: readable text, data for the bubble


def recipient(platform: Platform, data: Mapping[str, Any]) -> Citizen:
    """The follower named by touser. Raises ApiError 40003, 43004."""
    citizen = platform.citizens.get(text(data, "touser"))
    if citizen is None:
        raise ApiError(40003, "invalid openid")
    if not citizen.following:
        raise ApiError(43004, "require subscribe")
    return citizen


def send(platform: Platform, call: Call) -> dict[str, Any]:
    _check_right(platform)
    data = call.json()
    citizen = recipient(platform, data)
    kind = text(data, "msgtype")
    shown, extra = content(platform, kind, data)
    refused = citizen.interactions.spend(now=platform.clock.now())
    if refused:
        raise ApiError(refused, _WINDOW[refused])
    citizen.show(Side.ACCOUNT, kind, shown, extra, exchange=platform.api.exchange)
    return {}


def typing(platform: Platform, call: Call) -> dict[str, Any]:
    _check_right(platform)
    data = call.json()
    citizen = recipient(platform, data)
    now, command = platform.clock.now(), text(data, "command")
    if command not in ("Typing", "CancelTyping"):
        raise ApiError(45072, "command field invalid")
    last = citizen.interactions.last
    if last is None or now - last > TYPING_AFTER_ACT:
        raise ApiError(45080, "client not response, no interaction in 30 seconds")
    if command == "CancelTyping":
        citizen.typing_until = None
    elif citizen.typing_until and now < citizen.typing_until:
        raise ApiError(45081, "typing already sent")
    else:
        citizen.typing_until = now + TYPING
    seconds = TYPING.total_seconds() if citizen.typing_until else 0
    platform.feed.publish("typing", citizen.openid, {"seconds": seconds})
    return {}


def content(platform: Platform, kind: str, data: Mapping[str, Any]) -> Content:
    """Check a message of that type. Raises ApiError 40008 and the type's own codes."""
    check = _TYPES.get(kind)
    if check is None:
        raise ApiError(40008, "invalid message type")
    return check(platform, part(data, kind))


def _check_right(platform: Platform) -> None:
    if not platform.account.customer_service:
        raise ApiError(48001, "api unauthorized")


def _text(platform: Platform, body: dict[str, Any]) -> Content:
    written = text(body, "content")
    if not written.strip():
        raise ApiError(44004, "empty content")
    if len(written.encode("utf-8", "surrogatepass")) > TEXT_LIMIT_BYTES:
        raise ApiError(45002, "content size out of limit")
    return written, {}


def _media(platform: Platform, body: dict[str, Any]) -> Content:
    for name in ("media_id", "thumb_media_id"):
        if body.get(name) or name == "media_id":
            _check_medium(platform, text(body, name))
    return f"{text(body, 'title')} {text(body, 'description')}".strip(), {"media_id": body["media_id"]}


def _music(platform: Platform, body: dict[str, Any]) -> Content:
    _check_medium(platform, text(body, "thumb_media_id"))
    shown = f"{text(body, 'title')} {text(body, 'description')}".strip()
    return shown, {"url": text(body, "musicurl")}


def _news(platform: Platform, body: dict[str, Any]) -> Content:
    articles = body.get("articles")
    if not isinstance(articles, list) or len(articles) != 1 or not isinstance(articles[0], dict):
        raise ApiError(45008, "article size out of limit")
    names = ("title", "description", "picurl", "url")
    shown = [{name: text(a, name) for name in names} for a in articles]
    return article_text(shown), {"articles": shown}


def _menu(platform: Platform, body: dict[str, Any]) -> Content:
    if platform.account.kind is not Kind.SERVICE:
        raise ApiError(40200, "invalid account type")
    entries = body.get("list")
    if not isinstance(entries, list) or not entries:
        raise ApiError(47001, "data format error, list missing")
    for entry in entries:
        if not isinstance(entry, dict) or not text(entry, "content") or not str(entry.get("id", "")):
            raise ApiError(47001, "data format error, list needs id and content")
    shown = [{"id": str(e["id"]), "content": e["content"]} for e in entries]
    lines = [text(body, "head_content"), *(e["content"] for e in shown), text(body, "tail_content")]
    head, tail = text(body, "head_content"), text(body, "tail_content")
    return "\n".join(filter(None, lines)), {"head": head, "list": shown, "tail": tail}


def _article(platform: Platform, body: dict[str, Any]) -> Content:
    if not text(body, "article_id"):
        raise ApiError(40007, "invalid article_id")
    return "[文章]", {"article_id": body["article_id"]}


def _draft(platform: Platform, body: dict[str, Any]) -> Content:
    _check_medium(platform, text(body, "media_id"))
    return "[图文]", {"media_id": body["media_id"]}


def _mini_program(platform: Platform, body: dict[str, Any]) -> Content:
    if not all(text(body, name) for name in ("title", "appid", "pagepath")):
        raise ApiError(40035, "invalid parameter, title, appid and pagepath are required")
    _check_medium(platform, text(body, "thumb_media_id"))
    return text(body, "title"), {"media_id": body["thumb_media_id"], "pagepath": body["pagepath"]}


def _card(platform: Platform, body: dict[str, Any]) -> Content:
    if not text(body, "card_id"):
        raise ApiError(40035, "invalid parameter, card_id is required")
    return "[卡券]", {"card_id": body["card_id"]}


def _check_medium(platform: Platform, media_id: str) -> None:
    if not platform.knows_medium(media_id):
        raise ApiError(40007, "invalid media_id")


_WINDOW = {
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
}

_TYPES: dict[str, Callable[[Platform, dict[str, Any]], Content]] = {
    "text": _text,
    "image": _media,
    "voice": _media,
    "video": _media,
    "music": _music,
    "news": _news,
    "mpnews": _draft,
    "mpnewsarticle": _article,
    "msgmenu": _menu,
    "wxcard": _card,
    "miniprogrampage": _mini_program,
}
