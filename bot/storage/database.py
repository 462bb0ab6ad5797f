"""The connection to SQLite or PostgreSQL: short transactions in worker threads, clear refusals."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from bot.errors import ConfigError, StorageError
from bot.storage.faults import refused, worth_repeating

SETTING = "FLUISTER_DATABASE_URL"
BUSY_SECONDS = 30.0
_THREADS = 4
_REPEATS = 4
_WAL_TRIES, _WAL_WAIT = 100, 0.02
_T = TypeVar("_T")
_WRITES = "fluister_writes"


class Database:
    """One engine. `read` and `write` run their work in a thread, in one transaction each.

    Work that writes takes turns on SQLite, where only one writer can be; on PostgreSQL work that
    lost a deadlock is done again, so it must do nothing but database work.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        parsed = _parse(url)
        self._memory = _in_memory(parsed)
        self.engine = _sqlite(parsed, busy_seconds) if _is_sqlite(parsed) else _postgres(parsed)
        self._writer = threading.Lock() if _is_sqlite(parsed) else nullcontext()
        self._writing = self.engine.execution_options(**{_WRITES: True})
        self._threads = ThreadPoolExecutor(
            1 if self._memory else _THREADS, thread_name_prefix="fluister-storage"
        )

    async def read(self, operation: str, work: Callable[[Session], _T]) -> _T:
        """Look things up; `operation` names it in a `StorageError`."""
        return await self._in_thread(partial(self._run, operation, work, self.engine))

    async def write(self, operation: str, work: Callable[[Session], _T]) -> _T:
        """Change things, all or nothing."""
        return await self._in_thread(partial(self._locked, operation, work))

    async def prepare(self, operation: str, work: Callable[[Connection], _T]) -> _T:
        """Run `work` on a bare connection, in one writing transaction."""
        return await self.write(operation, lambda session: work(session.connection()))

    async def close(self) -> None:
        """Wait for what is running, then let go of every connection."""
        await asyncio.to_thread(self._threads.shutdown)
        self.engine.dispose()

    async def _in_thread(self, call: Callable[[], _T]) -> _T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except RuntimeError as error:
            if "shutdown" in str(error):
                raise StorageError("the database was already closed") from None
            raise

    def _locked(self, operation: str, work: Callable[[Session], _T]) -> _T:
        with self._writer:
            return self._run(operation, work, self._writing)

    def _run(self, operation: str, work: Callable[[Session], _T], engine: Engine) -> _T:
        for attempt in range(1, _REPEATS + 1):
            try:
                with Session(engine, expire_on_commit=False) as session, session.begin():
                    return work(session)
            except (SQLAlchemyError, sqlite3.Error) as error:
                if attempt == _REPEATS or not worth_repeating(error):
                    raise refused(operation, error) from None
        raise AssertionError("unreachable")


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError(
            f"{SETTING} is not a database address;"
            " give sqlite:///path/to/file.db or postgresql://user:password@host/name"
        ) from None
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ConfigError(f"{SETTING}: {parsed.drivername} is not known; sqlite or postgresql is")
    return parsed


def _is_sqlite(url: URL) -> bool:
    return url.drivername == "sqlite"


def _in_memory(url: URL) -> bool:
    return _is_sqlite(url) and url.database in (None, "", ":memory:")


def _postgres(url: URL) -> Engine:
    return create_engine(
        url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": 10}
    )


def _sqlite(url: URL, busy_seconds: float) -> Engine:
    options: dict[str, Any] = {"check_same_thread": False, "timeout": busy_seconds}
    if _in_memory(url):
        engine = create_engine(
            "sqlite://", hide_parameters=True, poolclass=StaticPool, connect_args=options
        )
    else:
        _make_private(url)
        engine = create_engine(url, hide_parameters=True, connect_args=options)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _make_private(url: URL) -> None:
    """Create the file for this user alone before SQLite would create it for everybody."""
    if url.query.get("uri") or url.database is None:
        return
    path = Path(url.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise ConfigError(
            f"{SETTING}: {path} cannot be made or opened ({type(error).__name__});"
            " check that the folder exists and may be written"
        ) from None


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    """Leave transactions to us, and set what SQLite forgets with every connection."""
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "secure_delete=ON", "synchronous=FULL", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log, once per file; a file that may only be read stays as it is."""
    for left in range(_WAL_TRIES, -1, -1):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname.startswith("SQLITE_READONLY"):
                return
            # While another process switches, SQLite refuses at once instead of waiting.
            if not left or not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise
            time.sleep(_WAL_WAIT)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
