"""What citizens send: one frozen dataclass per MsgType; `parse` makes them, and events, from bytes.

Source: 接收普通消息 (/doc/service/guide/product/message/Receiving_standard_messages.html). Media ids live
three days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.wechat.body import read_fields
from connectors.wechat.elements import build, count, name, number, required, text, word
from connectors.wechat.events import EVENTS, UnknownEvent
from connectors.wechat.push import Message


def parse(body: bytes) -> Message:
    """The message or event in a plain or decrypted body, XML or JSON; MessageMalformed when there is none."""
    return from_fields(read_fields(body))


def from_fields(fields: dict[str, Any]) -> Message:
    """The same from elements already read (`body.read_fields`)."""
    labels = build(_Labels, fields)
    kind = labels.kind.lower()
    if kind != "event":
        return build(MESSAGES.get(kind, UnknownMessage), fields, kind=kind, fields=fields)
    event = labels.event.lower()
    return build(EVENTS.get(event, UnknownEvent), fields, kind=kind, event=event, fields=fields)


@dataclass(frozen=True)
class _Labels:
    kind: str = required("MsgType")
    event: str = word("Event")


@dataclass(frozen=True)
class TextMessage(Message):
    content: str = text("Content")  #: as typed, blanks included; may be blank
    menu_item_id: str = name("bizmsgmenuid")  #: set when an entry of a menu message or quick reply was tapped


@dataclass(frozen=True)
class ImageMessage(Message):
    picture_url: str = name("PicUrl")
    media_id: str = name("MediaId")


@dataclass(frozen=True)
class VoiceMessage(Message):
    media_id: str = name("MediaId")
    media_id_16k: str = name("MediaId16K")
    format: str = name("Format")  #: amr or speex
    recognition: str = text("Recognition")  #: withdrawn by WeChat in July 2023: usually ""


@dataclass(frozen=True)
class VideoMessage(Message):
    """Both video and shortvideo."""

    media_id: str = name("MediaId")
    thumb_media_id: str = name("ThumbMediaId")


@dataclass(frozen=True)
class LocationMessage(Message):
    latitude: float | None = number("Location_X")  #: WeChat's X is the latitude
    longitude: float | None = number("Location_Y")
    scale: int | None = count("Scale")
    label: str = text("Label")


@dataclass(frozen=True)
class LinkMessage(Message):
    title: str = text("Title")
    description: str = text("Description")
    url: str = text("Url")


@dataclass(frozen=True)
class FileMessage(Message):
    """Undocumented; most accounts never get one."""

    title: str = text("Title")
    description: str = text("Description")
    file_key: str = text("FileKey")
    md5: str = name("FileMd5")
    size: int | None = count("FileTotalLen")  #: bytes


@dataclass(frozen=True)
class MiniprogramPageMessage(Message):
    title: str = text("Title")
    app_id: str = name("AppId")
    page_path: str = text("PagePath")
    thumb_url: str = text("ThumbUrl")
    thumb_media_id: str = name("ThumbMediaId")


@dataclass(frozen=True)
class UnknownMessage(Message):
    """A MsgType we have no class for: its elements are in `fields`."""


MESSAGES: dict[str, type[Message]] = {
    "text": TextMessage,
    "image": ImageMessage,
    "voice": VoiceMessage,
    "video": VideoMessage,
    "shortvideo": VideoMessage,
    "location": LocationMessage,
    "link": LinkMessage,
    "file": FileMessage,
    "miniprogrampage": MiniprogramPageMessage,
}
