"""The real library and adapter against `FakeApi`."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.pace import Pace
from tests.listening import Listener
from tests.telegram.fake_api import TOKEN, FakeApi, Group

RIGHTS = {"can_delete_messages": True, "can_restrict_members": True}
TEAM, ANNA, BERT = -1001, 11, 12


class Hurry:
    """A clock of its own that waits by jumping ahead."""

    def __init__(self) -> None:
        self.now = 0.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    def pace(self) -> Pace:
        return Pace(lambda: self.now, self.sleep)


@dataclass
class World(Listener[TelegramAdapter]):
    """A fake with a team group, and an adapter that hears it."""

    api: FakeApi
    base: str
    team: Group
    hurry: Hurry = field(default_factory=Hurry)
    more: dict[str, str] = field(default_factory=dict)

    def make(self, **changes: str) -> TelegramAdapter:
        settings = {
            "FLUISTER_TELEGRAM_TOKEN": TOKEN,
            "FLUISTER_TELEGRAM_API": self.base,
            **self.more,
            **changes,
        }
        return TelegramAdapter(settings, self.on_incoming, self.state, self.hurry.pace())

    async def heard(self, kind: type, count: int = 1) -> Any:
        """The `count`-th event of a kind, waited for."""
        await self.eventually(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]

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
