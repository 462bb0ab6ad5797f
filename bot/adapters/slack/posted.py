"""What was posted for which action in the last day, so that not even a crash doubles it."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping

from bot.adapters.base import AdapterState
from bot.errors import DeliveryError

REMEMBERED = 86_400.0
BEFORE = 5.0
_STATE = "posting"

_Mark = tuple[float, str | None]
"""Since when (seconds since 1970), and the id of what was posted once that is known."""


class Posted:
    """Parts of posts by name, kept in the adapter's state."""

    def __init__(self, state: AdapterState) -> None:
        self._state = state
        self._writing = asyncio.Lock()

    async def once(self, name: str, work: Callable[[float | None], Awaitable[str]]) -> str:
        """Return the id this part was posted under, posting it if it was not.

        `work` is told since when it may have been posted after all: the answer was lost, or we
        were.
        """
        since, ts = (await self._marks()).get(name, (None, None))
        if ts is not None:
            return ts
        if since is None:
            await self._note(name, (time.time() - BEFORE, None))
        try:
            ts = await work(since)
        except DeliveryError as refused:
            if since is None and not refused.uncertain:
                await self._note(name, None)
            raise
        await self._note(name, (time.time(), ts))
        return ts

    async def _marks(self) -> dict[str, _Mark]:
        return _read(await self._state.get(_STATE))

    async def _note(self, name: str, mark: _Mark | None) -> None:
        async with self._writing:
            oldest = time.time() - REMEMBERED
            marks = {k: v for k, v in (await self._marks()).items() if v[0] > oldest and k != name}
            kept: Mapping[str, _Mark] = marks if mark is None else {**marks, name: mark}
            await self._state.put(_STATE, json.dumps(kept).encode())


def _read(stored: bytes | None) -> dict[str, _Mark]:
    try:
        loaded = json.loads(stored) if stored else {}
    except ValueError:
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {str(name): mark for name, one in loaded.items() if (mark := _mark(one)) is not None}


def _mark(one: object) -> _Mark | None:
    match one:
        case [float() | int() as since, str() | None as ts]:
            return float(since), ts
        case _:
            return None
