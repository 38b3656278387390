"""Faults to order: what the API does wrong with the next calls."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum


class Failure(Enum):
    ERRCODE = "errcode"  #: refused with this code
    TIMEOUT = "timeout"  #: no answer
    HTML = "html"  #: a proxy's error page with status 200
    DROP = "drop"  #: the connection breaks before the answer


class ApiUnanswered(Exception):
    """The caller gets no answer."""


class ApiTimedOut(ApiUnanswered):
    """… because it takes too long."""


class ApiDropped(ApiUnanswered):
    """… because the connection breaks."""


@dataclass(frozen=True)
class Fault:
    failure: Failure
    errcode: int = -1
    path: str | None = None  #: only calls of this path ("message/custom/send")
    takes_effect: bool = False  #: the call is carried out although the caller does not learn it


class Faults:
    """Ordered faults, used up one a call; `latency_seconds` is waited before every answer."""

    def __init__(self) -> None:
        self.latency_seconds = 0.0
        self._next: deque[Fault] = deque()

    def refuse(self, errcode: int, *, times: int = 1, path: str | None = None) -> None:
        self._next.extend([Fault(Failure.ERRCODE, errcode, path)] * times)

    def fail(
        self, failure: Failure, *, times: int = 1, path: str | None = None, takes_effect: bool = False
    ) -> None:
        self._next.extend([Fault(failure, path=path, takes_effect=takes_effect)] * times)

    def take(self, path: str) -> Fault | None:
        for fault in self._next:
            if fault.path in (None, path):
                self._next.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        self._next.clear()
        self.latency_seconds = 0.0
