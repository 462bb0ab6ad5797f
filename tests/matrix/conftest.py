"""A real Synapse, a school on it, and an adapter that hears it."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.values import Settings
from bot.core.events import Incoming, Pass, Receipt
from tests.matrix.mail_home import NoMailServerError, mail_server
from tests.matrix.mail_memory import Memory
from tests.matrix.mails import Mail
from tests.matrix.people import Person, eventually
from tests.matrix.synapse_home import SERVER, NoSynapseError, Synapse


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


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    server = Synapse(tmp_path_factory.mktemp("synapse"))
    try:
        server.start()
    except NoSynapseError as reason:
        pytest.skip(str(reason))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mail() -> Iterator[Mail]:
    """Postfix with dovecot behind it; where they cannot run, a server of ours."""
    try:
        with mail_server() as server:
            yield server
            return
    except NoMailServerError:
        pass
    with Memory() as memory:
        yield memory


@dataclass
class World:
    """A school on a server: an administrator, two teachers, a bot, and the team's room."""

    synapse: Synapse
    folder: Path
    boss: Person
    anna: Person
    bert: Person
    bot: Person
    team: str = ""
    state: State = field(default_factory=State)
    events: list[Incoming] = field(default_factory=list)
    receipt: Receipt = field(default_factory=Pass)
    break_on: int = 0
    settings: dict[str, Any] = field(default_factory=dict)

    async def on_incoming(self, event: Incoming) -> Receipt:
        if self.break_on:
            self.break_on -= 1
            raise RuntimeError("the database is away")
        self.events.append(event)
        return self.receipt

    def make(self, **changes: Any) -> MatrixAdapter:
        given: dict[str, Any] = {
            "homeserver": self.synapse.url,
            "user": self.bot.user,
            "token": self.bot.token,
            "folder": self.folder,
        }
        settings = Settings(**{**given, **self.settings, **changes})
        return MatrixAdapter(settings, self.on_incoming, self.state)

    @contextlib.asynccontextmanager
    async def running(self, *, listening: bool = True, **changes: Any) -> AsyncIterator[Any]:
        """An adapter, connected; leaving ends it like a stopped process."""
        adapter = self.make(**changes)
        await adapter.connect()
        task = asyncio.create_task(adapter.receive() if listening else asyncio.sleep(3600))
        try:
            yield adapter
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await adapter.close()

    async def room(self, *, bot_level: int = 50, **more: Any) -> str:
        """A room as docs/matrix.md says: made by the administrator, the bot may do its work."""
        room = await self.boss.create(
            **{
                "preset": "private_chat",
                "name": "Team",
                "invite": [self.anna.user, self.bert.user, self.bot.user],
                "power_level_content_override": {
                    "users": {self.bot.user: bot_level},
                    "events": {"m.room.power_levels": bot_level},
                },
                **more,
            }
        )
        for person in (self.anna, self.bert):
            await person.join(room)
        return room

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    async def heard(self, kind: type, count: int = 1) -> Any:
        """The `count`-th event of a kind, waited for."""
        await eventually(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]

    async def said(self, text: str) -> Any:
        """The event whose message has this text, waited for."""
        return await eventually(
            lambda: next(
                (e for e in self.events if getattr(e, "text", None) == text
                 or getattr(getattr(e, "posted", None), "text", None) == text), None,
            )
        )  # fmt: skip


def a_bot(synapse: Synapse) -> Person:
    name = f"bot-{secrets.token_hex(4)}"
    return Person(synapse.url, f"@{name}:{SERVER}", *synapse.user(name, admin=True))


@contextlib.asynccontextmanager
async def a_world(
    synapse: Synapse, folder: Path, bot: tuple[str, str, str] | None = None
) -> AsyncIterator[World]:
    """The people of a server, who stay, and a new bot; `bot` is one that is there already."""
    for name in () if synapse.people else ("boss", "anna", "bert"):
        synapse.people[name] = (f"@{name}:{SERVER}", *synapse.user(name, admin=name == "boss"))
    people = [Person(synapse.url, *known) for known in synapse.people.values()]
    own = Person(synapse.url, *bot) if bot else a_bot(synapse)
    for one in people:
        one.earlier = set(await one.rooms())
    yield World(synapse, folder / "keys", *people, own)
    for one in (*people, own):
        await one.close()


@pytest.fixture
async def bare(synapse: Synapse, tmp_path: Path) -> AsyncIterator[World]:
    """People, and no room yet."""
    async with a_world(synapse, tmp_path) as made:
        yield made


@pytest.fixture
async def world(bare: World) -> World:
    """The team's room, which the bot is in."""
    bare.team = await bare.room()
    await bare.bot.join(bare.team)
    return bare
