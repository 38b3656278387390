"""What every push has, message or event: who sent it to whom, when, and the key that tells repeats."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from connectors.wechat.elements import moment, required, word


@dataclass(frozen=True, kw_only=True)
class Message:
    account: str = required("ToUserName")  #: the account's own id, gh_…
    openid: str = required("FromUserName")
    sent_at: datetime = moment("CreateTime")  # noqa: RUF009 (a field)
    kind: str  #: MsgType in lower case
    fields: Mapping[str, Any] = field(repr=False, hash=False)  #: every element, nested ones too; JSON-able
    id: str = word("MsgId")  #: "" for events

    @property
    def delivery_key(self) -> str:
        """Equal for repeated deliveries, different for everything else sent to this account.

        MsgId repeats across citizens, therefore openid + MsgId. Never the timestamp or nonce of the query:
        whether a repeat keeps them is not documented.
        """
        unique = quote(self.id, safe="") if self.id.strip("0") else f"{self.unix_time}:{self.digest}"
        return f"{quote(self.openid, safe='')}:{unique}"

    @property
    def unix_time(self) -> int:
        return int(self.sent_at.timestamp())

    @property
    def digest(self) -> str:
        """16 hex digits over all elements."""
        return digest(self.fields)


def digest(value: Any) -> str:
    """16 hex digits over a JSON-able value."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()[:16]
