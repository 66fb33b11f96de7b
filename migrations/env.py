"""Runs the migrations on the connection that matcher.db.migration hands over, inside its transaction."""

from alembic import context

from matcher.db.columns import Register

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit(
        "Run the migrations through matcher.db.migration.migrate(): it holds the lock and the transaction."
    )

context.configure(
    connection=connection,
    target_metadata=Register.metadata,
    render_as_batch=True,  # SQLite changes a table by rebuilding it
    transactional_ddl=True,  # the store begins its transactions itself, so that SQLite undoes schema changes too
)
with context.begin_transaction():
    context.run_migrations()
