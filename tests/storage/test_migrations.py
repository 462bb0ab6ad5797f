"""The migrations lead to exactly the tables the code works with."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.errors import StorageError
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.migrations import upgrade
from bot.storage.repository import Repository
from bot.storage.tables import Row


async def test_upgrading_leads_to_the_shape_of_the_tables(url: str, repo: Repository) -> None:
    def compare(session) -> list[object]:
        context = MigrationContext.configure(
            session.connection(), opts={"version_table": "fluister_version"}
        )
        return compare_metadata(context, Row.metadata)

    assert await repo._database.read("compare", compare) == []


async def test_upgrading_again_changes_nothing(url: str, keys: Keyring) -> None:
    before = await Repository.open(url, keys)
    school = await before.create_school("x")
    await before.close()
    await asyncio.to_thread(upgrade, url)
    after = await Repository.open(url, keys)
    assert await after.school() == school
    await after.close()


async def test_two_processes_may_start_on_an_empty_database_at_once(tmp_path, keys) -> None:
    await _both(f"sqlite:///{tmp_path / 'x.db'}", keys)


@pytest.mark.postgres
async def test_two_processes_may_start_on_an_empty_server_at_once(postgres_database, keys) -> None:
    await _both(postgres_database, keys)


async def _both(url: str, keys: Keyring) -> None:
    one, two = await asyncio.gather(Repository.open(url, keys), Repository.open(url, keys))
    school = await one.create_school("x")
    assert await two.school() == school
    await one.close()
    await two.close()


async def test_a_database_of_a_newer_version_is_left_alone(url: str, keys: Keyring) -> None:
    database = Database(url)
    try:
        newest = await database.read(
            "look", lambda s: s.execute(text("SELECT version_num FROM fluister_version")).scalar()
        )
        await database.write("pretend", lambda session: _renumber(session, "9999"))
        with pytest.raises(StorageError, match="newer Fluister"):
            await Repository.open(url, keys)
    finally:
        await database.write("pretend no more", lambda session: _renumber(session, newest))
        await database.close()


def _renumber(session, version: str) -> None:
    session.execute(text("UPDATE fluister_version SET version_num = :v"), {"v": version})


async def test_an_upgrade_that_breaks_leaves_nothing_half_made(tmp_path, keys) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    database = Database(url)
    await database.write("clash", lambda s: s.execute(text("CREATE TABLE steps (x)")))
    with pytest.raises(StorageError):
        await Repository.open(url, keys)
    tables = await database.read(
        "look", lambda s: s.execute(text("SELECT name FROM sqlite_master")).scalars().all()
    )
    assert tables == ["steps"]
    await database.close()
