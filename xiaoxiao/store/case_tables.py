"""The tables of case work. Words from outside have no length limit here; the services cut them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from xiaoxiao.store.tables import Id, Moment, metadata


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean(create_constraint=False), nullable=False)


def _words(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Moment, nullable=nullable)


def _whose() -> Column[Any]:
    return Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="SET NULL"))


#: the last number given on each day; its row is the sequence all workers share
case_numbers = Table(
    "case_numbers",
    metadata,
    Column("day", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True),
    _words("number"),
    _words("type"),
    _words("state"),
    _whose(),
    _words("what"),
    _moment("created_at"),
    _moment("updated_at"),
    _moment("due_at"),
    _words("place"),
    Column("latitude", Float),
    Column("longitude", Float),
    _words("when"),
    _moment("happened_at", nullable=True),
    _flag("anonymous"),
    _words("name"),
    _words("phone"),
    Column("evidence", JSON, nullable=False),
    Column("confirmed_by", Id),
    Column("assignee", Text),
    _words("answer"),
    _flag("verified"),
    _flag("extended"),
    Column("reopened", Integer, nullable=False),
    Column("merged_into", Id, ForeignKey("cases.id")),
    Column("similar_to", Id, ForeignKey("cases.id")),
    Column("similarity", Float),
    _moment("answered_at", nullable=True),
    _moment("closed_at", nullable=True),
    _flag("forget"),
    UniqueConstraint("number"),
    UniqueConstraint("confirmed_by"),
)
Index("ix_cases_conversation_id", cases.c.conversation_id)
Index("ix_cases_state", cases.c.state)
Index("ix_cases_created_at", cases.c.created_at)
Index(
    "ix_cases_merged_into",
    cases.c.merged_into,
    postgresql_where=text("merged_into IS NOT NULL"),
    sqlite_where=text("merged_into IS NOT NULL"),
)

case_events = Table(
    "case_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    _moment("at"),
    _words("actor"),
    _words("name"),
    Column("data", JSON, nullable=False),
)
Index("ix_case_events_case_id_id", case_events.c.case_id, case_events.c.id)

rewards = Table(
    "rewards",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    _words("state"),
    _moment("created_at"),
    _moment("updated_at"),
    Column("basis", Text),
    Column("amount", BigInteger),
    _words("reckoning"),
    _words("proposed_by"),
    _words("approved_by"),
    _moment("approved_at", nullable=True),
    _moment("claim_by", nullable=True),
    _moment("claimed_at", nullable=True),
    _moment("paid_at", nullable=True),
    _words("paid_by"),
    UniqueConstraint("case_id"),
)
Index("ix_rewards_state", rewards.c.state)

ratings = Table(
    "ratings",
    metadata,
    Column("id", Id, primary_key=True),
    _whose(),
    _words("subject"),
    _moment("asked_at"),
    Column("score", Integer),
    _words("comment"),
    _moment("rated_at", nullable=True),
)
Index("ix_ratings_conversation_id_id", ratings.c.conversation_id, ratings.c.id)
Index("ix_ratings_subject", ratings.c.subject)

media = Table(
    "media",
    metadata,
    Column("id", Id, primary_key=True),
    _whose(),
    Column("message_id", Id, ForeignKey("messages.id", ondelete="SET NULL")),
    _words("kind"),
    _words("source"),
    _words("url"),
    _words("format"),
    _words("state"),
    _moment("created_at"),
    Column("case_id", Id, ForeignKey("cases.id", ondelete="SET NULL")),
    Column("attempts", Integer, nullable=False),
    _moment("next_attempt_at", nullable=True),
    _words("digest"),
    Column("size", BigInteger, nullable=False),
    _words("content_type"),
    _words("error"),
)
_IN_WORK = text("state IN ('pending', 'erasing')")
Index("ix_media_in_work", media.c.state, postgresql_where=_IN_WORK, sqlite_where=_IN_WORK)
Index("ix_media_message_id", media.c.message_id)
Index("ix_media_conversation_id", media.c.conversation_id)
Index("ix_media_case_id", media.c.case_id)
Index("ix_media_digest", media.c.digest)
