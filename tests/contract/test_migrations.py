"""The migrations make the tables that the code speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from xiaoxiao.errors import ConfigurationError, StoreUnavailable
from xiaoxiao.store.database import open_engine, writing
from xiaoxiao.store.migration import configuration, migrate
from xiaoxiao.store.sql import SqlStore
from xiaoxiao.store.tables import metadata


def test_tables_and_migrations_agree(database_url: str) -> None:
    migrate(database_url)
    with writing(open_engine(database_url)) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, metadata)


def test_indexes_agree_in_their_conditions(database_url: str) -> None:
    """Alembic does not compare them, and a partial index that covers too much slows every message down."""
    migrate(database_url)
    indexes = {index.name: index for table in metadata.tables.values() for index in table.indexes}
    with writing(open_engine(database_url)) as connection:
        found = {
            index["name"]: index["dialect_options"].get(f"{connection.dialect.name}_where")
            for table in metadata.tables
            for index in inspect(connection).get_indexes(table)
            if index["name"] in indexes
        }
        wanted = {
            name: index.dialect_options[connection.dialect.name]["where"] for name, index in indexes.items()
        }
    assert {name: bool(where) for name, where in found.items()} == {
        name: where is not None for name, where in wanted.items()
    }


def test_migrating_again_changes_nothing_and_going_back_works(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url)
    with writing(open_engine(database_url)) as connection:
        command.downgrade(configuration(connection), "base")
        assert ["alembic_version"] == inspect(connection).get_table_names()
    migrate(database_url)
    SqlStore(database_url).ping()


@pytest.mark.parametrize("url", ["", "mysql://localhost/x", "sqlite://", "sqlite:///:memory:"])
def test_another_database_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ConfigurationError):
        open_engine(url)


def test_a_database_that_does_not_answer_is_said_to_be_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        SqlStore("postgresql://nobody@127.0.0.1:1/nothing").ping()
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreUnavailable):
        SqlStore(f"sqlite:///{tmp_path / 'folder'}").ping()
