from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.said import Open
from tests.acceptance.scripted_office import START, Office
from tests.acceptance.unruly_backend import UnrulyBackend, unruly_backend
from xiaoxiao.clock import SettableClock
from xiaoxiao.store.memory import MemoryStore
from xiaoxiao.store.migration import migrate
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.sql import SqlStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ConversationStore]:
    """An office behaves alike on either."""
    if request.param == "memory":
        yield MemoryStore()
        return
    url = f"sqlite:///{tmp_path / 'xiaoxiao.db'}"
    migrate(url)
    made = SqlStore(url)
    yield made
    made.close()


@pytest.fixture
def open_office(store: ConversationStore) -> Open:
    """An office on either store. Keywords: right (to customer-service messages) and settings."""

    def make(**options: Any) -> Office:
        return Office(store, SettableClock(START), **options)

    return make


@pytest.fixture
def office(open_office: Open) -> Office:
    return open_office()


@pytest.fixture
async def backend() -> AsyncIterator[UnrulyBackend]:
    async with unruly_backend() as backend:
        yield backend
