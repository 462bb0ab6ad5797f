"""A whole Fluister on Telegram: the real app, detector, storage, work engine and SMTP."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.demo.mailbox import Mailbox
from bot.adapters.registry import platforms
from bot.app import App, opened
from bot.config import load
from bot.demo import BEGIN, seed
from bot.detection.engine import Detector, build_detector
from bot.running import makers_for
from bot.work.clock import MovableClock
from tests.telegram.conftest import ANNA, BERT, TEAM, World
from tests.telegram.fake_api import TOKEN

DIAGNOSIS = "Sem uit groep 6 heeft gisteren de diagnose ADHD gekregen"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


@dataclass(frozen=True)
class School:
    app: App
    mailbox: Mailbox
    clock: MovableClock

    async def at(self, world: World, moment: datetime) -> None:
        """Let it be `moment`, for Fluister and for Telegram."""
        self.clock.set(moment)
        world.api.now = moment.timestamp()
        await self.app.clock_moved()


@contextlib.asynccontextmanager
async def school(world: World, folder: Path, detector: Detector) -> AsyncIterator[School]:
    """Fluister as `fluister run` starts it, on the fake, with a mail server of its own."""
    clock = MovableClock(BEGIN.astimezone(UTC))
    world.api.now = BEGIN.timestamp()
    mailbox = Mailbox(now=clock.now)
    await mailbox.start()
    config = load(
        {
            "FLUISTER_DATA_DIR": str(folder),
            "FLUISTER_LEVEL": "act",
            "FLUISTER_TEAM_ADDRESS": "team@school.nl",
            "FLUISTER_MAIL_FROM": "fluister@school.nl",
            "FLUISTER_SMTP_URL": f"{mailbox.url}?starttls=never",
            "FLUISTER_TELEGRAM_TOKEN": TOKEN,
            "FLUISTER_TELEGRAM_API": world.base,
        }
    )
    try:
        makers = makers_for(config, platforms())
        async with opened(config, makers, clock=clock, detector=detector) as app:
            task = asyncio.create_task(app.receive())
            yield School(app, mailbox, clock)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    finally:
        await mailbox.stop()


async def test_a_confidential_message_is_whispered_about_and_mailed(
    world: World, tmp_path: Path, detector: Detector
) -> None:
    api = world.api
    async with school(world, tmp_path, detector) as it:
        api.says(TEAM, ANNA, "Wie heeft de sleutel van het magazijn?")
        await world.eventually(lambda: any("Ik ben Fluister" in t for t in api.texts(TEAM)), 20)
        api.says(TEAM, ANNA, DIAGNOSIS)
        await world.eventually(lambda: api.shown(ANNA), 20)
        assert DIAGNOSIS not in api.texts(TEAM)
        assert api.shown(BERT) == []
        query = api.presses(ANNA, api.shown(ANNA)[-1], "Stuur naar team@")
        await world.eventually(it.mailbox.messages, 20)
        await world.eventually(lambda: any("verplaatst" in t for t in api.texts(TEAM)), 20)
        await world.eventually(lambda: query in api.answers, 20)
    mail = it.mailbox.messages()[0]
    assert mail.to == ("team@school.nl",)
    assert DIAGNOSIS in mail.text
    assert "Wie heeft de sleutel van het magazijn?" in api.texts(TEAM)
    assert not any("Anna" in m["text"] for m in api.from_bot(TEAM))
    assert len([t for t in api.texts(TEAM) if "verplaatst" in t]) == 1


async def test_help_asked_in_private_is_answered_there(
    world: World, tmp_path: Path, detector: Detector
) -> None:
    async with school(world, tmp_path, detector):
        world.api.starts(ANNA, "hallo")
        await world.eventually(lambda: world.api.from_bot(ANNA), 20)
    assert "Dit kan ik voor je doen" in world.api.from_bot(ANNA)[0]["text"]


async def test_at_night_the_group_is_closed_and_what_was_sent_privately_comes_in_the_morning(
    world: World, tmp_path: Path, detector: Detector
) -> None:
    api = world.api
    earlier = dict(world.team.permissions)
    async with school(world, tmp_path, detector) as it:
        await seed(it.app)
        api.starts(ANNA)
        api.says(TEAM, ANNA, "goedemorgen")
        await world.eventually(lambda: any("Ik ben Fluister" in t for t in api.texts(TEAM)), 20)
        await it.at(world, BEGIN + timedelta(hours=10))
        await world.eventually(lambda: not world.team.permissions["can_send_messages"], 20)
        api.says(ANNA, ANNA, "Voor morgen: de gymzaal is dicht")
        await world.eventually(lambda: any("bewaard tot" in t.lower() for t in api.texts(ANNA)), 20)
        assert not any("gymzaal" in t for t in api.texts(TEAM))
        await it.at(world, BEGIN + timedelta(days=1))
        await world.eventually(lambda: any("gymzaal" in t for t in api.texts(TEAM)), 20)
        await world.eventually(lambda: world.team.permissions == earlier, 20)
    told = [t for t in api.texts(TEAM) if "gymzaal" in t]
    assert len(told) == 1
    assert "Anna" in told[0]
