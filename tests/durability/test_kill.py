"""Processes killed at random: nothing lost, no mail sent twice without anybody being told."""

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.adapters.demo.mailbox import Mailbox
from tests.durability.chat_server import ChatServer

COUNT = 300 if os.environ.get("FLUISTER_TEST_SOAK") else 30
KILLS = 12 if os.environ.get("FLUISTER_TEST_SOAK") else 2
DAY = "2026-11-24T10:15:00+01:00"
EVENING = "2026-11-24T20:30:00+01:00"
MORNING = "2026-11-25T07:45:00+01:00"
FREE_DAY = "2026-11-25T10:00:00+01:00"
BACK = "2026-11-26T07:45:00+01:00"
ROOT = Path(__file__).parents[2]


class Bot:
    """A bot process that is killed and started again until its work is done."""

    def __init__(self, port: int, environ: dict[str, str]) -> None:
        settings = {"port": port, "environ": environ}
        self._settings = settings
        self._chance = random.Random(20261124)
        self.errors = (Path(str(environ["FLUISTER_DATA_DIR"])) / "bot.log").open("ab")

    progress: Callable[[], object] = staticmethod(lambda: "")

    async def until(self, now: str, holds: Callable[[], bool], kills: int, seconds: float) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            lives = self._chance.uniform(0.3, 2.5) if kills else None
            async with self._process(now) as process:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(lives):
                        await self._watch(process, holds, deadline)
                        return
                kills -= 1

    async def _watch(
        self, process: asyncio.subprocess.Process, holds: Callable[[], bool], deadline: float
    ) -> None:
        while not holds():
            late = asyncio.get_running_loop().time() > deadline
            assert not late, f"not done in time: {self.progress()}"
            assert process.returncode is None, "the bot stopped by itself"
            await asyncio.sleep(0.05)

    @contextlib.asynccontextmanager
    async def _process(self, now: str) -> AsyncIterator[asyncio.subprocess.Process]:
        settings = json.dumps({**self._settings, "now": now})
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.durability.node", settings,
            cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=self.errors,
            env={**os.environ, "TZ": "Pacific/Kiritimati"},
        )  # fmt: skip
        try:
            assert process.stdout is not None
            async with asyncio.timeout(90):
                assert (await process.stdout.readline()).strip() == b"ready"
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            await process.wait()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fluister.db'}"
    return str(request.getfixturevalue("postgres_database"))


async def test_redirects_held_messages_and_digests_survive_being_killed(
    database: str, tmp_path: Path
) -> None:
    chat, mailbox = ChatServer(), Mailbox()
    await chat.start()
    await mailbox.start()
    bot = Bot(
        chat.port,
        {
            "FLUISTER_DATABASE_URL": database,
            "FLUISTER_DATA_DIR": str(tmp_path),
            "FLUISTER_LEVEL": "act",
            "FLUISTER_TEAM_ADDRESS": "team@schoolmatthijsje.nl",
            "FLUISTER_MAIL_FROM": "fluister@schoolmatthijsje.nl",
            "FLUISTER_SMTP_URL": f"{mailbox.url}?starttls=never",
        },
    )
    try:
        await redirects(bot, chat, mailbox)
        await held(bot, chat)
        await caught_up(bot, chat)
    finally:
        await chat.stop()
        await mailbox.stop()


async def redirects(bot: Bot, chat: ChatServer, mailbox: Mailbox) -> None:
    wanted = [f"zaak {n:03}x: Sem uit groep 6 heeft de diagnose ADHD" for n in range(COUNT)]
    for text in wanted:
        chat.say(text, DAY, delivered=True)

    def mailed() -> Counter[str]:
        return Counter(text for mail in mailbox.messages() for text in wanted if text in mail.text)

    def uncertain() -> int:
        return sum("weet niet zeker" in text for text in chat.whispers)

    bot.progress = lambda: (len(mailed()), uncertain(), len(chat.whispers), len(chat.removed))
    await bot.until(
        DAY, lambda: len(mailed()) + uncertain() >= COUNT, KILLS, seconds=COUNT * 3 + 120
    )
    assert max(mailed().values()) == 1, "no mail goes out twice by itself"
    missing = set(wanted) - set(mailed())
    assert len(missing) <= uncertain(), "what did not go out was told to its author"
    assert len(chat.removed) == COUNT


async def held(bot: Bot, chat: ChatServer) -> None:
    wanted = [f"bericht {n:03}x: wie rijdt er mee?" for n in range(COUNT)]
    for text in wanted:
        chat.say(text, EVENING, delivered=False)
    bot.progress = lambda: (len(chat.whispers), len(chat.posts))
    told = lambda: sum("rusttijd" in text for text in chat.whispers) >= COUNT  # noqa: E731
    await bot.until(EVENING, told, KILLS, seconds=COUNT * 3 + 120)
    assert not any("bericht 0" in post for post in chat.posts)

    def delivered() -> Counter[str]:
        return Counter(text for post in chat.posts for text in wanted if text in post)

    await bot.until(MORNING, lambda: len(delivered()) >= COUNT, KILLS, seconds=COUNT * 2 + 120)
    assert set(delivered()) == set(wanted)
    assert max(delivered().values()) == 1, "nothing is delivered twice"


async def caught_up(bot: Bot, chat: ChatServer) -> None:
    """What was held, and what is said on her free day, reaches Celine once when she is back."""
    wanted = [f"woensdag {n:03}x: denk aan de gymtas" for n in range(COUNT)]
    for text in wanted:
        chat.say(text, FREE_DAY, delivered=True)
    bot.progress = lambda: (chat.confirmed, len(chat.updates), len(chat.told))
    heard = lambda: chat.confirmed >= len(chat.updates)  # noqa: E731
    await bot.until(FREE_DAY, heard, KILLS, seconds=COUNT * 2 + 120)
    assert not any("gymtas" in text for _, text in chat.told)

    def told() -> Counter[str]:
        mine = [text for to, text in chat.told if to == "celine"]
        return Counter(text for one in mine for text in wanted if text in one)

    def missed() -> Counter[int]:
        mine = [text for to, text in chat.told if to == "celine"]
        return Counter(n for one in mine for n in range(COUNT) if f"bericht {n:03}x" in one)

    bot.progress = lambda: (len(told()), len(missed()))
    done = lambda: len(told()) >= COUNT and len(missed()) >= COUNT  # noqa: E731
    await bot.until(BACK, done, KILLS, seconds=COUNT * 2 + 120)
    assert max(told().values()) == 1, "nothing is told twice"
    overnight = missed()
    assert overnight == Counter(range(COUNT)), "and what was held the night before, once"
    assert not any("gymtas" in text for to, text in chat.told if to != "celine")
