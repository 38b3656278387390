"""Bringing a database to the tables this version expects."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from xiaoxiao.store.database import open_engine, writing

#: any fixed number: workers that start together take turns on it
MIGRATION_LOCK = 7_311_902


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade to `revision` in one transaction; nothing to do is quick. Safe for several workers at once."""
    engine = open_engine(url)
    try:
        with writing(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            command.upgrade(configuration(connection), revision)
    finally:
        engine.dispose()


def configuration(connection: object) -> Config:
    """Alembic's settings; no alembic.ini is needed."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
