"""The same queries on every implementation: memory, the database, and HTTP to a server that really listens."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.queries.served import TOKEN, served
from xiaoxiao.clock import SettableClock
from xiaoxiao.queries.assembly import own, with_backend
from xiaoxiao.queries.backend import Address, Backend
from xiaoxiao.queries.embedded import SqlRecords
from xiaoxiao.queries.examination import KINDS
from xiaoxiao.queries.offered import Queries
from xiaoxiao.queries.records import MemoryRecords
from xiaoxiao.queries.sample import DAY, load_sample
from xiaoxiao.queries.tries import MemoryTries, SqlTries
from xiaoxiao.settings import Secret
from xiaoxiao.store.database import open_engine
from xiaoxiao.store.migration import migrate

SAMPLE = Path(__file__).parents[3] / "sample"
NOW = DAY + timedelta(hours=10)


@dataclass
class Office:
    queries: Queries
    records: MemoryRecords | SqlRecords
    clock: SettableClock

    def with_sample(self, sample: MemoryRecords) -> Office:
        for kind in KINDS.values():
            records, origin = sample.kept(kind)
            self.records.replace(kind, records, origin)
        return self


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres), "http"])
def bare_office(request: pytest.FixtureRequest, clock: SettableClock) -> Iterator[Office]:
    """An office that has imported nothing yet."""
    makers: dict[str, Callable[[], Office]] = {
        "memory": lambda: _in_memory(clock),
        "sqlite": lambda: _embedded(request.getfixturevalue("sqlite_url"), clock),
        "postgresql": lambda: _embedded(request.getfixturevalue("postgres_url"), clock),
    }
    with ExitStack() as stack:
        if request.param == "http":
            yield _remote(stack, clock)
        else:
            yield makers[request.param]()


@pytest.fixture
def office(bare_office: Office, sample: MemoryRecords) -> Office:
    """An office with the sample district's data, on the day they play."""
    return bare_office.with_sample(sample)


@pytest.fixture(scope="session")
def sample() -> MemoryRecords:
    """Read once: hashing engine numbers takes its time, as it should."""
    records = MemoryRecords()
    load_sample(SAMPLE, records, now=NOW)
    return records


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database to copy."""
    path = tmp_path_factory.mktemp("queries") / "xiaoxiao.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(migrated: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(migrated, tmp_path / 'xiaoxiao.db')}"


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def records(request: pytest.FixtureRequest, clock: SettableClock) -> MemoryRecords | SqlRecords:
    if request.param == "memory":
        return MemoryRecords()
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return _embedded(url, clock).records


def _in_memory(clock: SettableClock) -> Office:
    records = MemoryRecords()
    return Office(own(records, MemoryTries(), clock).queries, records, clock)


def _embedded(url: str, clock: SettableClock) -> Office:
    engine = open_engine(url)
    records = SqlRecords(engine, clock, samples=True)
    return Office(own(records, SqlTries(engine), clock).queries, records, clock)


def _remote(stack: ExitStack, clock: SettableClock) -> Office:
    records = MemoryRecords()
    sources = own(records, MemoryTries(), clock)
    url = stack.enter_context(served(sources))
    backend = Backend(Address(url, Secret(TOKEN)), clock)
    queries = with_backend(
        sources.queries, backend, MemoryTries(), clock, kinds=frozenset(), keep={}, samples=True
    )
    return Office(queries, records, clock)
