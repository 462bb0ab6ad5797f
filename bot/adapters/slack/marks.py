"""What we did in the last days, by name, in the adapter's state: a crash forgets none of it."""

import json
import time
from collections.abc import Callable

from bot.adapters.base import AdapterState

REMEMBERED = 3 * 86_400.0


class Marks:
    """Names kept together under one key of the state; what is older than three days goes."""

    def __init__(self, state: AdapterState, key: str) -> None:
        self._state = state
        self._key = key

    async def add(self, mark: str) -> None:
        await self._change(lambda marks: {**marks, mark: time.time()})

    async def drop(self, mark: str) -> None:
        await self._change(lambda marks: {k: v for k, v in marks.items() if k != mark})

    async def has(self, mark: str) -> bool:
        return mark in _read(await self._state.get(self._key))

    async def _change(self, to: Callable[[dict[str, float]], dict[str, float]]) -> None:
        """Write until nobody came in between."""
        while True:
            old = await self._state.get(self._key)
            oldest = time.time() - REMEMBERED
            kept = {mark: at for mark, at in to(_read(old)).items() if at > oldest}
            if await self._state.compare_and_set(self._key, old, json.dumps(kept).encode()):
                return


def _read(stored: bytes | None) -> dict[str, float]:
    try:
        loaded = json.loads(stored) if stored else {}
    except ValueError:
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {str(mark): float(at) for mark, at in loaded.items() if isinstance(at, int | float)}
