"""How rows leave the outbox by the platform's API: one of a conversation at a time, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select, update
from sqlalchemy.engine import Connection

from xiaoxiao.errors import NotFound
from xiaoxiao.store import custody
from xiaoxiao.store.conversation import Author, Conversation, Delivery, Outgoing, Window
from xiaoxiao.store.rows import to_conversation, to_outgoing
from xiaoxiao.store.rules import UNSETTLED, gives_back, settled_state, spent
from xiaoxiao.store.tables import conversations, messages, outbox, waiting

_other = outbox.alias("other")
_QUEUED, _SENDING = Delivery.QUEUED.value, Delivery.SENDING.value
_SAFETY = Author.SAFETY.value


def _precedes(first: Any, second: Any) -> Any:
    """SAFETY before the others, then the order of their making."""
    ordinary = first.c.author != _SAFETY, second.c.author != _SAFETY
    return or_(
        and_(~ordinary[0], ordinary[1]),
        and_(or_(~ordinary[0], ordinary[1]), first.c.id < second.c.id),
    )


_SENT_NOW = exists().where(
    _other.c.conversation_id == outbox.c.conversation_id, _other.c.state == _SENDING, waiting(_other)
)
_NOT_FIRST = exists().where(
    _other.c.conversation_id == outbox.c.conversation_id,
    _other.c.state == _QUEUED,
    waiting(_other),
    _precedes(_other, outbox),
)
_IS_DUE = or_(outbox.c.next_attempt_at.is_(None), outbox.c.next_attempt_at <= bindparam("now"))
_DUE = (
    select(outbox, conversations)
    .join_from(outbox, conversations)
    .outerjoin(messages, messages.c.id == outbox.c.message_id)
    .where(waiting(outbox), outbox.c.state == _QUEUED, outbox.c.created_at <= bindparam("settled"), _IS_DUE)
    .where(or_(outbox.c.message_id.is_(None), outbox.c.author == _SAFETY, messages.c.handled_at.is_not(None)))
    .where(~_SENT_NOW, ~_NOT_FIRST)
    .order_by(outbox.c.created_at, outbox.c.id)
    .limit(bindparam("most"))
)
_WIDTH = len(outbox.c)
_BY_ID = select(outbox).where(outbox.c.id == bindparam("wanted"))
_SET = update(outbox).where(outbox.c.id == bindparam("wanted"))
_SEND = (
    update(outbox)
    .where(outbox.c.id == bindparam("wanted"), outbox.c.state == _QUEUED, _IS_DUE, ~_SENT_NOW)
    .values(
        state=_SENDING,
        attempts=outbox.c.attempts + 1,
        attempted_at=bindparam("at"),
        window=bindparam("from_window"),
    )
)
_HOLD_ALL = (
    update(outbox)
    .where(outbox.c.conversation_id == bindparam("wanted"), outbox.c.state == _QUEUED, waiting(outbox))
    .values(state=Delivery.HELD.value)
)


def due(
    connection: Connection, now: datetime, settle_after: timedelta, limit: int
) -> list[tuple[Outgoing, Conversation]]:
    rows = connection.execute(_DUE, {"now": now, "settled": now - settle_after, "most": limit})
    return [(to_outgoing(row[:_WIDTH]), to_conversation(row[_WIDTH:])) for row in rows]


def sending(connection: Connection, outgoing_id: int, now: datetime, window: Window | None) -> bool:
    conversation = custody.lock(connection, _load(connection, outgoing_id).conversation_id)
    values = {"wanted": outgoing_id, "now": now, "at": now, "from_window": window and window.value}
    if connection.execute(_SEND, values).rowcount != 1:
        return False
    if window is not None:
        custody.save(connection, spent(conversation, window, 1))
    return True


def settle(
    connection: Connection,
    outgoing_id: int,
    state: Delivery,
    *,
    now: datetime,
    error: str | None,
    next_attempt_at: datetime | None,
    carrier: str | None,
    carried: int | None,
) -> None:
    before = custody.lock(connection, _load(connection, outgoing_id).conversation_id)
    row = _load(connection, outgoing_id)  # again: only what is read under the lock counts
    if Delivery(row.state) not in UNSETTLED:
        return
    attempted = row.state == _SENDING
    state = settled_state(state, before, row.attempted_at if attempted else now)
    values: dict[str, Any] = {"state": state.value, "error": error, "next_attempt_at": next_attempt_at}
    if carried is not None:
        values |= {"carried": carried, "attempts": 0}
    if state is Delivery.SENT:
        values |= {"sent_at": now, "carrier": carrier}
    connection.execute(_SET, {"wanted": outgoing_id, **values})
    if state is Delivery.HELD:
        connection.execute(_HOLD_ALL, {"wanted": before.id})
    after = before
    if attempted and row.window and gives_back(state, carried):
        after = spent(after, Window(row.window), -1)
    buttons = to_outgoing(row).answer.buttons
    if state is Delivery.SENT and buttons:
        after = replace(after, choices=buttons)
    if after != before:
        custody.save(connection, after)


def recover(connection: Connection, now: datetime, lapse: timedelta) -> int:
    stuck = and_(waiting(outbox), outbox.c.state == _SENDING, outbox.c.attempted_at <= now - lapse)
    found = connection.execute(
        select(outbox.c.id, outbox.c.conversation_id, outbox.c.author).where(stuck)
    ).all()
    for row in sorted(found, key=lambda row: (row.conversation_id, row.id)):
        custody.lock(connection, row.conversation_id)
        state = Delivery.QUEUED if row.author == _SAFETY else Delivery.UNCERTAIN
        connection.execute(update(outbox).where(outbox.c.id == row.id, stuck).values(state=state.value))
    return len(found)


def latest(connection: Connection, conversation_id: int, limit: int) -> list[Outgoing]:
    query = select(outbox).where(outbox.c.conversation_id == conversation_id)
    rows = connection.execute(query.order_by(outbox.c.id.desc()).limit(limit)).all()
    return [to_outgoing(row) for row in reversed(rows)]


def _load(connection: Connection, outgoing_id: int) -> Any:
    row = connection.execute(_BY_ID, {"wanted": outgoing_id}).first()
    if row is None:
        raise NotFound
    return row
