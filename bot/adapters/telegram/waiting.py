"""What could not be told yet: kept encrypted for three days, until somebody presses Start."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.adapters.base import AdapterState, Button

LASTS = timedelta(hours=72)
MOST = 5
_KEY = "waiting"
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Words and buttons for one person; `at` is when they were kept, as text in UTC."""

    at: str
    text: str = field(repr=False)
    rows: Rows = field(repr=False)


class Waiting:
    """The last few for each person, oldest first; what is older than three days is erased."""

    def __init__(self, state: AdapterState) -> None:
        self._state = state
        self._kept: dict[int, tuple[Kept, ...]] = {}

    async def load(self) -> None:
        stored = await self._state.get(_KEY)
        for user, at, text, rows in json.loads(stored) if stored else []:
            buttons = tuple(tuple(Button(*button) for button in row) for row in rows)
            self._kept[int(user)] = (*self._of(int(user)), Kept(at, text, buttons))
        await self.sweep()

    async def get(self, user: int) -> tuple[Kept, ...]:
        await self.sweep()
        return self._of(user)

    def _of(self, user: int) -> tuple[Kept, ...]:
        return self._kept.get(user, ())

    def people(self) -> tuple[int, ...]:
        """For whom something is kept."""
        return tuple(self._kept)

    async def put(self, user: int, text: str, rows: Rows) -> None:
        """Keep it behind the others; the same once more is kept once."""
        others = [kept for kept in self._of(user) if (kept.text, kept.rows) != (text, rows)]
        kept = Kept(datetime.now(UTC).isoformat(), text, rows)
        self._kept[user] = (*others, kept)[-MOST:]
        await self._write()

    async def told(self, user: int, kept: Kept) -> None:
        """Erase one that was told."""
        self._kept[user] = tuple(one for one in self._of(user) if one != kept)
        if not self._kept[user]:
            del self._kept[user]
        await self._write()

    async def drop(self, user: int) -> None:
        if self._kept.pop(user, None) is not None:
            await self._write()

    async def sweep(self) -> None:
        """Erase what nobody came for in time."""
        oldest = (datetime.now(UTC) - LASTS).isoformat()
        young = {
            user: tuple(one for one in kept if one.at >= oldest)
            for user, kept in self._kept.items()
        }
        young = {user: kept for user, kept in young.items() if kept}
        if young != self._kept:
            self._kept = young
            await self._write()

    async def _write(self) -> None:
        rows = [
            [user, x.at, x.text, [[[b.label, b.token, b.url] for b in row] for row in x.rows]]
            for user, kept in self._kept.items()
            for x in kept
        ]
        await self._state.put(_KEY, json.dumps(rows).encode())
