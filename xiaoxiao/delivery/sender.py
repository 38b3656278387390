"""The door through which answers leave by a platform's API, what may go wrong there, and the twin for tests.

An adapter translates the platform's refusals; for WeChat (error codes of message/custom/send):

| what happened | error |
| --- | --- |
| 45015 window closed, 45047 quota used up | Held |
| -1 busy, 45009 and 45011 call limits, no connection | Retry |
| timeout or broken connection after the request went out | Uncertain |
| 43004 not following, 43019 black-listed, 40003 wrong openid, 48004 and 5000x banned | Refused |
| 48001 API not granted | NoRight |
| 45002 content too long | TooLong |
"""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import Protocol

from xiaoxiao.errors import DeliveryFailed
from xiaoxiao.store.conversation import Answer, Conversation


class Held(DeliveryFailed):
    """The platform takes nothing for this citizen until she acts again."""


class Uncertain(DeliveryFailed):
    """The call broke off: the message may have arrived or not."""


class Retry(DeliveryFailed):
    """Certainly not delivered; later it may be."""

    def __init__(self, message: str | None = None, *, after: timedelta = timedelta(0)) -> None:
        super().__init__(message)
        self.after = after  #: at the earliest; the outbox waits longer with each attempt


class Refused(DeliveryFailed):
    """The platform will never take this message for this citizen."""


class NoRight(DeliveryFailed):
    """The account has no right to customer-service messages."""


class TooLong(DeliveryFailed):
    """The platform found the text too long."""


class Sender(Protocol):
    async def send(self, conversation: Conversation, answer: Answer) -> None:
        """Hand over one message; returning means the platform has accepted it.

        `composition.render(answer)` is at most 2,000 bytes. Raises a DeliveryFailed of this module and must end by
        itself (a timeout of its own), well before the outbox takes its worker for dead.
        """


class MemorySender:
    """Keeps what was sent; fails as told: `sender.fails(Held(), Retry())` for the next two calls."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Answer]] = []
        self._failures: deque[Exception | None] = deque()

    def fails(self, *errors: Exception | None) -> None:
        """None among them lets a call through."""
        self._failures.extend(errors)

    async def send(self, conversation: Conversation, answer: Answer) -> None:
        error = self._failures.popleft() if self._failures else None
        if error is not None:
            raise error
        self.sent.append((conversation.contact, answer))

    @property
    def texts(self) -> list[str]:
        return [answer.text for _, answer in self.sent]
