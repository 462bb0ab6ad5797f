"""A process killed with SIGKILL while it closes or opens a group: no right is lost.

What the adapter keeps lies in files here, so that the killed process starts soon; that the database
survives a kill as well is tested with the database.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.adapters.base import LockGroup, UnlockGroup
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.core.events import ChatRef, Incoming, Pass, Receipt
from tests.telegram.fake_api import OPEN, TOKEN, CutError, FakeApi, Json

TEAM = -1001
GROUP = ChatRef("telegram", str(TEAM))
CHILD = "import asyncio, sys; from tests.telegram.test_killed import does; asyncio.run(does(*sys.argv[1:]))"  # noqa: E501


class OnDisk:
    """Adapter state, one file a key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def get(self, key: str) -> bytes | None:
        path = self._folder / key
        return path.read_bytes() if path.exists() else None

    async def put(self, key: str, value: bytes) -> None:
        new = self._folder / f"{key}.new"
        new.write_bytes(value)
        new.replace(self._folder / key)

    async def compare_and_set(self, key: str, old: bytes | None, new: bytes | None) -> bool:
        if await self.get(key) != old:
            return False
        if new is None:
            (self._folder / key).unlink()
        else:
            await self.put(key, new)
        return True


async def does(base: str, folder: str, act: str) -> None:
    """Close or open the group."""

    async def nobody(event: Incoming) -> Receipt:
        del event
        return Pass()

    settings = {"FLUISTER_TELEGRAM_TOKEN": TOKEN, "FLUISTER_TELEGRAM_API": base}
    adapter = TelegramAdapter(settings, nobody, OnDisk(Path(folder)))
    await adapter.connect()
    await adapter.act(LockGroup(GROUP) if act == "lock" else UnlockGroup(GROUP), "k")
    await adapter.close()


async def killed(api: FakeApi, base: str, folder: Path, act: str, *, after: bool) -> None:
    """Another process does `act` and is killed before, or `after`, Telegram did it."""
    told, usual = asyncio.Event(), api._do_set_chat_permissions

    async def hangs(given: Json) -> None:
        if after:
            usual(given)
        told.set()
        await asyncio.sleep(60)
        raise CutError

    api._do_set_chat_permissions = hangs  # type: ignore[method-assign, assignment]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, base, str(folder), act, env={**os.environ, "PYTHONPATH": "."}
    )
    await asyncio.wait_for(told.wait(), 60)
    process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL
    api._do_set_chat_permissions = usual  # type: ignore[method-assign]


async def test_killed_while_closing_and_while_opening_a_group_gets_back_exactly_its_rights(
    tmp_path: Path,
) -> None:
    api = FakeApi()
    base = await api.start()
    rights = {"can_delete_messages": True, "can_restrict_members": True}
    team = api.group(TEAM, api.person(12, "Bert"), rights=rights)
    earlier = dict(OPEN) | {"can_send_polls": False, "can_invite_users": False}
    team.permissions = dict(earlier)
    await killed(api, base, tmp_path, "lock", after=True)
    assert team.permissions["can_send_messages"] is False
    await does(base, str(tmp_path), "lock")
    await killed(api, base, tmp_path, "unlock", after=False)
    assert team.permissions["can_send_messages"] is False
    await does(base, str(tmp_path), "unlock")
    await does(base, str(tmp_path), "unlock")
    assert team.permissions == earlier
    await api.stop()
