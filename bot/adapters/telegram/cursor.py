"""Which updates were handled: each once, across restarts."""

import json
import time

from bot.adapters.base import AdapterState

_KEY = "offset"
KEPT = 500
CHATS_KEPT = 200
# After a week without updates Telegram begins anew at any number, also a lower one.
HOLDS_SECONDS = 6 * 86_400.0


class Cursor:
    """Remembers the next offset; above it single updates may be done already.

    `highest` is the highest number of a message heard of in each chat: where those we send after a
    restart are looked for when the answer gets lost.
    """

    def __init__(self, state: AdapterState) -> None:
        self._state = state
        self._next: int | None = None
        self._at = 0.0
        self._written = 0.0
        self._done: dict[int, None] = {}
        self.highest: dict[int, int] = {}

    async def load(self) -> None:
        stored = await self._state.get(_KEY)
        if stored is not None:
            kept = json.loads(stored)
            self._next, self._done = kept["next"], dict.fromkeys(kept["done"])
            self._at = float(kept.get("at", time.time()))
            self.highest.update({int(chat): n for chat, n in kept.get("highest", {}).items()})

    @property
    def next(self) -> int | None:
        """The offset to ask for; none when the last update is too long ago to count on from."""
        return self._next if time.time() - self._at < HOLDS_SECONDS else None

    def handled(self, update: int) -> bool:
        return update in self._done

    async def did(self, *updates: int, soon: bool = False) -> None:
        """Note updates as handled; the latest few hundred are remembered.

        Told twice after a crash, most updates would be answered twice. What cannot be (`soon`) is
        stored with the next confirmation, a second later at most.
        """
        self._done.update(dict.fromkeys(updates))
        if len(self._done) > KEPT:
            self._done = dict.fromkeys(list(self._done)[-KEPT:])
        if not soon or time.monotonic() - self._written > 1.0:
            await self._write()

    async def confirm(self, update: int) -> None:
        """Everything up to this update is handled: Telegram may forget it."""
        self._next, self._at = update + 1, time.time()
        await self._write()

    async def _write(self) -> None:
        kept = {
            "next": self._next,
            "at": self._at,
            "done": list(self._done),
            "highest": dict(list(self.highest.items())[-CHATS_KEPT:]),
        }
        await self._state.put(_KEY, json.dumps(kept).encode())
        self._written = time.monotonic()
