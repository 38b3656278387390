"""What happens besides messages: one frozen dataclass per family of events.

Source: 接收事件推送 (/doc/service/guide/product/message/Receiving_event_pushes.html) and the pages of menus,
template messages, mass sending, publishing, subscription notices and account verification.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from connectors.wechat.elements import count, many, name, number, text
from connectors.wechat.push import Message, digest

_SCENE_PREFIX = "qrscene_"


@dataclass(frozen=True)
class Event(Message):
    event: str = ""  #: Event in lower case: WeChat itself is not consistent
    key: str = name("EventKey")

    @property
    def delivery_key(self) -> str:
        """Openid, second and name do not suffice: two different menu events fit into a second."""
        marks = [self.key, *(_mark(self.fields.get(mark)) for mark in ("MenuId", "MsgID", "MsgId", "Ticket"))]
        tail = digest(marks) if any(marks) else self.digest
        return f"{quote(self.openid, safe='')}:{self.unix_time}:{quote(self.event, safe='')}:{tail}"


def _mark(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True)
class SubscribeEvent(Event):
    """Somebody follows the account, perhaps by a QR code of ours."""

    ticket: str = name("Ticket")

    @property
    def scene(self) -> str:
        """The scene of our QR code, without prefix; "" when she came another way (search, payment, …)."""
        return self.key[len(_SCENE_PREFIX) :] if self.key.startswith(_SCENE_PREFIX) else ""


@dataclass(frozen=True)
class UnsubscribeEvent(Event):
    """Somebody stops following: nothing can be sent, and her data are to be deleted."""


@dataclass(frozen=True)
class ScanEvent(Event):
    """A follower scans a QR code of ours."""

    ticket: str = name("Ticket")

    @property
    def scene(self) -> str:
        return self.key.removeprefix(_SCENE_PREFIX)


@dataclass(frozen=True)
class LocationEvent(Event):
    """Reported on entering the chat or every 5 s: not a message, grants no right to send."""

    latitude: float | None = number("Latitude")
    longitude: float | None = number("Longitude")
    precision: float | None = number("Precision")


@dataclass(frozen=True)
class ClickEvent(Event):
    """A menu entry of ours; `key` is its key."""


@dataclass(frozen=True)
class ViewEvent(Event):
    """A menu entry that opens a page or a mini-program; `key` is the address or path."""

    menu_id: str = name("MenuId")


@dataclass(frozen=True)
class ScanCodeEvent(Event):
    """scancode_push (the phone shows the result), scancode_waitmsg (it waits for our answer)."""

    scan_type: str = name("ScanCodeInfo.ScanType")
    scan_result: str = text("ScanCodeInfo.ScanResult")


@dataclass(frozen=True)
class PicturesEvent(Event):
    """pic_sysphoto, pic_photo_or_album, pic_weixin: the pictures themselves follow as image messages."""

    count: int | None = count("SendPicsInfo.Count")
    pictures: tuple[Mapping[str, str], ...] = many("SendPicsInfo.PicList.item", "SendPicsInfo.PicList")


@dataclass(frozen=True)
class LocationSelectEvent(Event):
    """A place chosen through the menu; a location message follows."""

    latitude: float | None = number("SendLocationInfo.Location_X")
    longitude: float | None = number("SendLocationInfo.Location_Y")
    scale: int | None = count("SendLocationInfo.Scale")
    label: str = text("SendLocationInfo.Label")
    place: str = text("SendLocationInfo.Poiname")


@dataclass(frozen=True)
class TemplateSendJobFinishEvent(Event):
    """What became of a template message: `success`, `failed:user block`, `failed: system failed`."""

    job_id: str = name("MsgID", "MsgId")
    status: str = name("Status")


@dataclass(frozen=True)
class MassSendJobFinishEvent(Event):
    job_id: str = name("MsgID", "MsgId")
    status: str = name("Status")  #: `send success`, `send fail`, `err(10001)` …
    total: int | None = count("TotalCount")
    filtered: int | None = count("FilterCount")
    sent: int | None = count("SentCount")
    errors: int | None = count("ErrorCount")


@dataclass(frozen=True)
class PublishJobFinishEvent(Event):
    publish_id: str = name("PublishEventInfo.publish_id")
    status: str = name("PublishEventInfo.publish_status")  #: 0 published, others say why not
    article_id: str = name("PublishEventInfo.article_id")


@dataclass(frozen=True)
class KfSessionEvent(Event):
    """WeChat's own customer-service client opens, closes or passes on a session."""

    kf_account: str = name("KfAccount")
    from_account: str = name("FromKfAccount")
    to_account: str = name("ToKfAccount")
    close_type: str = name("CloseType")


@dataclass(frozen=True)
class SubscriptionEvent(Event):
    """Subscription notices: accepted or refused (popup), managed (change), sent. One entry per template."""

    entries: tuple[Mapping[str, str], ...] = many(
        "SubscribeMsgPopupEvent.List", "SubscribeMsgChangeEvent.List", "SubscribeMsgSentEvent.List", "List"
    )


@dataclass(frozen=True)
class PersonalDataEvent(Event):
    """Her data changed, or she withdrew her consent (revoke, cancellation: delete what is stored)."""

    subject: str = name("OpenID")
    app_id: str = name("AppID")
    union_id: str = name("UnionID")
    revoked: str = name("RevokeInfo")


@dataclass(frozen=True)
class VerificationEvent(Event):
    """The life of the account's verification (认证): passed, refused, due, expired."""

    expires: str = name("ExpiredTime")
    failed: str = name("FailTime")
    reason: str = text("FailReason")


@dataclass(frozen=True)
class UnknownEvent(Event):
    """An event we have no class for: its elements are in `fields`."""


_FAMILIES: dict[type[Event], tuple[str, ...]] = {
    SubscribeEvent: ("subscribe",),
    UnsubscribeEvent: ("unsubscribe",),
    ScanEvent: ("scan",),
    LocationEvent: ("location",),
    ClickEvent: ("click",),
    ViewEvent: ("view", "view_miniprogram"),
    ScanCodeEvent: ("scancode_push", "scancode_waitmsg"),
    PicturesEvent: ("pic_sysphoto", "pic_photo_or_album", "pic_weixin"),
    LocationSelectEvent: ("location_select",),
    TemplateSendJobFinishEvent: ("templatesendjobfinish",),
    MassSendJobFinishEvent: ("masssendjobfinish",),
    PublishJobFinishEvent: ("publishjobfinish",),
    KfSessionEvent: ("kf_create_session", "kf_close_session", "kf_switch_session"),
    SubscriptionEvent: (
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
        "subscribe_msg_sent_event",
    ),
    PersonalDataEvent: (
        "user_info_modified",
        "user_authorization_revoke",
        "user_authorization_cancellation",
    ),
    VerificationEvent: (
        "qualification_verify_success",
        "qualification_verify_fail",
        "naming_verify_success",
        "naming_verify_fail",
        "annual_renew",
        "verify_expired",
    ),
}
EVENTS: dict[str, type[Event]] = {event: kind for kind, events in _FAMILIES.items() for event in events}
