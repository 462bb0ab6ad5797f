"""How the database came to its shape, one step after the other (Alembic)."""

import asyncio

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from bot.errors import StorageError
from bot.storage.database import Database

_LOCK = 7_301_944_512


def upgrade_over(connection: Connection) -> None:
    """Bring the database behind a connection to the newest shape, all steps or none.

    Raises `StorageError` when a newer Fluister has already reshaped it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    try:
        command.upgrade(configured(connection), "head")
    except CommandError:
        raise StorageError(
            "the database was made by a newer Fluister; install that version, or restore a backup"
        ) from None


def configured(connection: Connection) -> Config:
    """Alembic's settings for one connection."""
    config = Config()
    config.set_main_option("script_location", "bot.storage:migrations")
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> None:
    """Open a database, bring it to the newest shape, and close it."""

    async def run() -> None:
        database = Database(url)
        try:
            await database.prepare("upgrade the database", upgrade_over)
        finally:
            await database.close()

    asyncio.run(run())
