"""media/upload and media/get (临时素材)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sanic.request import parse_multipart_form

from xiaoxiao.simulator.endpoints.call import ApiError, Call
from xiaoxiao.simulator.media import Medium

if TYPE_CHECKING:
    from xiaoxiao.simulator.platform import Platform

LIMITS = {"image": 10_485_760, "voice": 2_097_152, "video": 10_485_760, "thumb": 65_536}  # bytes


def upload(platform: Platform, call: Call) -> dict[str, Any]:
    kind = call.query.get("type", "")
    if kind not in LIMITS:
        raise ApiError(40004, "invalid media type")
    content = _file(call)
    if not content:
        raise ApiError(41005, "media data missing")
    if len(content) > LIMITS[kind]:
        raise ApiError(40009 if kind == "image" else 40006, "invalid media size")
    medium = platform.shelf.put(kind, content, now=platform.clock.now())
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: medium.media_id, "created_at": int(medium.created_at.timestamp())}


def get(platform: Platform, call: Call) -> Medium:
    medium = platform.shelf.get(call.query.get("media_id", ""), now=platform.clock.now())
    if medium is None:
        raise ApiError(40007, "invalid media_id")
    return medium


def _file(call: Call) -> bytes:
    """The multipart field `media`, which must carry a file name. b"" when there is none."""
    main, _, parameters = call.content_type.partition(";")
    _, _, boundary = parameters.partition("boundary=")
    if main.strip().lower() != "multipart/form-data" or not boundary:
        return b""
    _, files = parse_multipart_form(call.body, boundary.strip().strip('"').encode())
    return bytes(files["media"][0].body) if "media" in files else b""
