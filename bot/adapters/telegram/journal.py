"""What was sent under which key, so that a retry never posts twice.

Telegram knows no idempotency key. So a line is written before each call; when the answer got lost,
the retry looks whether the message stands there, under one of the numbers that came next.
"""

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass

from bot.adapters.base import AdapterState

KEPT = 300
_KEY = "sent"


@dataclass(frozen=True, slots=True)
class Line:
    """One send to `place`: it comes `after` a number; `message` is its own, once known."""

    place: str
    after: int
    message: int | None = None


class Journal:
    """The last sends, in the encrypted state; ids only."""

    def __init__(self, state: AdapterState) -> None:
        self._state = state
        self._lines: OrderedDict[str, Line] = OrderedDict()

    async def load(self) -> None:
        stored = await self._state.get(_KEY)
        for key, place, after, message in json.loads(stored) if stored else []:
            self._lines[key] = Line(place, after, message)

    def find(self, key: str) -> Line | None:
        return self._lines.get(_mark(key))

    def numbers(self, place: str) -> frozenset[int]:
        """The messages known to be ours in one place."""
        lines = self._lines.values()
        return frozenset(x.message for x in lines if x.place == place and x.message is not None)

    def last(self, place: str) -> int:
        return max(self.numbers(place), default=0)

    def last_private(self) -> int:
        """The highest number in any private chat."""
        lines = self._lines.values()
        return max((x.message or 0 for x in lines if x.place.isdigit()), default=0)

    def last_shown(self) -> int:
        """The highest number of an ephemeral message, whoever it was for."""
        lines = self._lines.values()
        return max((x.message or 0 for x in lines if "/" in x.place), default=0)

    async def begin(self, key: str, place: str, after: int) -> None:
        self._lines[_mark(key)] = Line(place, after)
        while len(self._lines) > KEPT:
            self._lines.popitem(last=False)
        await self._write()

    async def finish(self, key: str, message: int) -> None:
        line = self._lines.get(_mark(key))
        if line is None:
            return
        self._lines[_mark(key)] = Line(line.place, line.after, message)
        await self._write()

    async def drop(self, key: str) -> None:
        """Forget a send that certainly did not happen."""
        self._lines.pop(_mark(key), None)
        await self._write()

    async def _write(self) -> None:
        rows = [[k, x.place, x.after, x.message] for k, x in self._lines.items()]
        await self._state.put(_KEY, json.dumps(rows).encode())


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]
