"""Run by Alembic with the connection that migration.migrate() opened."""

from __future__ import annotations

from alembic import context

from xiaoxiao.store import case_tables  # noqa: F401  (its tables belong to the metadata)
from xiaoxiao.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
    render_as_batch=True,
)
context.run_migrations()
