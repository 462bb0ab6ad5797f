"""A whole Fluister on Matrix: the real app, detector, storage, work engine, homeserver and mail."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from bot.adapters.registry import platforms
from bot.app import App, opened
from bot.config import Config, load
from bot.demo import BEGIN
from bot.detection.engine import Detector
from bot.running import makers_for
from bot.work.clock import MovableClock
from tests.matrix.conftest import World
from tests.matrix.mails import Mail, text_of

DIAGNOSIS = "Sem uit groep 6 heeft gisteren de diagnose ADHD gekregen"


def settings_of(world: World, mail: Mail, folder: Path) -> dict[str, str]:
    """What `fluister run` is given for this school."""
    return {
        "FLUISTER_DATA_DIR": str(folder),
        "FLUISTER_LEVEL": "act",
        "FLUISTER_TEAM_ADDRESS": "team@school.nl",
        "FLUISTER_MAIL_FROM": "fluister@school.nl",
        "FLUISTER_SMTP_URL": mail.url,
        "FLUISTER_MATRIX_HOMESERVER": world.synapse.url,
        "FLUISTER_MATRIX_USER": world.bot.user,
        "FLUISTER_MATRIX_TOKEN": world.bot.token,
    }


@dataclass
class School:
    """Fluister as `fluister run` starts it; it can be stopped and started over the same data."""

    world: World
    mail: Mail
    folder: Path
    detector: Detector
    clock: MovableClock = field(default_factory=lambda: MovableClock(BEGIN.astimezone(UTC)))
    more: dict[str, str] = field(default_factory=dict)

    def config(self) -> Config:
        return load({**settings_of(self.world, self.mail, self.folder), **self.more})

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[App]:
        config = self.config()
        makers = makers_for(config, platforms())
        async with opened(config, makers, clock=self.clock, detector=self.detector) as app:
            task = asyncio.create_task(app.receive())
            try:
                yield app
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def put_back(self, key: str, value: bytes) -> None:
        """Change what the adapter stored, while nothing runs."""
        async with opened(self.config(), {}, clock=self.clock, detector=self.detector) as app:
            await app.house.repository.adapter_state("matrix").put(key, value)

    async def at(self, app: App, moment: datetime) -> None:
        self.clock.set(moment)
        await app.clock_moved()

    async def whispered(self, who: Any, part: str = "") -> dict[str, Any] | None:
        """The last thing the bot told somebody privately with these words in it."""
        told = [one for one in await who.told(self.world.bot.user) if part in one["text"]]
        return told[-1] if told else None

    def mailed(self, part: str) -> Callable[[], Any]:
        """The mail with these words in it, once it is there."""

        async def look() -> EmailMessage | None:
            mails = await asyncio.to_thread(self.mail.mails)
            return next((m for m in mails if part in text_of(m)), None)

        return look
