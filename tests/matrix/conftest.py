"""A real Synapse, a school on it, and an adapter that hears it."""

import contextlib
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.values import Settings
from tests.listening import Listener
from tests.matrix.mail_home import NoMailServerError, mail_server
from tests.matrix.mail_memory import Memory
from tests.matrix.mails import Mail
from tests.matrix.people import Person, eventually
from tests.matrix.synapse_home import SERVER, NoSynapseError, Synapse


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
class World(Listener[MatrixAdapter]):
    """A school on a server: an administrator, two teachers, a bot, and the team's room."""

    synapse: Synapse
    folder: Path
    boss: Person
    anna: Person
    bert: Person
    bot: Person
    team: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    def make(self, **changes: Any) -> MatrixAdapter:
        given: dict[str, Any] = {
            "homeserver": self.synapse.url,
            "user": self.bot.user,
            "token": self.bot.token,
            "folder": self.folder,
        }
        settings = Settings(**{**given, **self.settings, **changes})
        return MatrixAdapter(settings, self.on_incoming, self.state)

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
