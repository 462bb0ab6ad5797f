"""A process killed with SIGKILL while it closes a group: no right is lost."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.base import UnlockGroup
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.core.events import ChatRef, Incoming, Pass, Receipt
from bot.storage.crypto import Keyring
from bot.storage.repository import Repository
from tests.telegram.conftest import TEAM, World
from tests.telegram.fake_api import OPEN, TOKEN, CutError, Json

GROUP = ChatRef("telegram", str(TEAM))
SECRET = "k" * 40
CLOSES = """
import asyncio, sys
from tests.telegram.test_killed import GROUP, adapter_on
from bot.adapters.base import LockGroup, UnlockGroup

async def go():
    async with adapter_on(sys.argv[1], sys.argv[2]) as adapter:
        await adapter.connect()
        await adapter.act(LockGroup(GROUP) if sys.argv[3] == "lock" else UnlockGroup(GROUP), "k")

asyncio.run(go())
"""


@contextlib.asynccontextmanager
async def adapter_on(base: str, url: str) -> AsyncIterator[TelegramAdapter]:
    """An adapter whose state lies in a database on disk."""

    async def nobody(event: Incoming) -> Receipt:
        return Pass()

    repository = await Repository.open(url, Keyring.from_secret(SECRET))
    settings = {"FLUISTER_TELEGRAM_TOKEN": TOKEN, "FLUISTER_TELEGRAM_API": base}
    adapter = TelegramAdapter(settings, nobody, repository.adapter_state("telegram"))
    yield adapter
    await adapter.close()
    await repository.close()


async def killed_in(world: World, url: str, act: str, *, when: str) -> None:
    """Another process does `act` and is killed as Telegram is told, `when` it did that or not."""
    told, usual = asyncio.Event(), world.api._do_set_chat_permissions

    def hangs(given: Json) -> object:
        if when == "done":
            usual(given)
        told.set()
        return _never()

    world.api._do_set_chat_permissions = hangs  # type: ignore[method-assign, assignment]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CLOSES, world.base, url, act, env={**os.environ, "PYTHONPATH": "."}
    )
    await asyncio.wait_for(told.wait(), 60)
    process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL
    world.api._do_set_chat_permissions = usual  # type: ignore[method-assign]


async def _never() -> None:
    await asyncio.sleep(1)
    raise CutError


@pytest.mark.parametrize("when", ["done", "not done"])
async def test_killed_while_closing_and_while_opening_a_group_gets_back_exactly_its_rights(
    world: World, tmp_path: Path, when: str
) -> None:
    url = f"sqlite:///{tmp_path / 'fluister.db'}"
    earlier = dict(OPEN) | {"can_send_polls": False, "can_invite_users": False}
    world.team.permissions = dict(earlier)
    await killed_in(world, url, "lock", when=when)
    assert world.team.permissions["can_send_messages"] is (when == "not done")
    await killed_in(world, url, "unlock", when=when)
    async with adapter_on(world.base, url) as adapter:
        await adapter.connect()
        await adapter.act(UnlockGroup(GROUP), "k2")
        await adapter.act(UnlockGroup(GROUP), "k2")
    assert world.team.permissions == earlier
