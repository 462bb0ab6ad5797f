"""Where durable work may live, and what is said when it may not."""

import sqlite3
import sys
from pathlib import Path

import psycopg
import pytest

from bot.errors import ConfigError
from bot.work.engine import Engine
from bot.work.homes import ExactSqlite, PostgresHome, SqliteHome, _require_sqlite, home_for
from bot.work.standing import Standing, standing


@pytest.mark.parametrize("url", ["mysql://host/db", "sqlite://", "sqlite:///:memory:", "", "x"])
def test_a_url_that_cannot_hold_work_is_refused_with_what_can(url):
    with pytest.raises(ConfigError, match="sqlite:///path"):
        home_for(url)


@pytest.mark.parametrize(
    "url",
    ["postgresql://u@h/d", "postgres://u@h/d", "postgresql+psycopg://u@h/d"],
)
def test_the_usual_spellings_of_a_postgres_url_mean_the_same(url):
    assert home_for(url).url == "postgresql://u@h/d"


def test_a_second_home_in_one_file_is_refused_until_the_first_leaves(tmp_path):
    url = f"sqlite:///{tmp_path / 'deep' / 'work.sqlite'}"
    first, second = SqliteHome(url), SqliteHome(url)
    first.move_in()
    with pytest.raises(ConfigError, match="another Fluister process"):
        second.move_in()
    first.move_out()
    first.move_out()
    second.move_in()
    second.move_out()


def test_the_work_file_is_for_the_owner_only_and_in_wal_mode(tmp_path):
    path = tmp_path / "work.sqlite"
    home = SqliteHome(f"sqlite:///{path}")
    home.move_in()
    assert path.stat().st_mode & 0o077 == 0
    assert sqlite3.connect(path).execute("PRAGMA journal_mode").fetchone() == ("wal",)
    home.move_out()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    home = SqliteHome(f"sqlite:///{tmp_path / 'file' / 'work.sqlite'}")
    with pytest.raises(ConfigError, match="cannot be used"):
        home.move_in()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "work.sqlite"
    path.write_bytes(b"not a database, but somebody's letter" * 100)
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="DatabaseError"):
        SqliteHome(f"sqlite:///{path}").move_in()
    assert path.read_bytes() == before


async def test_a_failed_launch_leaves_the_process_free_for_another(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError):
        await Engine(f"sqlite:///{tmp_path / 'file' / 'work.sqlite'}").launch()
    engine = Engine(f"sqlite:///{tmp_path / 'work.sqlite'}")
    await engine.launch()
    await engine.close()


def test_an_old_sqlite_is_refused_with_the_version_found():
    with pytest.raises(ConfigError, match=r"SQLite 3\.34\.1 is too old"):
        _require_sqlite((3, 34, 1))
    _require_sqlite((3, 40, 1))


def test_milliseconds_work_on_a_sqlite_that_does_not_know_them():
    """What DBOS asks for under Python 3.12 and later; Debian 12's SQLite answers NULL."""
    connection = sqlite3.connect(":memory:", factory=ExactSqlite)
    connection.execute("CREATE TABLE t (at INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000))")
    connection.execute("INSERT INTO t DEFAULT VALUES")
    connection.execute("INSERT INTO t VALUES (CAST(unixepoch('subsec') * 1000 AS BIGINT))")
    (first,), (second,) = connection.execute("SELECT at FROM t").fetchall()
    (seconds,) = connection.execute("SELECT strftime('%s', 'now') * 1000").fetchone()
    assert abs(first - seconds) < 5000
    assert -1 <= second - first < 1000


async def test_the_engine_runs_as_it_would_under_a_newer_python(tmp_path, monkeypatch):
    """DBOS chooses its SQL by Python's version; make it choose as 3.12 does on this SQLite."""
    from bot.work.jobs import Finished, Job

    done = []

    async def note(ids):
        done.append(ids)
        return Finished("ok")

    class Newer:
        version_info = (3, 12, 0)
        maxsize = sys.maxsize

    monkeypatch.setattr("dbos._sys_db.sys", Newer)
    monkeypatch.setattr("dbos._migration.sys", Newer, raising=False)
    engine = Engine(f"sqlite:///{tmp_path / 'work.sqlite'}", poll=0.02)
    engine.register("note", note)
    await engine.launch()
    try:
        await engine.submit(Job("note", "n:1", ("a",)))
        await engine.wait_idle(10)
    finally:
        await engine.close()
    assert done == [("a",)]


def test_a_postgres_out_of_reach_is_said_without_the_password(tmp_path):
    home = PostgresHome(f"postgresql://u:hunter2@/d?host={tmp_path}")
    with pytest.raises(ConfigError, match="cannot be reached") as caught:
        home.move_in()
    assert "hunter2" not in str(caught.value)
    home.move_out()


@pytest.mark.postgres
def test_a_node_that_lost_its_connection_takes_its_name_back(postgres_work):
    home, other = PostgresHome(postgres_work), PostgresHome(postgres_work)
    home.move_in()
    other.move_in()
    with psycopg.connect(postgres_work, autocommit=True) as admin:
        admin.execute(
            "INSERT INTO dbos.workflow_status"
            " (workflow_uuid, status, name, executor_id, priority, queue_name)"
            " VALUES ('k', 'PENDING', 'fluister.job', %s, 0, 'work')",
            (home.executor_id,),
        )
        assert other.reap() == 0
        _break(admin, home)
        home.reap()
        assert other.reap() == 0
        home.move_out()
        assert other.reap() == 1
        assert other.reap() == 0
        row = admin.execute("SELECT status, queue_name FROM dbos.workflow_status").fetchone()
    assert row == ("ENQUEUED", "work")
    other.move_out()


def _break(admin: psycopg.Connection, home: PostgresHome) -> None:
    assert home._mine is not None
    admin.execute("SELECT pg_terminate_backend(%s)", (home._mine.info.backend_pid,))


def test_only_the_work_package_knows_the_libraries():
    package = Path(__file__).parents[2] / "bot"
    strangers = [
        path.relative_to(package)
        for path in package.rglob("*.py")
        if "work" not in path.relative_to(package).parts
        for line in path.read_text().splitlines()
        if line.strip().startswith(("import dbos", "from dbos", "import apsched", "from apsched"))
    ]
    assert strangers == []


def test_counting_where_nobody_worked_yet_finds_nothing_and_makes_nothing(tmp_path):
    assert standing(f"sqlite:///{tmp_path / 'work.sqlite'}") == Standing(0, 0)
    assert list(tmp_path.iterdir()) == []


def test_counting_in_what_is_no_database_says_so(tmp_path):
    file = tmp_path / "work.sqlite"
    file.write_bytes(b"no database" * 500)
    with pytest.raises(ConfigError, match="cannot be used"):
        standing(f"sqlite:///{file}")


@pytest.mark.postgres
def test_counting_in_an_empty_or_absent_postgres_is_told_apart(postgres_url):
    assert standing(postgres_url) == Standing(0, 0)
    with pytest.raises(ConfigError, match="cannot be reached"):
        standing("postgresql://u@127.0.0.1:1/none")
