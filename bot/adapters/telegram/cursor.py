"""Which updates were handled: each once, across restarts."""

import json

from bot.adapters.base import AdapterState

_KEY = "offset"
KEPT = 500


class Cursor:
    """`next` is the offset to ask for; above it single updates may be done already."""

    def __init__(self, state: AdapterState) -> None:
        self._state = state
        self.next: int | None = None
        self._done: set[int] = set()

    async def load(self) -> None:
        stored = await self._state.get(_KEY)
        if stored is not None:
            kept = json.loads(stored)
            self.next, self._done = kept["next"], set(kept["done"])

    def handled(self, update: int) -> bool:
        return update in self._done

    async def did(self, *updates: int) -> None:
        """Note updates as handled; the latest few hundred are remembered."""
        self._done.update(updates)
        if len(self._done) > KEPT:
            self._done = set(sorted(self._done)[-KEPT:])
        await self._write()

    async def confirm(self, update: int) -> None:
        """Everything up to this update is handled: Telegram may forget it."""
        self.next = update + 1
        await self._write()

    async def _write(self) -> None:
        kept = {"next": self.next, "done": sorted(self._done)}
        await self._state.put(_KEY, json.dumps(kept).encode())
