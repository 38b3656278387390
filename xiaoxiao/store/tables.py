"""The tables. Enumerations are kept as their values, moments in UTC, what has no fixed shape as JSON.

Words from outside (keys, event names, openids) have no length limit here: PostgreSQL would refuse the
whole message.

A conversation is one contact of one account, for life: it is reopened, never begun a second time. What
a citizen is to the platform (following, windows) therefore lives in the same row that says who answers,
and one lock guards both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator):  # type: ignore[misc]
    """An aware datetime: TIMESTAMP WITH TIME ZONE on PostgreSQL, UTC text on SQLite. A naive one is
    refused.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    # the processors themselves instead of process_bind_param and process_result_value: every row has several
    # moments, and SQLAlchemy's own parsing in between takes longer than reading the row
    def bind_processor(self, dialect: Any) -> Callable[[datetime | None], Any]:
        return _to_text if dialect.name == "sqlite" else _checked

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[Any], datetime | None]:
        return _from_text if dialect.name == "sqlite" else _in_utc


def _checked(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value


def _to_text(value: datetime | None) -> str | None:
    checked = _checked(value)
    if checked is None:
        return None
    return checked.astimezone(timezone.utc).isoformat(" ", "microseconds")[:26]


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


def _in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(timezone.utc)


#: SQLite numbers rows itself only for INTEGER
Id = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _of_conversation() -> Column[Any]:
    return Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False)


conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("following", Boolean(create_constraint=False), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("misunderstood", Integer, nullable=False),
    Column("waiting_since", Moment),
    Column("assignee", Text),
    Column("choices", JSON, nullable=False),
    Column("topic", Text),
    Column("message_window_at", Moment),
    Column("message_window_used", Integer, nullable=False),
    Column("click_window_at", Moment),
    Column("click_window_used", Integer, nullable=False),
    UniqueConstraint("contact", "channel", "account"),
)
# the desk's two orders: who waits longest, who was active last
Index("ix_conversations_updated_at", conversations.c.updated_at)
Index("ix_conversations_status_updated_at", conversations.c.status, conversations.c.updated_at)
Index(
    "ix_conversations_waiting",
    conversations.c.waiting_since,
    postgresql_where=text("waiting_since IS NOT NULL"),
    sqlite_where=text("waiting_since IS NOT NULL"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Id, primary_key=True),
    _of_conversation(),
    Column("account", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sent_at", Moment, nullable=False),
    Column("text", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("payload", Text),
    Column("received_at", Moment, nullable=False),
    Column("worker", Text, nullable=False),
    Column("leased_at", Moment, nullable=False),
    Column("handled_at", Moment),
    Column("danger", Text),
    Column("intent", Text),
    Column("confidence", Float),
    Column("reply", Text),
    UniqueConstraint("account", "key"),
)
Index("ix_messages_conversation_id_id", messages.c.conversation_id, messages.c.id)
Index(
    "ix_messages_unhandled",
    messages.c.leased_at,
    postgresql_where=text("handled_at IS NULL"),
    sqlite_where=text("handled_at IS NULL"),
)

_WAITING = "state IN ('queued', 'held', 'sending')"

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    _of_conversation(),
    Column("message_id", Id, ForeignKey("messages.id", ondelete="CASCADE")),
    Column("author", Text, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("carried", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("attempted_at", Moment),
    Column("next_attempt_at", Moment),
    Column("sent_at", Moment),
    Column("carrier", Text),
    Column("window", Text),
    Column("error", Text),
)
Index("ix_outbox_conversation_id_id", outbox.c.conversation_id, outbox.c.id)
Index("ix_outbox_message_id", outbox.c.message_id)
Index(
    "ix_outbox_waiting",
    outbox.c.conversation_id,
    postgresql_where=text(_WAITING),
    sqlite_where=text(_WAITING),
)


def waiting(rows: Any) -> Any:
    """Rows that still have to leave; everything else in the outbox is history.

    Written out, not bound: only so SQLite sees that the partial index holds them, and a query about a
    conversation costs the same after its thousandth message.
    """
    return literal_column(f"{rows.name}.{_WAITING}")


events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    _of_conversation(),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("data", JSON, nullable=False),
)
Index("ix_events_conversation_id_id", events.c.conversation_id, events.c.id)

facts = Table(
    "facts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("expires_at", Moment),
)

leases = Table(
    "leases",
    metadata,
    Column("key", Text, primary_key=True),
    Column("worker", Text, nullable=False),
    Column("taken_at", Moment, nullable=False),
)

#: the form a contact is in the middle of
forms = Table(
    "forms",
    metadata,
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("form", Text, nullable=False),
    Column("values", JSON, nullable=False),
    Column("asked", Text),
    Column("since", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False),
    Column("misread", Integer, nullable=False),
    Column("reminded", Boolean(create_constraint=False), nullable=False),
)
Index("ix_forms_touched_at", forms.c.touched_at)


# --- the office's own data behind the queries: kinds and columns are in xiaoxiao/queries/kinds.py

query_datasets = Table(
    "query_datasets",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("generation", Text, nullable=False),  # rows of another generation are no longer, or not yet, valid
    Column("revision", Text, nullable=False),  # changes with every import
    Column("source", Text, nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("is_sample", Boolean(create_constraint=False), nullable=False),
    Column("imported_at", Moment, nullable=False),
)

query_records = Table(
    "query_records",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("generation", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("identity", Text, nullable=False),  # a digest: long words make no good index
    Column("record", JSON, nullable=False),
    UniqueConstraint("kind", "generation", "identity"),
)
Index(
    "ix_query_records_kind_generation_key",
    query_records.c.kind,
    query_records.c.generation,
    query_records.c.key,
)

query_tries = Table(
    "query_tries",
    metadata,
    Column("key", Text, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("until", Moment, nullable=False),
)
