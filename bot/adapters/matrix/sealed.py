"""Encrypted messages whose key is not here yet: kept as they are, and looked at again."""

import logging
from datetime import UTC, datetime, timedelta

from bot.adapters.base import AdapterState
from bot.adapters.matrix.reading import Payload, moment, part, words
from bot.adapters.matrix.stored import Table

MOST = 200
KEPT = timedelta(days=1)
_log = logging.getLogger(__name__)


class Sealed:
    """At most `MOST`, for a day: most keys come within seconds, or never."""

    def __init__(self, state: AdapterState) -> None:
        self._table: Table[dict[str, object]] = Table(state, "sealed", MOST)

    async def load(self) -> None:
        await self._table.load()

    async def keep(self, room: str, event: Payload) -> None:
        """Keep it; one that was taken away has nothing left to open."""
        if not part(event, "content"):
            return
        await self._table.put(words(event, "event_id"), {"room": room, "event": dict(event)})

    def waiting(self) -> dict[str, tuple[str, Payload]]:
        return {
            name: (words(row, "room"), part(row, "event"))
            for name, row in self._table.rows().items()
        }

    async def drop(self, name: str) -> None:
        await self._table.drop(name)

    async def sweep(self) -> None:
        """Give up on what stayed unreadable; it was not checked, and that is said."""
        before = datetime.now(UTC) - KEPT
        old = [name for name, (_, event) in self.waiting().items() if moment(event) < before]
        for name in old:
            await self._table.drop(name)
        if old:
            _log.warning("matrix: %d encrypted messages could not be read", len(old))
