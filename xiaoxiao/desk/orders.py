"""What the office has ordered for now: topics 小小 leaves unanswered, and an emergency response in force.

All workers share it through the database and read it with every message, or once a second where reading is dear.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from secrets import token_hex
from typing import Any

from xiaoxiao.clock import Clock
from xiaoxiao.errors import Conflict, InvalidRequest, NotFound
from xiaoxiao.store.port import ConversationStore

#: Citizens read an emergency's note in front of the answer: a line, not a bulletin.
LONGEST_NOTE = 60
_STANDING, _LOG, _LOCK = "orders", "orders_log", "orders"
_LAPSE = timedelta(seconds=10)
_NEVER = datetime.min.replace(tzinfo=timezone.utc)


@dataclass(frozen=True)
class Order:
    """One line of the audit trail."""

    act: str  #: close | open | declare | lift
    by: str
    at: datetime
    topic: str = ""  #: label of the topic: faq/<id> of a card, or an intent
    note: str = ""  #: why; of an emergency: what citizens are told


@dataclass(frozen=True)
class Standing:
    """The orders in force."""

    closed: Mapping[str, Order] = field(default_factory=dict)  #: by label
    emergency: Order | None = None


class Orders:
    """The service behind the command line and the desk."""

    def __init__(
        self, store: ConversationStore, clock: Clock, worker: str, *, keep: timedelta = timedelta(0)
    ) -> None:
        """`keep`: for how long what was read is good enough for this process."""
        self._store = store
        self._clock = clock
        self._worker = worker
        self._keep = keep
        self._known = Standing()
        self._read_at = _NEVER

    def standing(self) -> Standing:
        """As of `keep` ago or later. StoreUnavailable when the database does not answer."""
        now = self._clock.now()
        if not timedelta(0) <= now - self._read_at < self._keep:  # a clock may also be set back
            self._known, self._read_at = self._read(), now
        return self._known

    def log(self) -> list[Order]:
        """Every order ever given, oldest first."""
        kept = self._store.recall(_LOG, now=self._clock.now())
        return [_order(line) for line in json.loads(kept)] if kept else []

    def close(self, topic: str, *, by: str, note: str = "") -> Order:
        """Leave a topic unanswered from now on. Closed again, the newer reason stands."""

        def change(standing: Standing, order: Order) -> Standing:
            return replace(standing, closed={**standing.closed, topic: order})

        return self._give("close", change, by=by, topic=topic, note=note)

    def open(self, topic: str, *, by: str, note: str = "") -> Order:
        """Answer it again. NotFound when it is not closed."""

        def change(standing: Standing, _: Order) -> Standing:
            if topic not in standing.closed:
                raise NotFound(f"{topic} 没有停用,不用恢复。")
            return replace(standing, closed={t: o for t, o in standing.closed.items() if t != topic})

        return self._give("open", change, by=by, topic=topic, note=note)

    def declare(self, *, by: str, note: str = "") -> Order:
        """An emergency response is in force; declared again, the newer note stands. InvalidRequest: too long."""
        note = _one_line(note).rstrip("。")
        if len(note) > LONGEST_NOTE:
            raise InvalidRequest(f"说明有 {len(note)} 个字,最多 {LONGEST_NOTE} 个:市民要一眼看完。")
        return self._give("declare", lambda s, order: replace(s, emergency=order), by=by, note=note)

    def lift(self, *, by: str, note: str = "") -> Order:
        """The emergency is over. NotFound when there is none."""

        def change(standing: Standing, _: Order) -> Standing:
            if standing.emergency is None:
                raise NotFound("现在不在应急状态,不用解除。")
            return replace(standing, emergency=None)

        return self._give("lift", change, by=by, note=note)

    def _give(
        self,
        act: str,
        change: Callable[[Standing, Order], Standing],
        *,
        by: str,
        topic: str = "",
        note: str = "",
    ) -> Order:
        """Read, change, write, alone. Conflict when somebody else is at it in this moment."""
        now = self._clock.now()
        order = Order(act, by, now, topic, _one_line(note))
        holder = f"{self._worker}:{token_hex(4)}"  # a worker has many threads
        if not self._store.try_lock(_LOCK, worker=holder, now=now, lapse=_LAPSE):
            raise Conflict
        try:
            standing = change(self._read(), order)
            # the audit trail first: an order that holds is never without its line
            self._write(_LOG, [_line(line) for line in (*self.log(), order)])
            self._write(_STANDING, _lines(standing))
            self._read_at = _NEVER
        finally:
            self._store.unlock(_LOCK, worker=holder)
        return order

    def _read(self) -> Standing:
        """One row by its key."""
        kept = self._store.recall(_STANDING, now=self._clock.now())
        return _standing(kept) if kept else Standing()

    def _write(self, key: str, value: object) -> None:
        self._store.remember(key, json.dumps(value, ensure_ascii=False), now=self._clock.now())


def _one_line(note: str) -> str:
    return " ".join(note.split())


def _line(order: Order) -> dict[str, str]:
    return {**asdict(order), "at": order.at.isoformat()}


def _order(line: Mapping[str, str]) -> Order:
    return Order(**{**line, "at": datetime.fromisoformat(line["at"])})  # type: ignore[arg-type]


def _lines(standing: Standing) -> dict[str, Any]:
    return {
        "closed": [_line(order) for order in standing.closed.values()],
        "emergency": _line(standing.emergency) if standing.emergency else None,
    }


@lru_cache(maxsize=1)  # the same with every message until somebody gives an order
def _standing(kept: str) -> Standing:
    lines = json.loads(kept)
    closed = {order.topic: order for order in map(_order, lines["closed"])}
    return Standing(closed, _order(lines["emergency"]) if lines["emergency"] else None)
