"""The stores under contract: memory, SQLite in a file, PostgreSQL in a database of the test's own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.contract.case_office import Office
from xiaoxiao.store.memory import MemoryStore
from xiaoxiao.store.migration import migrate
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.sql import SqlStore


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """A migrated database that each test copies. Set TEST_DATABASE_URL to a server where databases may
    be made.
    """
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url.startswith("postgresql"):
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL server")
    with _fresh_database(url, "template0") as made:
        migrate(made)
        yield made


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    with _fresh_database(postgres_template, make_url(postgres_template).database) as made:
        yield made


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'var' / 'xiaoxiao.db'}"


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Iterator[ConversationStore]:
    made = _store(request)
    yield made
    made.close()


@pytest.fixture
def office(store: ConversationStore) -> Office:
    return Office(store)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty SQLite file's, or a migrated PostgreSQL database's address."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


def _store(request: pytest.FixtureRequest) -> ConversationStore:
    if request.param == "memory":
        return MemoryStore()
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    migrate(url)
    return SqlStore(url)


class _fresh_database:
    def __init__(self, url: str, template: str) -> None:
        self._name = f"xiaoxiao_{uuid.uuid4().hex}"
        self._template = template
        self._made = make_url(url).set(database=self._name)
        server = make_url(url).set(database="postgres")
        self._server = create_engine(server, future=True, isolation_level="AUTOCOMMIT")

    def __enter__(self) -> str:
        self._run(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._template}"')
        return str(self._made.render_as_string(hide_password=False))

    def __exit__(self, *error: object) -> None:
        self._run(f'DROP DATABASE "{self._name}" WITH (FORCE)')
        self._server.dispose()

    def _run(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))
