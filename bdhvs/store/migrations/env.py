"""Run by Alembic: brings the connection it is given up to date, all steps in one transaction.

The connection comes from `bdhvs.store.migrate`, which has begun the transaction and ends it.
"""

from alembic import context

from bdhvs.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things of a table; Alembic then copies the table, with its data, into a new one.
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
