"""From WeChat's words to ours: a parsed push becomes an `Incoming`."""

from __future__ import annotations

from connectors.wechat import events, messages
from connectors.wechat.push import Message
from xiaoxiao.menu import Menu
from xiaoxiao.store.conversation import Incoming, Trigger

CHANNEL = "wechat"

#: Which acts let us send customer-service messages afterwards (客服消息 intro, both account types, since 2023-06).
_TRIGGERS: dict[str, Trigger] = {
    "subscribe": Trigger.FOLLOW,
    "scan": Trigger.SCAN,
    "click": Trigger.MENU,
    "scancode_push": Trigger.MENU,
    "scancode_waitmsg": Trigger.MENU,
}


def incoming(message: Message, *, account: str, menu: Menu) -> Incoming:
    """`account` is the AppID when it is known: gh_ ids differ between copies of one account's settings."""
    event = message.event if isinstance(message, events.Event) else ""
    return Incoming(
        channel=CHANNEL,
        account=account or message.account,
        contact=message.openid,
        key=message.delivery_key,
        kind=message.kind,
        sent_at=message.sent_at,
        text=_said(message),
        event=event,
        fields=message.fields,
        trigger=_TRIGGERS.get(event, Trigger.NONE) if event else _message_trigger(message),
        payload=_payload(message, menu),
    )


def _said(message: Message) -> str:
    if isinstance(message, messages.TextMessage):
        return message.content
    if isinstance(message, messages.VoiceMessage):
        return message.recognition.strip()
    return ""


def _message_trigger(message: Message) -> Trigger:
    tapped = isinstance(message, messages.TextMessage) and message.menu_item_id
    return Trigger.MENU if tapped else Trigger.MESSAGE


def _payload(message: Message, menu: Menu) -> str | None:
    """Only keys and scenes of our own menu.yml become intents; never what somebody typed."""
    if isinstance(message, events.ClickEvent):
        return menu.clicked(message.key)
    if isinstance(message, events.ScanEvent | events.SubscribeEvent):
        return menu.scanned(message.scene)
    return None
