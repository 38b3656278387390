"""What all workers share besides conversations: small facts and leases on names."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from xiaoxiao.store.tables import facts, leases

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_RECALL = select(facts.c.value).where(
    facts.c.key == bindparam("wanted"),
    or_(facts.c.expires_at.is_(None), facts.c.expires_at > bindparam("now")),
)


def remember(
    connection: Connection, key: str, value: str, now: datetime, expires_at: datetime | None
) -> None:
    values = {"value": value, "updated_at": now, "expires_at": expires_at}
    statement = _INSERTS[connection.dialect.name](facts).values(key=key, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=[facts.c.key], set_=values))


def recall(connection: Connection, key: str, now: datetime) -> str | None:
    value: str | None = connection.execute(_RECALL, {"wanted": key, "now": now}).scalar()
    return value


def try_lock(connection: Connection, key: str, worker: str, now: datetime, lapse: timedelta) -> bool:
    values = {"worker": worker, "taken_at": now}
    statement = _INSERTS[connection.dialect.name](leases).values(key=key, **values)
    free = or_(leases.c.worker == worker, leases.c.taken_at <= now - lapse)
    taken = statement.on_conflict_do_update(index_elements=[leases.c.key], set_=values, where=free)
    return bool(connection.execute(taken).rowcount == 1)


def unlock(connection: Connection, key: str, worker: str) -> None:
    connection.execute(delete(leases).where(leases.c.key == key, leases.c.worker == worker))
