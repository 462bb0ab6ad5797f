"""The real library and adapter against `FakeApi`."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.pace import Pace
from bot.core.events import Incoming, Pass, Receipt
from tests.telegram.fake_api import TOKEN, FakeApi, Group

RIGHTS = {"can_delete_messages": True, "can_restrict_members": True}
TEAM, ANNA, BERT = -1001, 11, 12


class State:
    """Adapter state in memory; it outlives an adapter like the real one."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}

    async def get(self, key: str) -> bytes | None:
        return self.stored.get(key)

    async def put(self, key: str, value: bytes) -> None:
        self.stored[key] = value

    async def compare_and_set(self, key: str, old: bytes | None, new: bytes | None) -> bool:
        if self.stored.get(key) != old:
            return False
        if new is None:
            self.stored.pop(key, None)
        else:
            self.stored[key] = new
        return True


class Hurry:
    """A clock of its own that waits by jumping ahead."""

    def __init__(self) -> None:
        self.now = 0.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    def pace(self) -> Pace:
        return Pace(lambda: self.now, self.sleep)


@dataclass
class World:
    """A fake with a team group, and an adapter that hears it."""

    api: FakeApi
    base: str
    team: Group
    state: State = field(default_factory=State)
    hurry: Hurry = field(default_factory=Hurry)
    events: list[Incoming] = field(default_factory=list)
    receipt: Receipt = field(default_factory=Pass)
    break_on: int = 0
    more: dict[str, str] = field(default_factory=dict)

    async def on_incoming(self, event: Incoming) -> Receipt:
        if self.break_on:
            self.break_on -= 1
            raise RuntimeError("the database is away")
        self.events.append(event)
        return self.receipt

    def make(self) -> TelegramAdapter:
        settings = {
            "FLUISTER_TELEGRAM_TOKEN": TOKEN,
            "FLUISTER_TELEGRAM_API": self.base,
            **self.more,
        }
        return TelegramAdapter(settings, self.on_incoming, self.state, self.hurry.pace())

    @contextlib.asynccontextmanager
    async def running(self, *, listening: bool = True) -> AsyncIterator[TelegramAdapter]:
        """An adapter, connected; leaving ends it like a stopped process."""
        adapter = self.make()
        await adapter.connect()
        task = asyncio.create_task(adapter.receive() if listening else asyncio.sleep(3600))
        try:
            yield adapter
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await adapter.close()

    async def heard(self, kind: type, count: int = 1) -> Any:
        """The `count`-th event of a kind, waited for."""
        await self.eventually(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    async def eventually(self, holds: Callable[[], object], wait: float = 8.0) -> None:
        deadline = asyncio.get_running_loop().time() + wait
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
            await asyncio.sleep(0.01)

    async def settled(self) -> None:
        """Wait until every update was taken in and confirmed."""
        await self.eventually(lambda: not self.api.updates)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a fault, listen again soon."""
    monkeypatch.setattr("bot.adapters.telegram.polling.FIRST_WAIT", 0.05)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    api = FakeApi()
    base = await api.start()
    api.person(ANNA, "Anna")
    api.person(BERT, "Bert")
    yield World(api, base, api.group(TEAM, BERT, ANNA, rights=dict(RIGHTS)))
    await api.stop()
    assert api.violations == [], "every call and answer is as published"
