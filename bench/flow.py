"""How fast a message goes through the house: `make bench-flow`.

Ours (detector, storage, durable work, demo chat, real SMTP) beside the least that could be done:
plain Presidio with its own patterns in the same process, no storage, no durability.
Figures go to the screen and to bench/results/flow.json.
"""

import asyncio
import json
import platform
import resource
import statistics
import tempfile
import time
from pathlib import Path

from presidio_analyzer import AnalyzerEngine

from bot.adapters.demo.values import TEAM, private_chat
from bot.core.events import Account, ChatRef, MessagePosted, Place
from bot.demo import Stage, staged
from bot.detection.pack import nl_nlp_engine

HARMLESS = 1_000
CONFIDENTIAL = 40
RESULTS = Path(__file__).parent / "results" / "flow.json"
SAID = (
    "Wie heeft de sleutel van het magazijn?",
    "De studiedag is verplaatst naar 12 maart, graag agenda vrijhouden",
    "Koffie is op, wie rijdt er langs de winkel?",
    "Kan iemand mijn pleinwacht van 10.15 overnemen?",
)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder)) as stage:
            figures = {
                "machine": f"{platform.machine()}, Python {platform.python_version()}",
                "harmless_per_second": await harmless(stage),
                "peer_plain_presidio_per_second": peer(),
                **await confidential(stage),
                "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    for name, value in figures.items():
        print(f"{name:34} {value}")


async def harmless(stage: Stage) -> float:
    """Harmless messages through the whole intake, one after the other."""
    clock = stage.app.house.clock
    started = time.perf_counter()
    for number in range(HARMLESS):
        event = MessagePosted(
            ChatRef("demo", TEAM), f"bench-{number}", Account("demo", "bert"), clock.now(),
            Place.OTHER, SAID[number % len(SAID)],
        )  # fmt: skip
        await stage.app.intake.on_incoming(event)
    return round(HARMLESS / (time.perf_counter() - started), 1)


def peer() -> float:
    """The same texts through plain Presidio: patterns only, a blank Dutch pipeline."""
    engine = AnalyzerEngine(nlp_engine=nl_nlp_engine(), supported_languages=["nl"])
    started = time.perf_counter()
    for number in range(HARMLESS):
        engine.analyze(SAID[number % len(SAID)], language="nl")
    return round(HARMLESS / (time.perf_counter() - started), 1)


async def confidential(stage: Stage) -> dict[str, float]:
    """From posted to gone, and from posted to whispered, one message at a time."""
    gone, told = [], []
    for number in range(CONFIDENTIAL):
        seen = len(stage.room.lines(private_chat("anna")))
        started = time.perf_counter()
        line = stage.room.say("anna", TEAM, f"Sem uit groep 6 heeft ADHD, gesprek {number}")
        while stage.room.line(line.id) is not None:
            await asyncio.sleep(0.002)
        gone.append(time.perf_counter() - started)
        while len(stage.room.lines(private_chat("anna"))) == seen:
            await asyncio.sleep(0.002)
        told.append(time.perf_counter() - started)
    return {
        "posted_to_removed_p50_s": round(statistics.median(gone), 3),
        "posted_to_removed_p99_s": round(max(gone), 3),
        "posted_to_whispered_p50_s": round(statistics.median(told), 3),
        "posted_to_whispered_p99_s": round(max(told), 3),
    }


if __name__ == "__main__":
    asyncio.run(main())
