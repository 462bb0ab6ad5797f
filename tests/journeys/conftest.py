"""A whole Fluister on an in-memory chat, with real storage, work engine, detector and SMTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.adapters.demo.values import TEAM, Line, private_chat
from bot.demo import Stage, staged
from bot.detection.engine import Detector, build_detector
from tests.journeys.school import School, running

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class World:
    """A stage, and what one wants to know about it."""

    stage: Stage

    async def eventually(self, holds: Callable[[], object], seconds: float = 12.0) -> None:
        """Wait until something holds; fail when it does not come."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
            await asyncio.sleep(0.03)

    async def settled(self) -> None:
        """Wait until nothing is being worked on."""
        await self.stage.app.engine.wait_idle(20)

    def group(self, who: str = "celine") -> list[str]:
        return [line.text for line in self.stage.room.lines(TEAM, who) if line.text]

    def group_lines(self, who: str = "celine") -> list[Line]:
        return self.stage.room.lines(TEAM, who)

    def private(self, who: str) -> list[Line]:
        return self.stage.room.lines(private_chat(who))

    def whispers(self, who: str) -> list[Line]:
        return [line for line in self.private(who) if line.author == "fluister"]

    def labels(self, who: str) -> list[str]:
        last = self.whispers(who)[-1:]
        return [button.label for line in last for row in line.buttons for button in row]

    def press(self, who: str, label: str) -> None:
        last = self.whispers(who)[-1]
        for row in last.buttons:
            for button in row:
                if label in button.label:
                    self.stage.room.press(who, button.token)
                    return
        raise AssertionError(f"no button {label!r}")

    async def move_to(self, text: str) -> None:
        self.stage.clock.set(datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM))
        await self.stage.app.clock_moved()


@pytest.fixture(scope="session")
def detector() -> Detector:
    return build_detector()


@pytest.fixture
async def world(tmp_path: Path, detector: Detector) -> AsyncIterator[World]:
    async with staged(tmp_path, detector=detector) as stage:
        it = World(stage)
        await it.eventually(lambda: any("Ik ben Fluister" in text for text in it.group()))
        yield it


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory, detector: Detector
) -> AsyncIterator[School]:
    """One school for a whole module: starting one takes longer than most journeys."""
    async with running(tmp_path_factory.mktemp("school"), detector) as it:
        yield it


@pytest_asyncio.fixture(loop_scope="module")
async def school(house: School) -> School:
    """That school as it was at first: acting, on a Tuesday morning, with a chat that can do all."""
    await house.as_new()
    return house
