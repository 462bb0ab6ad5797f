"""Running the app on real platforms: from keys to adapters, and until somebody says stop."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from functools import partial

from bot.adapters.base import Adapter, AdapterState, OnIncoming
from bot.adapters.registry import Factory, Platform
from bot.app import App, Make
from bot.config import Config


def makers_for(config: Config, known: Sequence[Platform]) -> Mapping[str, Make]:
    """How to make the adapter of each platform whose keys are all set."""
    return {
        platform.name: partial(_make, platform.make, config)
        for platform in known
        if all(config.get(key) for key in platform.keys)
    }


def _make(factory: Factory, config: Config, door: OnIncoming, state: AdapterState) -> Adapter:
    return factory(config.values, door, state)


async def run_until(app: App, stop: asyncio.Event) -> None:
    """Listen until `stop`; an adapter that breaks ends the run with its error."""
    listening = asyncio.create_task(app.receive())
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for task in (listening, stopping):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            if task not in done or task is stopping:
                await task
    if listening in done:
        listening.result()
