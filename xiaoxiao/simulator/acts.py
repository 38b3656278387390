"""What the page asks for, as acts of a citizen. Every refusal is a Chinese sentence."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from xiaoxiao.errors import InvalidRequest
from xiaoxiao.simulator import deeds
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.deeds import Place
from xiaoxiao.simulator.dialog import Turn

LONGEST_TEXT = 10_000  # characters
LARGEST_FILE_BYTES = 10_485_760

Data = Mapping[str, Any]


def perform(citizen: Citizen, data: Data) -> Turn:
    """The act that `data` describes: {"act": name, …}. Raises InvalidRequest, NotFound."""
    act = _ACTS.get(str(data.get("act")))
    if act is None:
        raise InvalidRequest(f"不认识的动作「{data.get('act')}」。")
    return act(citizen, data)


def _say(citizen: Citizen, data: Data) -> Turn:
    return citizen.says(_text(data, "text", "要说的话"))


def _tap(citizen: Citizen, data: Data) -> Turn:
    return citizen.does(deeds.tap(_text(data, "text", "链接的文字"), str(data.get("menu_id") or "")))


def _voice(citizen: Citizen, data: Data) -> Turn:
    return citizen.speaks(_text(data, "text", "说的话") if data.get("text") else None)


def _photo(citizen: Citizen, data: Data) -> Turn:
    return citizen.sends_photo(_content(data.get("content")))


def _file(citizen: Citizen, data: Data) -> Turn:
    return citizen.sends_file(_text(data, "name", "文件名"), _content(data.get("content")))


def _location(citizen: Citizen, data: Data) -> Turn:
    place = _place(data)
    return citizen.sends_location(place.latitude, place.longitude, place.label)


def _link(citizen: Citizen, data: Data) -> Turn:
    url = _text(data, "url", "网址")
    if not url.startswith(("http://", "https://")):
        raise InvalidRequest("网址应以 http:// 或 https:// 开头。")
    return citizen.sends_link(_text(data, "title", "标题"), str(data.get("description") or ""), url)


def _menu(citizen: Citizen, data: Data) -> Turn:
    photos = data.get("photos") or []
    if not isinstance(photos, list) or len(photos) > 9:
        raise InvalidRequest("一次最多选 9 张图片。")
    return citizen.clicks(
        _text(data, "name", "菜单名"),
        scanned=str(data.get("scanned") or ""),
        photos=[_content(photo) for photo in photos],
        place=_place(data) if "latitude" in data else None,
    )


def _follow(citizen: Citizen, data: Data) -> Turn:
    return citizen.follows(_text(data, "scene", "场景值") if data.get("scene") else None)


def _unfollow(citizen: Citizen, data: Data) -> Turn:
    return citizen.unfollows()


def _scan(citizen: Citizen, data: Data) -> Turn:
    return citizen.scans(_text(data, "scene", "二维码的场景值"))


def _enter(citizen: Citizen, data: Data) -> Turn:
    place = _place(data)
    return citizen.enters(place.latitude, place.longitude)


def _text(data: Data, name: str, what: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InvalidRequest(f"请填写{what}。")
    if len(value) > LONGEST_TEXT:
        raise InvalidRequest(f"{what}太长了,最多 {LONGEST_TEXT} 字。")
    return value


def _place(data: Data) -> Place:
    try:
        latitude, longitude = float(data["latitude"]), float(data["longitude"])
    except (KeyError, TypeError, ValueError) as exc:
        raise InvalidRequest("请填写经纬度,例如 31.2304 和 121.4737。") from exc
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise InvalidRequest("纬度应在 -90 到 90 之间,经度应在 -180 到 180 之间。")
    return Place(latitude, longitude, str(data.get("label") or "")[:200])


def _content(value: object) -> bytes:
    """A file in Base64."""
    if not isinstance(value, str) or len(value) > LARGEST_FILE_BYTES * 4 // 3 + 4:
        raise InvalidRequest("请选择一个文件,最大 10 MB。")
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise InvalidRequest("文件没有完整地传上来,请再选一次。") from exc
    if not content:
        raise InvalidRequest("这个文件是空的。")
    return content


_ACTS: dict[str, Callable[[Citizen, Data], Turn]] = {
    "say": _say,
    "tap": _tap,
    "voice": _voice,
    "photo": _photo,
    "file": _file,
    "location": _location,
    "link": _link,
    "menu": _menu,
    "follow": _follow,
    "unfollow": _unfollow,
    "scan": _scan,
    "enter": _enter,
}
