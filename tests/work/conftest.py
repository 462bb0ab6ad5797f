"""One engine at a time, over SQLite and over a real PostgreSQL."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from bot.work.clock import MovableClock
from bot.work.engine import Engine
from bot.work.jobs import Finished, Handler, Outcome


@dataclass
class Bench:
    """Engines that are closed after the test, and what their handlers and listeners saw."""

    url: str
    clock: MovableClock = field(default_factory=MovableClock)
    calls: list[str] = field(default_factory=list)
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    engine: Engine | None = None

    async def launch(self, handlers: dict[str, Handler] | None = None, **options) -> Engine:
        options = {"backoff": (0.05, 0.05), "poll": 0.02, "on_failure": self.failed} | options
        self.engine = Engine(self.url, self.clock, **options)
        for kind, handler in {"note": self.note, **(handlers or {})}.items():
            self.engine.register(kind, handler)
        await self.engine.launch()
        return self.engine

    async def restart(self, handlers: dict[str, Handler] | None = None, **options) -> Engine:
        assert self.engine is not None
        await self.engine.close()
        return await self.launch(handlers, **options)

    async def note(self, ids: tuple[str, ...]) -> Outcome:
        self.calls.append(ids[0])
        return Finished("noted")

    async def failed(self, kind: str, key: str, error: str) -> None:
        self.failures.append((kind, key, error))


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture(scope="session", autouse=True)
def eager_delays() -> Iterator[None]:
    """DBOS looks once a second whether a delay has passed, which is most of this suite's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dbos._workflow_commands._BACKGROUND_JOBS_INTERVAL_SEC", 0.1, raising=False)
        yield


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., Awaitable[None]]:
    return until


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An engine's file as it looks after one start, because a first start takes a second."""
    path = tmp_path_factory.mktemp("template") / "work.sqlite"
    asyncio.run(_started_once(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE work_template")
    asyncio.run(_started_once(_database(postgres_url, "work_template")))
    return "work_template"


@pytest.fixture
def sqlite_work(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "work.sqlite")
    return f"sqlite:///{tmp_path / 'work.sqlite'}"


@pytest.fixture
def postgres_work(postgres_url: str, postgres_template: str) -> Iterator[str]:
    name = f"w{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield _database(postgres_url, name)
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def work_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"{request.param}_work")


@pytest.fixture
async def bench(work_url: str) -> AsyncIterator[Bench]:
    bench = Bench(work_url)
    yield bench
    if bench.engine is not None:
        await bench.engine.close()


@pytest.fixture
async def sqlite_bench(sqlite_work: str) -> AsyncIterator[Bench]:
    """For behaviour that no database can change."""
    bench = Bench(sqlite_work)
    yield bench
    if bench.engine is not None:
        await bench.engine.close()


async def _started_once(url: str) -> None:
    engine = Engine(url)
    await engine.launch()
    await engine.close()


def _database(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")
