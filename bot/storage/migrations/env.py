"""Run by Alembic itself, over the connection it was given."""

from alembic import context

from bot.storage.tables import Row

VERSION_TABLE = "fluister_version"

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
context.run_migrations()
