"""Opening a database: SQLite for a small office, PostgreSQL for a city."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError
from sqlalchemy.pool import QueuePool

from xiaoxiao.errors import ConfigurationError, StoreUnavailable

#: how long a writer waits for another one on SQLite before it gives up
BUSY_MILLISECONDS = 10_000


def open_engine(url: str) -> Engine:
    """Connects to nothing yet. `sqlite:///file` (its folder is made) or `postgresql://…`; else
    ConfigurationError.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError("DATABASE_URL 应为 sqlite:///文件 或 postgresql://…") from error
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database and parsed.database != ":memory:":
        return _sqlite(parsed)
    if backend == "postgresql":
        return create_engine(
            parsed,
            future=True,
            pool_size=10,
            max_overflow=10,
            pool_pre_ping=True,
            json_serializer=to_json,
            hide_parameters=True,  # an error goes into the log, what citizens say does not
        )
    raise ConfigurationError("DATABASE_URL 应为 sqlite:///文件 或 postgresql://…")


def to_json(value: object) -> str:
    """Readable Chinese in the database; half a surrogate pair, which no database takes, stays escaped."""
    readable = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        readable.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return readable


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write."""
    with _translated(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads: on SQLite it waits for no writer."""
    with (
        _translated(),
        engine.connect().execution_options(only_reads=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise StoreUnavailable from error


def _sqlite(url: Any) -> Engine:
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        future=True,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=24,
        pool_reset_on_return=None,  # `writing` and `reading` end what they begin
        connect_args={"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000},
        json_serializer=to_json,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = (
        None  # the driver's own BEGIN comes too late for a read-then-write transaction
    )
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # a transaction that reads first and writes later cannot be upgraded while another writes: ask at once
    reads = connection.get_execution_options().get("only_reads")
    connection.connection.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
