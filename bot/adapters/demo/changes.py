"""Telling everybody who watches the room what changed, without ever waiting for a slow one."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable

from bot.adapters.demo.values import TEAM, Change, ChangeKind

_WAITING_AT_MOST = 64
_REMEMBERED = 512


class Changes:
    """The numbered changes of a room: the latest ones, and a stream of those to come."""

    def __init__(self) -> None:
        self.number = 0
        self._latest: deque[Change] = deque(maxlen=_REMEMBERED)
        self._watching: set[asyncio.Queue[Change | None]] = set()

    def since(self, number: int) -> Iterable[Change]:
        """Yield the remembered changes after `number`, oldest first."""
        return [change for change in self._latest if change.number > number]

    def tell(self, kind: ChangeKind, *, chat: str = TEAM, line: str = "", who: str = "") -> None:
        self.number += 1
        change = Change(self.number, kind, chat, line, who)
        self._latest.append(change)
        for queue in self._watching:
            _offer(queue, change)

    async def watch(self) -> AsyncIterator[Change]:
        """Yield every change from now on, until `close`."""
        queue: asyncio.Queue[Change | None] = asyncio.Queue(_WAITING_AT_MOST)
        self._watching.add(queue)
        try:
            while (change := await queue.get()) is not None:
                yield change
        finally:
            self._watching.discard(queue)

    def close(self) -> None:
        """End every stream, so that a server can stop."""
        for queue in self._watching:
            _drain(queue)
            queue.put_nowait(None)


def _offer(queue: asyncio.Queue[Change | None], change: Change) -> None:
    if queue.full():
        _drain(queue)
        change = Change(change.number, ChangeKind.MISSED)
    queue.put_nowait(change)


def _drain(queue: asyncio.Queue[Change | None]) -> None:
    while not queue.empty():
        queue.get_nowait()
