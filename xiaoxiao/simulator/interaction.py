"""How many customer-service messages an act of the citizen allows (客服消息, since 2023-06-12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum


class Act(Enum):
    """What a citizen did."""

    MESSAGE = "message"
    CLICK = "click"  #: menu click, scancode, tap on an entry of a menu message
    FOLLOW = "follow"
    SCAN = "scan"


#: act → messages it allows, and for how long
GRANTS: dict[Act, tuple[int, timedelta]] = {
    Act.MESSAGE: (5, timedelta(hours=48)),
    Act.CLICK: (3, timedelta(minutes=1)),
    Act.FOLLOW: (3, timedelta(minutes=1)),
    Act.SCAN: (3, timedelta(minutes=1)),
}


@dataclass
class Window:
    left: int
    until: datetime


@dataclass
class Interactions:
    """The open windows of one citizen."""

    windows: dict[Act, Window] = field(default_factory=dict)
    last: datetime | None = None  #: her last act (for 45080: typing needs one in the last 30 s)

    def record(self, act: Act, *, now: datetime) -> None:
        limit, duration = GRANTS[act]
        self.windows[act] = Window(limit, now + duration)
        self.last = now

    def spend(self, *, now: datetime) -> int:
        """Use one message of the window that closes first: 0, 45015 (none open) or 45047 (all used up)."""
        valid = sorted((w for w in self.windows.values() if now < w.until), key=lambda w: w.until)
        if not valid:
            return 45015
        window = next((w for w in valid if w.left), None)
        if window is None:
            return 45047
        window.left -= 1
        return 0

    def close(self) -> None:
        self.windows.clear()
