"""A database that refuses says which operation and what to do, and nothing of the data."""

import asyncio
import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from bot.errors import ConfigError, FluisterError, StorageError
from bot.storage.crypto import Keyring
from bot.storage.repository import Repository
from tests.storage.conftest import STEPS, TEXT, new_case


def assert_silent(error: BaseException) -> None:
    """Nothing of the data in the error or in anything chained to it."""
    assert error.__cause__ is None
    assert error.__suppress_context__
    for private in (TEXT, "kenji", "INSERT", "m1"):
        assert private not in str(error)


async def test_a_locked_database_is_said_to_be_locked(tmp_path: Path, keys: Keyring) -> None:
    path = tmp_path / "fluister.db"
    repo = await Repository.open(f"sqlite:///{path}", keys, busy_seconds=0.1)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="store a case: another program keeps") as refusal:
        await repo.add_case(new_case(), STEPS, "plan")
    assert_silent(refusal.value)
    assert await repo.case("x") is None  # reading goes on meanwhile
    blocker.execute("ROLLBACK")
    blocker.close()
    _, fresh = await repo.add_case(new_case(), STEPS, "plan")
    assert fresh
    await repo.close()


async def test_a_short_lock_is_waited_for(tmp_path: Path, keys: Keyring) -> None:
    path = tmp_path / "fluister.db"
    repo = await Repository.open(f"sqlite:///{path}", keys)
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(repo.create_school("x"))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    blocker.execute("COMMIT")
    blocker.close()
    assert (await waiting).version == 1
    await repo.close()


async def test_a_database_that_may_only_be_read_says_so(tmp_path: Path, keys: Keyring) -> None:
    path = tmp_path / "fluister.db"
    repo = await Repository.open(f"sqlite:///{path}", keys)
    await repo.create_school("x")
    await repo.close()
    reader = await Repository.open(f"sqlite:///file:{path}?mode=ro&uri=true", keys)
    assert await reader.school() is not None
    with pytest.raises(StorageError, match="store a case: the database may only be read") as error:
        await reader.add_case(new_case(), STEPS, "plan")
    assert_silent(error.value)
    await reader.close()


async def test_a_full_disk_loses_nothing_of_before(tmp_path: Path, keys: Keyring) -> None:
    repo = await Repository.open(f"sqlite:///{tmp_path / 'fluister.db'}", keys)
    case, _ = await repo.add_case(new_case(), STEPS, "plan")

    def fill_up(session) -> None:
        pages = session.execute(text("PRAGMA page_count")).scalar()
        session.execute(text(f"PRAGMA max_page_count={pages + 1}"))

    for _ in range(4):
        await repo._database.read("limit", fill_up)
    with pytest.raises(StorageError, match="keep a file: the disk is full") as refusal:
        await repo.put_file(case.id, 0, "kenji.jpg", "image/jpeg", b"x" * 5_000_000)
    assert_silent(refusal.value)
    assert (await repo.case(case.id)).text == TEXT  # type: ignore[union-attr]
    assert await repo.files(case.id) == ()
    await repo.close()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path, keys: Keyring) -> None:
    path = tmp_path / "fluister.db"
    path.write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(StorageError, match="not a database"):
        await Repository.open(f"sqlite:///{path}", keys)
    assert path.read_bytes().startswith(b"this is a letter")


async def test_a_damaged_database_is_said_to_be_damaged(tmp_path: Path, keys: Keyring) -> None:
    path = tmp_path / "fluister.db"
    repo = await Repository.open(f"sqlite:///{path}", keys)
    await repo.add_case(new_case(), STEPS, "plan")
    await repo.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with pytest.raises(StorageError, match=r"damaged|shape"):
        await Repository.open(f"sqlite:///{path}", keys)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://u:geheim@host/x", "sqlite:////proc/no/such/place.db"]
)
async def test_an_impossible_address_is_a_setting_to_mend(url: str, keys: Keyring) -> None:
    with pytest.raises(ConfigError, match="FLUISTER_DATABASE_URL") as refusal:
        await Repository.open(url, keys)
    assert "geheim" not in str(refusal.value)


async def test_a_server_that_is_away_is_said_to_be_away(keys: Keyring, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be reached") as refusal:
        await Repository.open(f"postgresql://u:geheim@/x?host={tmp_path}", keys)
    assert "geheim" not in str(refusal.value)
    assert_silent(refusal.value)


async def test_after_closing_it_is_said_to_be_closed(tmp_path: Path, keys: Keyring) -> None:
    repo = await Repository.open(f"sqlite:///{tmp_path / 'x.db'}", keys)
    await repo.close()
    with pytest.raises(StorageError, match="closed"):
        await repo.school()


@pytest.mark.postgres
async def test_a_lost_connection_is_mended_by_itself(postgres_database: str, keys: Keyring) -> None:
    repo = await Repository.open(postgres_database, keys)
    await repo.create_school("x")
    with psycopg.connect(postgres_database, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert await repo.school() is not None
    await repo.close()


async def test_an_error_of_our_own_undoes_the_whole_transaction(repo: Repository) -> None:
    def work(session) -> None:
        session.execute(text("INSERT INTO lanes VALUES ('a', 'b', 1)"))
        raise StorageError("stop")

    with pytest.raises(FluisterError, match="stop"):
        await repo._database.write("try", work)
    counted = await repo._database.read(
        "count", lambda session: session.execute(text("SELECT count(*) FROM lanes")).scalar()
    )
    assert counted == 0


async def test_a_memory_database_lives_as_long_as_it_is_open(keys: Keyring) -> None:
    repo = await Repository.open("sqlite://", keys)
    case, _ = await repo.add_case(new_case(), STEPS, "plan")
    found = await asyncio.gather(*(repo.case(case.id) for _ in range(8)))
    assert found == [case] * 8
    await repo.close()
