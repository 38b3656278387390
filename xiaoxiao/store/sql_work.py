"""One transaction of case work on SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from xiaoxiao.errors import NotFound
from xiaoxiao.store import answering, custody, erasing
from xiaoxiao.store.case_tables import case_numbers
from xiaoxiao.store.conversation import Answer, Author, Conversation, Outgoing
from xiaoxiao.store.record_rows import TABLES, from_row, to_row, to_value
from xiaoxiao.store.records import Condition, Holdings, R


class SqlWork:
    """Implements Work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def alone(self, name: str) -> None:
        """On SQLite every writing transaction is."""
        if self._connection.dialect.name == "postgresql":
            key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})

    def next_number(self, day: str) -> int:
        kind = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        first = kind.insert(case_numbers).values(day=day, last=1)
        taken = first.on_conflict_do_update(index_elements=["day"], set_={"last": case_numbers.c.last + 1})
        self._connection.execute(taken)  # the row stays locked, so what is read now is ours
        last = select(case_numbers.c.last).where(case_numbers.c.day == day)
        return int(self._connection.execute(last).scalar_one())

    def add(self, record: R) -> R:
        made = self._connection.execute(insert(TABLES[type(record)]), to_row(record))
        return cast(R, replace(cast(Any, record), id=made.inserted_primary_key[0]))

    def save(self, record: R) -> None:
        table = TABLES[type(record)]
        changed = update(table).where(table.c.id == cast(Any, record).id).values(to_row(record))
        if self._connection.execute(changed).rowcount != 1:
            raise NotFound

    def one(self, kind: type[R], *conditions: Condition) -> R:
        query = select(TABLES[kind]).where(*_clauses(kind, conditions)).order_by(TABLES[kind].c.id).limit(1)
        row = self._connection.execute(query.with_for_update()).mappings().first()
        if row is None:
            raise NotFound
        return from_row(kind, row)

    def all(
        self, kind: type[R], *conditions: Condition, limit: int | None = None, latest: bool = False
    ) -> list[R]:
        key = TABLES[kind].c.id
        query = select(TABLES[kind]).where(*_clauses(kind, conditions)).limit(limit)
        rows = self._connection.execute(query.order_by(key.desc() if latest else key)).mappings().all()
        found = [from_row(kind, row) for row in rows]
        return found[::-1] if latest else found

    def count(self, kind: type[R], *conditions: Condition) -> int:
        query = select(func.count()).select_from(TABLES[kind]).where(*_clauses(kind, conditions))
        return int(self._connection.execute(query).scalar_one())

    def remove(self, kind: type[R], *conditions: Condition) -> int:
        statement = delete(TABLES[kind]).where(*_clauses(kind, conditions))
        return int(self._connection.execute(statement).rowcount)

    def conversation(self, conversation_id: int) -> Conversation:
        return custody.lock(self._connection, conversation_id)

    def find(self, contact: str) -> Conversation:
        return custody.find(self._connection, contact, None)

    def post(
        self, conversation_id: int, author: Author, answer: Answer, *, actor: str, now: datetime
    ) -> Outgoing:
        return answering.post(self._connection, conversation_id, author, answer, actor, now)

    def holdings(self, conversation_id: int) -> Holdings:
        return erasing.holdings(self._connection, conversation_id)

    def forget(self, conversation_id: int, *, except_messages: Sequence[int], now: datetime) -> Holdings:
        return erasing.forget(self._connection, conversation_id, except_messages)


def _clauses(kind: type, conditions: Sequence[Condition]) -> list[Any]:
    return [_clause(TABLES[kind].c[condition.column], condition) for condition in conditions]


def _clause(column: Any, condition: Condition) -> Any:
    value = condition.value
    match condition.operator:
        case "is":
            return column.is_(None) if value is None else column == to_value(value)
        case "not":
            return column.is_not(None) if value is None else column != to_value(value)
        case "in":
            return column.in_([to_value(each) for each in value])
        case "from":
            return column >= value
        case "until":
            return column <= value
