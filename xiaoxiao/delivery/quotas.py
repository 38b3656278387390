"""How many customer-service messages WeChat still accepts for a citizen (客服消息 introduction, both account types).

Five within 48 hours of a message; three within a minute of a menu click, a follow, a scanned code or a tap on a
menu message. Whether the windows add up is not documented: if they do not, WeChat refuses (45047) and the row is held.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from xiaoxiao.store.conversation import Conversation, Window

#: window → (messages, valid for)
ALLOWANCES = {
    Window.CLICK: (3, timedelta(minutes=1)),
    Window.MESSAGE: (5, timedelta(hours=48)),
}


def remaining(conversation: Conversation, now: datetime) -> int:
    """How many may leave now over both windows."""
    return sum(_left(conversation, window, now) for window in ALLOWANCES)


def window(conversation: Conversation, now: datetime) -> Window | None:
    """From which window the next one is taken: first the one that closes first. None: nothing may leave."""
    return next((window for window in ALLOWANCES if _left(conversation, window, now)), None)


def closes_at(conversation: Conversation) -> datetime | None:
    """When the 48 hours end (for the desk's second clock); None when she never wrote or has left."""
    opened = conversation.message_window_at
    return opened + ALLOWANCES[Window.MESSAGE][1] if opened else None


def _left(conversation: Conversation, window: Window, now: datetime) -> int:
    count, valid = ALLOWANCES[window]
    opened: datetime | None = getattr(conversation, f"{window.value}_window_at")
    used: int = getattr(conversation, f"{window.value}_window_used")
    if opened is None or not opened <= now < opened + valid:
        return 0
    return max(0, count - used)
