"""What a citizen can do, as the fields the platform pushes and the bubble she sees of it.

Sources: WeChat pages 接收普通消息, 接收事件推送, 自定义菜单事件推送.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xiaoxiao.simulator.interaction import Act
from xiaoxiao.simulator.media import Medium
from xiaoxiao.simulator.push import Field


@dataclass(frozen=True)
class Deed:
    kind: str  #: MsgType; "event" for events
    fields: tuple[Field, ...]
    event: str = ""  #: Event, in the platform's own spelling
    grants: Act | None = None  #: the customer-service messages it allows
    text: str = ""  #: what she sees of her own act; "" shows no bubble
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    latitude: float
    longitude: float
    label: str = ""
    scale: int = 16


def text(content: str) -> Deed:
    return Deed("text", (("Content", content),), grants=Act.MESSAGE, text=content)


def tap(content: str, menu_id: str) -> Deed:
    """A tap on an entry of a menu message: a text with bizmsgmenuid that counts as a menu click."""
    number = int(menu_id) if menu_id.isascii() and menu_id.isdigit() else menu_id
    fields: tuple[Field, ...] = (("Content", content), ("bizmsgmenuid", number))
    return Deed("text", fields, grants=Act.CLICK, text=content)


def voice(medium: Medium, recognition: str | None) -> Deed:
    """`recognition` None: the element is empty, as it is since the platform withdrew recognition in 2023."""
    fields = (("MediaId", medium.media_id), ("Format", "amr"), ("Recognition", recognition or ""))
    shown = f"[语音] {recognition}" if recognition else "[语音]"
    return Deed("voice", fields, grants=Act.MESSAGE, text=shown, data={"media_id": medium.media_id})


def image(medium: Medium, url: str) -> Deed:
    fields = (("PicUrl", url), ("MediaId", medium.media_id))
    return Deed("image", fields, grants=Act.MESSAGE, text="[图片]", data={"media_id": medium.media_id})


def video(medium: Medium, thumb: Medium) -> Deed:
    fields = (("MediaId", medium.media_id), ("ThumbMediaId", thumb.media_id))
    return Deed("video", fields, grants=Act.MESSAGE, text="[视频]", data={"media_id": medium.media_id})


def location(place: Place) -> Deed:
    """Location_X is the latitude, Location_Y the longitude (degrees)."""
    fields = (*_coordinates(place), ("Label", place.label))
    shown = place.label or f"{place.latitude}, {place.longitude}"
    return Deed("location", fields, grants=Act.MESSAGE, text=f"[位置] {shown}", data=vars(place))


def link(title: str, description: str, url: str) -> Deed:
    fields = (("Title", title), ("Description", description), ("Url", url))
    data = {"title": title, "description": description, "url": url}
    return Deed("link", fields, grants=Act.MESSAGE, text=f"[链接] {title}", data=data)


def file(name: str, content: bytes) -> Deed:
    md5 = hashlib.md5(content).hexdigest()  # noqa: S324 - the protocol's
    fields: tuple[Field, ...] = (
        ("Title", name),
        ("Description", ""),
        ("FileKey", md5[:16]),
        ("FileMd5", md5),
        ("FileTotalLen", len(content)),
    )
    data = {"name": name, "bytes": len(content)}
    return Deed("file", fields, grants=Act.MESSAGE, text=f"[文件] {name}", data=data)


def event(name: str, *fields: Field, grants: Act | None = None) -> Deed:
    return Deed("event", fields, event=name, grants=grants)


def follow(scene: str | None, ticket: str) -> Deed:
    """`scene` of the QR code she came by; None when she found the account otherwise."""
    if scene is None:
        return event("subscribe", ("EventKey", ""), grants=Act.FOLLOW)
    return event("subscribe", ("EventKey", f"qrscene_{scene}"), ("Ticket", ticket), grants=Act.FOLLOW)


def scan(scene: str, ticket: str) -> Deed:
    return event("SCAN", ("EventKey", scene), ("Ticket", ticket), grants=Act.SCAN)


def position(place: Place, precision: float) -> Deed:
    """The automatic position report on entering the chat: grants nothing, is no message."""
    fields = (("Latitude", place.latitude), ("Longitude", place.longitude), ("Precision", precision))
    return event("LOCATION", *fields)


def menu_click(
    button: Mapping[str, Any],
    menu_id: int,
    *,
    scanned: str = "",
    photos: Sequence[bytes] = (),
    place: Place | None = None,
) -> Deed | None:
    """The event of a menu entry; None for entries that the platform answers itself (media, articles)."""
    kind = button["type"]
    if kind == "click":
        return event("CLICK", ("EventKey", button["key"]), grants=Act.CLICK)
    if kind == "view":
        return event("VIEW", ("EventKey", button["url"]), ("MenuId", menu_id))
    if kind == "miniprogram":
        return event("view_miniprogram", ("EventKey", button["pagepath"]), ("MenuId", menu_id))
    if kind in ("scancode_push", "scancode_waitmsg"):
        code = (("ScanType", "qrcode"), ("ScanResult", scanned))
        return event(kind, ("EventKey", button["key"]), ("ScanCodeInfo", code), grants=Act.CLICK)
    if kind == "location_select":
        spot = place or Place(0.0, 0.0)
        info = (*_coordinates(spot), ("Label", spot.label), ("Poiname", ""))
        return event(kind, ("EventKey", button["key"]), ("SendLocationInfo", info))
    if kind.startswith("pic_"):
        return event(kind, ("EventKey", button["key"]), ("SendPicsInfo", _pictures(photos)))
    return None


def _coordinates(place: Place) -> tuple[Field, ...]:
    return (("Location_X", place.latitude), ("Location_Y", place.longitude), ("Scale", place.scale))


def _pictures(photos: Sequence[bytes]) -> tuple[Field, ...]:
    sums = [hashlib.md5(p).hexdigest() for p in photos]  # noqa: S324 - the protocol's
    return (("Count", len(sums)), ("PicList", tuple(("item", (("PicMd5Sum", s),)) for s in sums)))
