"""The office's own data in the application's database: one table for all kinds, written only by imports."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.engine import Connection, Engine

from xiaoxiao.clock import Clock
from xiaoxiao.errors import Conflict
from xiaoxiao.queries.columns import to_json
from xiaoxiao.queries.errors import NoData
from xiaoxiao.queries.findings import Findings, Origin
from xiaoxiao.queries.kinds import Kind
from xiaoxiao.queries.records import identity_of
from xiaoxiao.store.database import reading, writing
from xiaoxiao.store.tables import query_datasets as datasets
from xiaoxiao.store.tables import query_records as rows

R = TypeVar("R")
#: rows in one transaction of an import: others may write in between
BATCH = 500


class SqlRecords:
    """Implements Records and Intake on SQLite and PostgreSQL; `migrate` makes the tables.

    `samples` False: the fictitious district's data count as no data (a deployment with a real account).
    """

    def __init__(self, engine: Engine, clock: Clock, *, samples: bool) -> None:
        self._engine = engine
        self._clock = clock
        self._samples = samples
        self._read: dict[str, tuple[str, Findings[Any]]] = {}

    async def all(self, kind: Kind[R]) -> Findings[R]:
        return await asyncio.to_thread(self._all, kind)

    async def of(self, kind: Kind[R], key: str) -> Findings[R]:
        return await asyncio.to_thread(self._of, kind, key)

    def replace(self, kind: Kind[R], records: Sequence[R], origin: Origin) -> None:
        generation = _token()
        with writing(self._engine) as connection:
            _drop_leftovers(connection, kind.name)
        for start in range(0, len(records), BATCH):
            with writing(self._engine) as connection:
                _insert(connection, kind, records[start : start + BATCH], generation)
        with writing(self._engine) as connection:
            if _count(connection, kind.name, generation) != len(records):
                raise Conflict  # another import of this kind ran meanwhile and took our rows for leftovers
            _describe(connection, kind.name, generation, origin, self._clock.now())
            if not origin.is_sample:
                _drop_samples(connection)
        with writing(self._engine) as connection:
            _drop_leftovers(connection, kind.name)

    def append(self, kind: Kind[R], records: Sequence[R], origin: Origin) -> None:
        with writing(self._engine) as connection:
            present = _dataset(connection, kind.name)
            generation = (
                str(present.generation) if present and present.is_sample == origin.is_sample else _token()
            )
            same = and_(rows.c.kind == kind.name, rows.c.generation == generation)
            identities = [_digest(kind, record) for record in records]
            for start in range(0, len(identities), BATCH):
                known = rows.c.identity.in_(identities[start : start + BATCH])
                connection.execute(delete(rows).where(same, known))
            _insert(connection, kind, records, generation)
            _describe(connection, kind.name, generation, origin, self._clock.now())
            if not origin.is_sample:
                _drop_samples(connection)
            _drop_leftovers(connection, kind.name)

    def origins(self) -> dict[str, tuple[Origin, int]]:
        counted = (
            select(datasets, func.count(rows.c.id))
            .outerjoin(rows, and_(rows.c.kind == datasets.c.kind, rows.c.generation == datasets.c.generation))
            .group_by(datasets.c.kind)
        )
        with reading(self._engine) as connection:
            return {row.kind: (_origin(row), row[-1]) for row in connection.execute(counted)}

    def _all(self, kind: Kind[R]) -> Findings[R]:
        with reading(self._engine) as connection:
            dataset = self._valid(connection, kind)
            known = self._read.get(kind.name)
            if known is None or known[0] != dataset.revision:
                found = Findings(_load(connection, kind, dataset.generation), _origin(dataset))
                self._read[kind.name] = known = (dataset.revision, found)
        return cast("Findings[R]", known[1])

    def _of(self, kind: Kind[R], key: str) -> Findings[R]:
        with reading(self._engine) as connection:
            dataset = self._valid(connection, kind)
            return Findings(_load(connection, kind, dataset.generation, key), _origin(dataset))

    def _valid(self, connection: Connection, kind: Kind[Any]) -> Any:
        dataset = _dataset(connection, kind.name)
        if dataset is None or (dataset.is_sample and not self._samples):
            raise NoData
        return dataset


def _dataset(connection: Connection, kind: str) -> Any:
    return connection.execute(select(datasets).where(datasets.c.kind == kind)).one_or_none()


def _origin(row: Any) -> Origin:
    return Origin(row.source, row.as_of, bool(row.is_sample))


def _load(connection: Connection, kind: Kind[R], generation: str, key: str | None = None) -> tuple[R, ...]:
    chosen = select(rows.c.record).where(rows.c.kind == kind.name, rows.c.generation == generation)
    if key is not None:
        chosen = chosen.where(rows.c.key == key)
    return tuple(kind.read(record) for record in connection.execute(chosen.order_by(rows.c.id)).scalars())


def _insert(connection: Connection, kind: Kind[R], records: Sequence[R], generation: str) -> None:
    if records:
        values = [
            {
                "kind": kind.name,
                "generation": generation,
                "key": kind.key(record),
                "identity": _digest(kind, record),
                "record": to_json(record),
            }
            for record in records
        ]
        connection.execute(insert(rows), values)


def _describe(connection: Connection, kind: str, generation: str, origin: Origin, now: datetime) -> None:
    values = {
        "generation": generation,
        "revision": _token(),
        "source": origin.source,
        "as_of": origin.as_of,
        "is_sample": origin.is_sample,
        "imported_at": now,
    }
    if not connection.execute(update(datasets).where(datasets.c.kind == kind).values(values)).rowcount:
        connection.execute(insert(datasets).values(kind=kind, **values))


def _count(connection: Connection, kind: str, generation: str) -> int:
    chosen = select(func.count()).where(rows.c.kind == kind, rows.c.generation == generation)
    return int(connection.execute(chosen).scalar_one())


def _drop_samples(connection: Connection) -> None:
    """No sample stays beside real data."""
    samples = select(datasets.c.kind).where(datasets.c.is_sample)
    kinds = list(connection.execute(samples).scalars())
    connection.execute(delete(datasets).where(datasets.c.kind.in_(kinds)))
    for kind in kinds:
        _drop_leftovers(connection, kind)


def _drop_leftovers(connection: Connection, kind: str) -> None:
    """Rows of older imports, and of one that broke off."""
    valid = select(datasets.c.generation).where(datasets.c.kind == kind).scalar_subquery()
    connection.execute(delete(rows).where(rows.c.kind == kind, rows.c.generation != func.coalesce(valid, "")))


def _digest(kind: Kind[R], record: R) -> str:
    return hashlib.sha256(identity_of(kind, record).encode("utf-8", "surrogatepass")).hexdigest()


def _token() -> str:
    return os.urandom(8).hex()
