"""An open form of one contact: what she has told, which question is open. It lives as long as she needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

_NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class FormState:
    form: str  #: name of the form; "" when none is open
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)  #: by slot, JSON-able; None: skipped
    asked: str | None = None  #: the slot whose question is open
    since: datetime = _NEVER  #: when it was opened
    touched_at: datetime = _NEVER  #: when she last did something for it
    misread: int = 0  #: answers to the open question in a row that were none
    reminded: bool = False  #: told, after a pause, that it is still open

    @property
    def is_open(self) -> bool:
        return bool(self.form)


#: saved over an open form, it closes it
NO_FORM = FormState("")
