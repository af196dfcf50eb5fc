"""Alembic's entry: the connection comes from operations.store, never from a file."""

from alembic import context

from operations.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
