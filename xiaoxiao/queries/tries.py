"""Counters of wrong tries, shared by all workers, and their twin."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from xiaoxiao.store.database import writing
from xiaoxiao.store.tables import query_tries as tries

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class MemoryTries:
    def __init__(self) -> None:
        self._counted: dict[str, tuple[int, datetime]] = {}

    async def count(self, key: str, *, now: datetime, lapse: timedelta) -> tuple[int, datetime]:
        made, until = self._counted.get(key, (0, now))
        self._counted[key] = (made + 1, until) if now < until else (1, now + lapse)
        return self._counted[key]

    async def give_back(self, key: str, *, now: datetime) -> None:
        if key in self._counted:
            made, until = self._counted[key]
            self._counted[key] = (max(0, made - 1), until)


class SqlTries:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def count(self, key: str, *, now: datetime, lapse: timedelta) -> tuple[int, datetime]:
        return await asyncio.to_thread(self._count, key, now, lapse)

    async def give_back(self, key: str, *, now: datetime) -> None:
        await asyncio.to_thread(self._give_back, key)

    def _count(self, key: str, now: datetime, lapse: timedelta) -> tuple[int, datetime]:
        with writing(self._engine) as connection:
            connection.execute(delete(tries).where(tries.c.until <= now))
            first = _INSERTS[connection.dialect.name](tries).values(key=key, tries=1, until=now + lapse)
            connection.execute(
                first.on_conflict_do_update(index_elements=[tries.c.key], set_={"tries": tries.c.tries + 1})
            )
            row = connection.execute(select(tries.c.tries, tries.c.until).where(tries.c.key == key)).one()
            return int(row.tries), row.until

    def _give_back(self, key: str) -> None:
        counted = update(tries).where(tries.c.key == key, tries.c.tries > 0)
        with writing(self._engine) as connection:
            connection.execute(counted.values(tries=tries.c.tries - 1))
