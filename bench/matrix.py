"""How fast Fluister is on a real homeserver: `make bench-matrix`.

Synapse (SQLite, on this machine, without rate limits), the real app, detector and database, and
two people with clients of their own. Times are what those clients see, from just before a message
is sent. Everything shares the machine's cores: server, bot and clients.
"""

import asyncio
import contextlib
import json
import resource
import secrets
import tempfile
import time
from pathlib import Path

from bench.machine import describe
from bench.talk import DIAGNOSIS, SAID, spread
from bot.detection.engine import build_detector
from tests.matrix.conftest import World, a_world
from tests.matrix.mail_memory import Memory
from tests.matrix.people import Person, eventually
from tests.matrix.school import School
from tests.matrix.synapse_home import Synapse

WARM, MEASURED, PILE = 5, 60, 2_000
RESULTS = Path(__file__).parent / "results" / "matrix.json"


class Watching:
    """Somebody's client: when it first saw which event, whisper or removal."""

    def __init__(self, person: Person, bot: str) -> None:
        self.person, self.bot = person, bot
        self.removed: dict[str, float] = {}
        self.whispers: list[float] = []

    async def run(self) -> None:
        since = (await self.person.call("GET", "/_matrix/client/v3/sync"))["next_batch"]
        while True:
            told = await self.person.call(
                "GET", "/_matrix/client/v3/sync", since=since, timeout="20000"
            )
            now, since = time.perf_counter(), told["next_batch"]
            for joined in told.get("rooms", {}).get("join", {}).values():
                for event in joined["timeline"]["events"]:
                    self._saw(event, now)

    def _saw(self, event: dict, now: float) -> None:
        if event["type"] == "m.room.redaction":
            gone = event.get("redacts") or event["content"].get("redacts", "")
            self.removed.setdefault(gone, now)
        said = event["type"] == "m.room.message" and event["sender"] == self.bot
        if said and "1️⃣" in event["content"].get("body", ""):
            self.whispers.append(now)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        synapse = Synapse(Path(folder) / "synapse")
        synapse.start()
        try:
            async with a_world(synapse, Path(folder)) as world:
                figures = await measured(world, Path(folder))
        finally:
            synapse.stop()
    report = {"machine": describe(), **figures}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    print(json.dumps(report, indent=2, ensure_ascii=False))


async def measured(world: World, folder: Path) -> dict[str, object]:
    world.team = await world.room()
    await world.bot.join(world.team)
    detector = build_detector()
    empty = memory()
    with Memory() as mail:
        school = School(world, mail, folder / "data", detector)
        anna, bert = Watching(world.anna, world.bot.user), Watching(world.bert, world.bot.user)
        watching = [asyncio.create_task(one.run()) for one in (anna, bert)]
        async with school.running():
            await world.anna.says(world.team, "goedemorgen")
            await eventually(lambda: _greeted(world))
            whispered, removed = await confidential(world, anna, bert)
        drained = await pile(world, school, bert)
        for task in watching:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    return {
        "post_to_whisper_ms": spread(whispered),
        "post_to_removed_ms": spread(removed),
        "messages_per_second": round(drained),
        "pile": PILE,
        "memory_mb_with_detector": empty,
        "memory_mb_peak": memory(),
    }


async def confidential(
    world: World, anna: Watching, bert: Watching
) -> tuple[list[float], list[float]]:
    """One confidential message after the other, each waited for."""
    whispered: list[float] = []
    removed: list[float] = []
    for number in range(WARM + MEASURED):
        before, seen = time.perf_counter(), len(anna.whispers)
        text = DIAGNOSIS.format(group=6, mark=secrets.token_urlsafe(6)[:7])
        event = await world.anna.says(world.team, text)
        await eventually(lambda event=event: event in bert.removed)
        await eventually(lambda seen=seen: len(anna.whispers) > seen)
        if number >= WARM:
            removed.append(bert.removed[event] - before)
            whispered.append(anna.whispers[seen] - before)
        await asyncio.sleep(0.3)
    return whispered, removed


async def pile(world: World, school: School, bert: Watching) -> float:
    """Messages per second through one bot that finds a pile after a stop; the last is removed."""
    for number in range(0, PILE, 4):
        await asyncio.gather(
            *(world.bert.says(world.team, SAID[(number + i) % len(SAID)]) for i in range(4))
        )
    last = await world.anna.says(world.team, DIAGNOSIS.format(group=6, mark="laatste"))
    before = time.perf_counter()
    async with school.running():
        await eventually(lambda: last in bert.removed, 300)
    return PILE / (bert.removed[last] - before)


async def _greeted(world: World) -> bool:
    return any("Ik ben Fluister" in text for text in await world.bert.reads(world.team))


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    asyncio.run(main())
