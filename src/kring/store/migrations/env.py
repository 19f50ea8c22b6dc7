"""What Alembic runs for each migration: always on the connection, and in the transaction, that `store.open` hands it."""

from alembic import context

from kring.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
