"""What the contract of the store is told with: messages, answers, and calls at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from xiaoxiao.store.conversation import (
    Answer,
    Author,
    Button,
    Conversation,
    Delivery,
    Incoming,
    Message,
    Outgoing,
    Receipt,
    Status,
    Trigger,
    Window,
)
from xiaoxiao.store.port import ConversationStore

NOW = datetime(2026, 7, 1, 0, 30, 0, 123456, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)
LAPSE = timedelta(seconds=30)
NO_WAIT = timedelta(0)

T = TypeVar("T")


@dataclass(frozen=True)
class Made:
    text: str
    carried: Sequence[int] = ()
    remaining: Mapping[int, int] = field(default_factory=dict)
    choices: Sequence[Button] = ()


def all_rows(rows: Sequence[Outgoing]) -> Made:
    return Made("|".join(row.rest.text for row in rows), [row.id for row in rows])


def says(
    text: str = "煤气漏了怎么办", *, key: str = "1", contact: str = "openid-1", **more: object
) -> Incoming:
    incoming = Incoming("wechat", "wx1", contact, key, "text", NOW, text, fields={"MsgId": 1, "内容": [text]})
    return replace(incoming, **more)  # type: ignore[arg-type]


def event(name: str, key: str, trigger: Trigger = Trigger.NONE) -> Incoming:
    return says("", key=key, kind="event", event=name, trigger=trigger)


def receive(store: ConversationStore, incoming: Incoming | None = None, now: datetime = NOW) -> Receipt:
    return store.receive(incoming or says(), worker="w1", now=now)


def answered(
    store: ConversationStore, *texts: str, author: Author = Author.BOT, key: str = "1", now: datetime = NOW
) -> Message:
    message = receive(store, says(key=key), now).message
    store.answer(message.id, [(author, Answer(text)) for text in texts], now=now)
    return message


def states(store: ConversationStore) -> list[Delivery]:
    return [row.state for row in store.outgoing(store.find("openid-1").id)]


def open_it(store: ConversationStore, actor: str = "li") -> Conversation:
    conversation = store.find("openid-1")
    return store.transition(
        conversation.id, Status.OPEN, actor=actor, reason="takeover", now=NOW, assignee=actor
    )


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Run all at the same moment, each on a thread of its own."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        barrier.wait(10)
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def send(store: ConversationStore, state: Delivery, now: datetime = NOW, **outcome: object) -> None:
    ((row, _),) = store.due(now=now, settle=NO_WAIT)
    assert store.sending(row.id, now=now, window=Window.MESSAGE)
    store.settle(row.id, state, now=now, **outcome)  # type: ignore[arg-type]
