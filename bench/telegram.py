"""How fast Fluister is on Telegram: `make bench-telegram`.

The real app, detector, database and library against the fake Bot API of the tests (its flood limit
switched off), all in one process: server and bot share a core. Beside it, in the same run and on
the same messages, the least a bot can be: python-telegram-bot's own Application with an echo.
`adapter_alone` takes the same updates in without judging them.
Latency runs from the moment the fake has the update to the moment it gets the call; `added` is
Fluister's less the echo's. Telegram's own network time comes on top in both.
"""

import asyncio
import contextlib
import json
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bench.machine import describe
from bench.talk import DIAGNOSIS, SAID, spread
from bot.detection.engine import Detector, build_detector
from tests.telegram.conftest import ANNA, BERT, RIGHTS, TEAM, World
from tests.telegram.fake_api import TOKEN, FakeApi
from tests.telegram.test_journey import school

PILE, ROUNDS = 200, 5
WARM, MEASURED, APART = 3, 40, 2.0
RESULTS = Path(__file__).parent / "results" / "telegram.json"
Find = Callable[[World, str, int], bool]


class Fast(FakeApi):
    """Without the flood limit: what is measured is the bot, not Telegram's patience."""

    def _flood(self, chat: int) -> None:
        self._sent[chat].clear()


async def main() -> None:
    detector = build_detector()
    alone = await measured(adapter_alone, {})
    ours = await measured(partial(fluister, detector), FLUISTER)
    peer = await measured(echo, ECHO)
    added = {
        name: round(ours["removed_ms"][name] - peer["answered_ms"][name], 1)
        for name in ("p50", "p99")
    }
    report = {
        "machine": describe(),
        "pile": PILE,
        "adapter_alone": alone,
        "fluister": ours,
        "peer_echo": peer,
        "added_to_removed_ms": added,
        "memory_mb_peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    print(json.dumps(report, indent=2, ensure_ascii=False))


def _removed(world: World, text: str, number: int) -> bool:
    del text
    return (TEAM, number) not in world.api.messages


def _whispered(world: World, text: str, number: int) -> bool:
    del text, number
    return bool(world.api.ephemeral)


def _answered(world: World, text: str, number: int) -> bool:
    del number
    return any(message.get("text") == text for message in world.api.from_bot(TEAM))


FLUISTER: dict[str, Find] = {"removed_ms": _removed, "whispered_ms": _whispered}
ECHO: dict[str, Find] = {"answered_ms": _answered}


async def measured(
    run: Callable[[World, Path], contextlib.AbstractAsyncContextManager[None]],
    finds: dict[str, Find],
) -> dict[str, object]:
    """Piles of harmless updates, then confidential messages one by one."""
    rates: list[float] = []
    times: dict[str, list[float]] = {name: [] for name in finds}
    async with a_world() as world:
        with tempfile.TemporaryDirectory() as folder:
            async with run(world, Path(folder)):
                world.api.says(TEAM, BERT, "goedemorgen")
                await world.eventually(lambda: not world.api.updates, 60)
                for number in range(ROUNDS + 1):
                    rate = await pile(world)
                    if number:
                        rates.append(rate)
                for number in range(WARM + MEASURED if finds else 0):
                    for name, took in (await one(world, number, finds)).items():
                        if number >= WARM:
                            times[name].append(took)
                    await asyncio.sleep(APART)
    return {
        "updates_per_second": {
            "median": round(statistics.median(rates)),
            "slowest": round(min(rates)),
        },
        **{name: spread(took) for name, took in times.items()},
    }


async def pile(world: World) -> float:
    """Updates per second: a pile told at once, until the last one is confirmed."""
    begun = time.perf_counter()
    for number in range(PILE):
        world.api.says(TEAM, BERT, SAID[number % len(SAID)])
    await world.eventually(lambda: not world.api.updates, 300)
    rate = PILE / (time.perf_counter() - begun)
    world.api.messages.clear()
    return rate


async def one(world: World, number: int, finds: dict[str, Find]) -> dict[str, float]:
    """One confidential message, until everything looked for was seen."""
    world.api.ephemeral.clear()
    text = DIAGNOSIS.format(group=number % 8 + 1, mark=number)
    begun = time.perf_counter()
    message = world.api.says(TEAM, ANNA, text)["message_id"]
    seen: dict[str, float] = {}
    while len(seen) < len(finds):
        for name, find in finds.items():
            if name not in seen and find(world, text, message):
                seen[name] = time.perf_counter() - begun
        await asyncio.sleep(0.001)
        if time.perf_counter() - begun > 60:
            raise TimeoutError("nothing came of a confidential message")
    return seen


@contextlib.asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    api = Fast()
    base = await api.start()
    api.person(ANNA, "Anna")
    api.person(BERT, "Bert")
    yield World(api, base, api.group(TEAM, BERT, ANNA, rights=dict(RIGHTS)))
    await api.stop()


@contextlib.asynccontextmanager
async def adapter_alone(world: World, folder: Path) -> AsyncIterator[None]:
    """What the road from Telegram costs: nothing is judged, what must be kept is in memory."""
    del folder
    async with world.running():
        yield


@contextlib.asynccontextmanager
async def fluister(detector: Detector, world: World, folder: Path) -> AsyncIterator[None]:
    async with school(world, folder, detector):
        yield


@contextlib.asynccontextmanager
async def echo(world: World, folder: Path) -> AsyncIterator[None]:
    """The peer: polls, and says every confidential message back; the others it only reads."""
    del folder

    async def say(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        del context
        told = update.effective_message
        if told is not None and told.text and told.text.startswith("Sem"):
            await told.reply_text(told.text)

    base = f"{world.base}/bot"
    app = Application.builder().token(TOKEN).base_url(base).build()
    app.add_handler(MessageHandler(filters.ALL, say))
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling(timeout=10)
        yield
        await app.updater.stop()
        await app.stop()


if __name__ == "__main__":
    asyncio.run(main())
