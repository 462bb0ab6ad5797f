"""The adapter, with the real Bolt library, against the fake; and what it told the app."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import yaml

from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.slack.values import settings_from
from bot.core.events import Incoming, Pass, Receipt
from tests.slack.fake_slack import (
    APP_TOKEN,
    BOT_TOKEN,
    ME,
    SECRET,
    FakeSlack,
    slack,
)

TEAMROOM = "C0TEAMROOM"
MANIFEST = Path(__file__).parents[2] / "deploy" / "slack" / "manifest.yaml"


class Memory:
    """An `AdapterState` in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    async def put(self, key: str, value: bytes) -> None:
        self.kept[key] = value

    async def compare_and_set(self, key: str, old: bytes | None, new: bytes | None) -> bool:
        if self.kept.get(key) != old:
            return False
        if new is None:
            self.kept.pop(key, None)
        else:
            self.kept[key] = new
        return True


class Office:
    """A running adapter, the fake it talks to and the events it handed on."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.heard: list[Incoming] = []
        self.state = Memory()
        self.answer: Callable[[Incoming], Receipt] = lambda event: Pass()
        self.settings = {
            "FLUISTER_SLACK_BOT_TOKEN": BOT_TOKEN,
            "FLUISTER_SLACK_APP_TOKEN": APP_TOKEN,
            "FLUISTER_SLACK_SIGNING_SECRET": SECRET,
            "FLUISTER_SLACK_API": slack.api,
        }

    async def _take(self, event: Incoming) -> Receipt:
        receipt = self.answer(event)
        self.heard.append(event)
        return receipt

    def make(self) -> SlackAdapter:
        self.adapter = SlackAdapter(settings_from(self.settings), self._take, self.state)
        return self.adapter

    @contextlib.asynccontextmanager
    async def open(self, **settings: str) -> AsyncIterator["Office"]:
        self.settings |= {f"FLUISTER_{key}": value for key, value in settings.items()}
        adapter = self.make()
        await adapter.connect()
        listening = asyncio.create_task(adapter.receive())
        try:
            await self.eventually(lambda: self.listens() or listening.done())
            assert not listening.done(), listening.exception()
            yield self
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
            await adapter.close()

    def listens(self) -> bool:
        if self.settings.get("FLUISTER_SLACK_MODE") != "http":
            return bool(self.slack._sockets)
        host, port = self.settings["FLUISTER_WEB_BIND"].split(":")
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), 0.2):
            return True
        return False

    async def eventually(self, holds: Callable[[], object], seconds: float = 8) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
            await asyncio.sleep(0.01)

    async def next(self, kind: type, count: int = 1) -> Incoming:
        """The last of `count` events of a kind."""
        await self.eventually(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]

    def of(self, kind: type) -> list[Incoming]:
        return [event for event in self.heard if isinstance(event, kind)]


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with slack() as running:
        running.install(yaml.safe_load(MANIFEST.read_text("utf-8")))
        running.person("UANNA", "Anna de Vries")
        running.person("UBERT", "Bert Jansen")
        running.channel(TEAMROOM, "team", "UANNA", "UBERT", ME)
        yield running
        assert running.violations == []


@pytest.fixture
def office(fake: FakeSlack) -> Office:
    return Office(fake)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
