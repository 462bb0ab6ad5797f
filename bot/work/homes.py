"""Where durable work lives: one SQLite file for one process, or PostgreSQL for several nodes."""

import contextlib
import hashlib
import sqlite3
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import unquote, urlsplit

import psycopg

from bot.errors import ConfigError
from bot.work.ledger import Ledger

_OLDEST_SQLITE = (3, 35)


class Home(Protocol):
    """A database for work. All calls block; `ConfigError` says what to change."""

    url: str
    executor_id: str
    ledger: Ledger

    def move_in(self) -> None:
        """Claim the place; must come before anything else."""

    def move_out(self) -> None:
        """Give the place back; safe to repeat."""

    def lived_in(self) -> bool:
        """Whether work was ever kept here; asks without moving in, so beside a running process."""

    def engine_options(self) -> dict[str, Any]:
        """What the connections of the engine need beyond its defaults."""

    def reap(self) -> int:
        """Hand back the work of nodes that died; how many jobs that were."""


def home_for(url: str) -> Home:
    """The home a database URL names."""
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return SqliteHome(url)
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return PostgresHome(url)
    raise ConfigError(
        f"the work database cannot be {scheme[:40]!r}; "
        "use sqlite:///path/to/file or postgresql://user:password@host/database"
    )


class ExactSqlite(sqlite3.Connection):
    """A connection on which `unixepoch('subsec')` works whatever the SQLite version.

    From Python 3.12 on the engine stamps rows with it, and SQLite before 3.42 (Debian 12) answers
    NULL, which stops the engine at its first row.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - sqlite3's own
        super().__init__(*args, **kwargs)
        if sqlite3.sqlite_version_info < (3, 42):
            self.create_function("unixepoch", 1, _epoch)


def _epoch(_modifier: str) -> float:
    # Whole milliseconds, as SQLite itself gives them.
    return round(time.time(), 3)


class SqliteHome:
    """One file, one process: a lock beside the file keeps a second process out."""

    executor_id = "local"

    def __init__(self, url: str) -> None:
        self._path = _file_of(url)
        self.url = f"sqlite:///{self._path}"
        self.ledger = Ledger(self._connect, "workflow_status", "?")
        self._lock: IO[bytes] | None = None

    def move_in(self) -> None:
        _require_sqlite(sqlite3.sqlite_version_info)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(self._path.with_name(self._path.name + ".lock"))
            with self._connect() as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            self._path.chmod(0o600)
        except (OSError, sqlite3.Error) as error:
            self.move_out()
            raise _unreadable(self._path, error) from error

    def move_out(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def lived_in(self) -> bool:
        if not self._path.exists():
            return False
        table = "SELECT 1 FROM sqlite_master WHERE name = ?"
        try:
            with self._connect() as connection:
                return connection.execute(table, (self.ledger.table,)).fetchone() is not None
        except sqlite3.Error as error:
            raise _unreadable(self._path, error) from None

    def engine_options(self) -> dict[str, Any]:
        return {"connect_args": {"factory": ExactSqlite}, "hide_parameters": True}

    def reap(self) -> int:
        return 0

    @contextlib.contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(
            self._path, timeout=30, isolation_level=None, factory=ExactSqlite
        )
        try:
            yield connection
        finally:
            connection.close()


class PostgresHome:
    """Several nodes, one database: who holds the advisory lock of its name is alive."""

    def __init__(self, url: str) -> None:
        self._plain = "postgresql" + url[url.index(":") :]
        self.url = self._plain
        self.executor_id = f"node-{uuid.uuid4()}"
        self.ledger = Ledger(self._connect, "dbos.workflow_status", "%s")
        self._mine: psycopg.Connection[Any] | None = None
        self._guard = threading.Lock()

    def move_in(self) -> None:
        try:
            self._mine = self._hold(self.executor_id)
        except psycopg.Error as error:
            raise _unreached(error) from None

    def move_out(self) -> None:
        with self._guard:
            if self._mine is not None:
                self._mine.close()
                self._mine = None

    def lived_in(self) -> bool:
        try:
            with self._connect() as connection:
                row = connection.execute("SELECT to_regclass(%s)", (self.ledger.table,)).fetchone()
        except psycopg.Error as error:
            raise _unreached(error) from None
        return bool(row and row[0])

    def engine_options(self) -> dict[str, Any]:
        return {"hide_parameters": True}

    def reap(self) -> int:
        """Hand back the work of nodes whose lock is free, after making sure of our own."""
        with self._guard:
            if self._mine is None:
                return 0
            self._keep()
            strangers = [e for e in self.ledger.executors() if e != self.executor_id]
            return sum(self._reap_if_dead(executor) for executor in strangers)

    def _reap_if_dead(self, executor: str) -> int:
        assert self._mine is not None  # noqa: S101
        if not _try_lock(self._mine, executor):
            return 0
        try:
            return self.ledger.hand_back(executor)
        finally:
            self._mine.execute("SELECT pg_advisory_unlock(%s)", (_lock_number(executor),))

    def _keep(self) -> None:
        """A lost connection is a lost lock: take it again before others think we are dead."""
        assert self._mine is not None  # noqa: S101
        try:
            self._mine.execute("SELECT 1")
        except psycopg.Error:
            self._mine.close()
            self._mine = self._hold(self.executor_id)

    def _hold(self, executor: str) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self._plain, autocommit=True, connect_timeout=10)
        # A node that vanished without a word must lose its lock in about a minute, not in hours.
        for setting in ("idle = 30", "interval = 10", "count = 3"):
            connection.execute(f"SET tcp_keepalives_{setting}")
        # A reaper may hold our lock for a moment, so wait for it instead of trying once.
        connection.execute("SELECT pg_advisory_lock(%s)", (_lock_number(executor),))
        return connection

    @contextlib.contextmanager
    def _connect(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self._plain, autocommit=True, connect_timeout=10) as connection:
            yield connection


def _try_lock(connection: psycopg.Connection[Any], executor: str) -> bool:
    number = _lock_number(executor)
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (number,)).fetchone()
    return bool(row and row[0])


def _lock_number(executor: str) -> int:
    digest = hashlib.sha256(f"fluister work {executor}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _file_of(url: str) -> Path:
    path = unquote(urlsplit(url).path)[1:]
    if not path or path == ":memory:":
        raise ConfigError(
            "durable work needs a file: use sqlite:///path/to/file, an SQLite database in memory "
            "would lose everything at the first restart"
        )
    return Path(path).absolute()


def _unreadable(path: Path, error: Exception) -> ConfigError:
    return ConfigError(
        f"the work database {path} cannot be used ({type(error).__name__}); "
        "check that the folder exists, is writable and has room"
    )


def _unreached(error: Exception) -> ConfigError:
    return ConfigError(
        f"PostgreSQL for durable work cannot be reached ({type(error).__name__}); "
        "check host, port, database name and password of the database URL"
    )


def _require_sqlite(version: tuple[int, ...]) -> None:
    if version < _OLDEST_SQLITE:
        found = ".".join(map(str, version))
        raise ConfigError(
            f"SQLite {found} is too old for durable work; 3.35 or newer is needed. "
            "Use a newer base image, or PostgreSQL by its URL"
        )


def _locked(path: Path) -> IO[bytes]:
    """Hold `path` for this process until the file is closed or the process dies."""
    handle = path.open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise ConfigError(
            f"another Fluister process already works with {path.with_suffix('')}; stop it first, "
            "or use PostgreSQL when several processes should share the work"
        ) from None
    return handle
