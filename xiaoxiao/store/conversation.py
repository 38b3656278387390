"""The words every layer speaks: what came in, what goes out, who holds the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any


class Status(str, Enum):
    """Who answers. Read before the dialogue engine is called and again before an answer leaves."""

    BOT = "bot"  #: 小小 has it
    PENDING = "pending"  #: a person was asked for; 小小 is silent
    OPEN = "open"  #: staff have it
    SNOOZED = "snoozed"  #: staff have it and wait for something
    RESOLVED = "resolved"  #: done; the next message goes to 小小 again


class Trigger(str, Enum):
    """What a citizen's act allows us to send afterwards (WeChat 客服消息, DESIGN §4)."""

    MESSAGE = "message"  #: 5 messages in 48 h
    MENU = "menu"  #: 3 in 1 min: menu click, scancode, tap on a menu-message link
    FOLLOW = "follow"  #: 3 in 1 min
    SCAN = "scan"  #: 3 in 1 min
    NONE = "none"  #: grants nothing (LOCATION, unsubscribe, job reports …)


class Window(str, Enum):
    """Which allowance of the platform a customer-service message is taken from."""

    MESSAGE = "message"  #: opened by Trigger.MESSAGE
    CLICK = "click"  #: opened by MENU, FOLLOW and SCAN


class Author(str, Enum):
    BOT = "bot"
    STAFF = "staff"
    SAFETY = "safety"  #: fixed danger answers: first in every queue, never dropped
    SYSTEM = "system"  #: notices such as "a person has your message"


class Delivery(str, Enum):
    """The life of an outbox row."""

    QUEUED = "queued"  #: to be carried by a passive reply or a customer-service message
    HELD = (
        "held"  #: no window, quota or right: waits for the citizen's next act (a passive reply may carry it)
    )
    SENDING = "sending"  #: handed to the API, outcome unknown
    SENT = "sent"  #: accepted by the platform, or carried by a passive reply
    UNCERTAIN = "uncertain"  #: the API call broke off; not repeated (it has no idempotency key)
    FAILED = "failed"  #: refused for good (not following, banned, …)
    DROPPED = "dropped"  #: withdrawn before it left (a person took over)


@dataclass(frozen=True)
class Incoming:
    """One thing a citizen did, in the words of no particular channel."""

    channel: str  #: "wechat"
    account: str  #: which account she wrote to (app id, else gh_ id)
    contact: str  #: openid
    key: str  #: unique within (account): the delivery key, equal for repeated deliveries
    kind: str  #: text image voice video shortvideo location link file event or the platform's own word
    sent_at: datetime
    text: str = ""  #: what she said; "" when nothing was said
    event: str = ""  #: lower-case event name when kind is "event"
    fields: Mapping[str, Any] = field(default_factory=dict)  #: every parsed field, JSON-able
    trigger: Trigger = Trigger.MESSAGE
    payload: str | None = None  #: a trusted intent ("/help"): from our own menu or buttons, never from text


@dataclass(frozen=True)
class Button:
    title: str
    payload: str  #: "/intent{...}" or plain text to be said in her place


@dataclass(frozen=True)
class Answer:
    text: str
    buttons: tuple[Button, ...] = ()
    link: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "buttons": [{"title": b.title, "payload": b.payload} for b in self.buttons],
            "link": self.link,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answer:
        buttons = tuple(Button(b["title"], b["payload"]) for b in data.get("buttons", ()))
        return cls(data["text"], buttons, data.get("link"))


@dataclass(frozen=True)
class Outgoing:
    """A row of the outbox: stays until the platform has accepted it."""

    id: int
    conversation_id: int
    message_id: int | None  #: the incoming message it answers; None for staff and pushes
    author: Author
    answer: Answer
    state: Delivery
    created_at: datetime
    attempts: int = 0
    next_attempt_at: datetime | None = None
    sent_at: datetime | None = None
    carrier: str | None = None  #: "passive" | "customer_service" | None
    error: str | None = None
    carried: int = 0  #: how many characters of answer.text have left already; the row keeps the whole text

    @property
    def rest(self) -> Answer:
        """What of the answer has still to leave; buttons and link go with its end."""
        return replace(self.answer, text=self.answer.text[self.carried :])


@dataclass(frozen=True)
class Conversation:
    id: int
    channel: str
    account: str
    contact: str
    status: Status
    following: bool
    created_at: datetime
    updated_at: datetime
    misunderstood: int = 0  #: misunderstandings in a row
    waiting_since: datetime | None = (
        None  #: since when she waits for a person's word; None when it is our turn no more
    )
    assignee: str | None = None
    choices: tuple[Button, ...] = ()  #: the last numbered options she was offered
    topic: str | None = None  #: the last knowledge card
    message_window_at: datetime | None = None  #: last act that granted 5 in 48 h
    message_window_used: int = 0
    click_window_at: datetime | None = None  #: last act that granted 3 in 1 min
    click_window_used: int = 0


@dataclass(frozen=True)
class Message:
    """A stored incoming message."""

    id: int
    conversation_id: int
    incoming: Incoming
    received_at: datetime
    handled_at: datetime | None = None
    danger: str | None = None
    intent: str | None = None
    confidence: float | None = None
    reply: str | None = (
        None  #: the passive reply's text it was answered with; offered again to a repeated delivery
    )


@dataclass(frozen=True)
class Receipt:
    """What `receive` says about a message."""

    message: Message
    conversation: Conversation
    is_new: bool  #: False for a repeated delivery


@dataclass(frozen=True)
class Event:
    """A line of the audit trail: who did or saw what, when."""

    id: int
    conversation_id: int
    at: datetime
    actor: str  #: "citizen", "bot", "system", "cli:<user>" or a staff account
    name: str  #: "transition", "post", "seen" …
    data: Mapping[str, Any] = field(default_factory=dict)
