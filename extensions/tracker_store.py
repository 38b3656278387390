"""A tracker store whose cost does not grow with the conversation.

Every turn rebuilds the tracker from its events, copies it for each action and featurises each of its states,
so a citizen who never pauses for an hour makes each message slower than the one before. Here only the last
turns stay in view. What came before is folded into the beginning of a session that carries its slots over:
the very events Rasa itself writes when a session expires, and the active form. The words themselves are kept
by our own store.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.dialects import postgresql, sqlite

from extensions.tracker_view import deserialise, fold, serialise

#: Turns that stay in view. RulePolicy needs the present one; the one before is for "and there?" and for
#: undoing
KEEP_TURNS = 2


class BoundedTrackerStore(TrackerStore):
    """What the stores share; a store reads and writes one text per conversation."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        keep_turns: int = KEEP_TURNS,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._keep_turns = keep_turns

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what is in view, in one write. A tracker without events is none."""
        if not tracker.events:
            return
        await self.stream_events(tracker)
        await self._write(tracker.sender_id, serialise(fold(tracker, self._keep_turns)))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker as it was saved, or None."""
        text = await self._read(sender_id)
        if text is None:
            return None
        return DialogueStateTracker.from_events(sender_id, deserialise(text), self.domain.slots)

    async def stream_events(self, tracker: DialogueStateTracker) -> None:
        """Publish what happened since the last save, told apart by time: older events are folded away."""
        if self.event_broker is None:
            return
        text = await self._read(tracker.sender_id)
        since = json.loads(text)[-1]["timestamp"] if text else 0.0
        new = [event for event in tracker.events if event.timestamp > since]
        await self._stream_new_events(self.event_broker, new, tracker.sender_id)

    async def _read(self, sender_id: str) -> str | None:
        raise NotImplementedError

    async def _write(self, sender_id: str, text: str) -> None:
        raise NotImplementedError


class MemoryTrackerStore(BoundedTrackerStore):
    """The twin for tests and for trying things out; forgets everything at the end of the process."""

    def __init__(self, domain: Domain | None = None, **kwargs: Any) -> None:
        super().__init__(domain, **kwargs)
        self._texts: dict[str, str] = {}

    async def keys(self) -> Iterable[str]:
        return self._texts.keys()

    async def _read(self, sender_id: str) -> str | None:
        return self._texts.get(sender_id)

    async def _write(self, sender_id: str, text: str) -> None:
        self._texts[sender_id] = text


_metadata = sa.MetaData()
_trackers = sa.Table(
    "dialogue_trackers",
    _metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
)


# built once: a statement with the values in it is compiled anew at every turn (0.7 ms)
_SELECT_ROW = sa.select(_trackers.c.events).where(_trackers.c.sender_id == sa.bindparam("sender"))


def _upsert(insert: Any) -> Any:
    statement = insert(_trackers)
    changed = {name: statement.excluded[name] for name in ("events", "saved_at")}
    return statement.on_conflict_do_update(index_elements=["sender_id"], set_=changed)


class SQLBoundedTrackerStore(BoundedTrackerStore):
    """On SQLite or PostgreSQL: one row a conversation, one read and one upsert a turn.

    In endpoints.yml: `tracker_store: {type: extensions.tracker_store.SQLBoundedTrackerStore, url:
    sqlite:///…}`.
    """

    def __init__(self, domain: Domain | None = None, host: str | None = None, **kwargs: Any) -> None:
        url = sa.engine.make_url(host or kwargs.pop("url", "sqlite:///var/dialogue.db"))
        super().__init__(domain, **kwargs)
        self._engine = _open(url)
        self._upsert_row = _upsert(sqlite.insert if url.get_backend_name() == "sqlite" else postgresql.insert)
        _metadata.create_all(self._engine)

    async def keys(self) -> Iterable[str]:
        return await self._call(self._select_keys)

    async def _read(self, sender_id: str) -> str | None:
        return await self._call(self._select, sender_id)

    async def _write(self, sender_id: str, text: str) -> None:
        await self._call(self._upsert, sender_id, text)

    async def _call(self, function: Any, *arguments: Any) -> Any:
        """A local file answers in less time than a thread takes to start; a server may let us wait."""
        if self._engine.dialect.name == "sqlite":
            return function(*arguments)
        return await asyncio.to_thread(function, *arguments)

    def _select_keys(self) -> list[str]:
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_trackers.c.sender_id)).scalars())

    def _select(self, sender_id: str) -> str | None:
        with self._engine.connect() as connection:
            text: str | None = connection.execute(_SELECT_ROW, {"sender": sender_id}).scalar()
            return text

    def _upsert(self, sender_id: str, text: str) -> None:
        row = {"sender_id": sender_id, "events": text, "saved_at": datetime.now(timezone.utc)}
        with self._engine.begin() as connection:
            connection.execute(self._upsert_row, row)

    def close(self) -> None:
        self._engine.dispose()


def _open(url: sa.engine.URL) -> sa.engine.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, future=True, pool_pre_ping=True, pool_size=5, max_overflow=10)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        future=True,
        poolclass=sa.pool.StaticPool,
        connect_args={"check_same_thread": False, "timeout": 10},
    )
    sa.event.listen(engine, "connect", _tune_sqlite)
    return engine


def _tune_sqlite(connection: Any, _: Any) -> None:
    """Readers never wait for the writer; a power cut may cost the last turn's view, never the file."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def open_tracker_store(database_url: str = "") -> BoundedTrackerStore:
    """The store for a database address; in memory when there is none."""
    return SQLBoundedTrackerStore(host=database_url) if database_url else MemoryTrackerStore()
