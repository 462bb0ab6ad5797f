"""What the tests of every adapter have: a state that outlives it, and ears for what it hands on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from bot.core.events import Incoming, Pass, Receipt


class Listens(Protocol):
    """What of an adapter is needed to run it."""

    async def connect(self) -> None: ...

    async def receive(self) -> None: ...

    async def close(self) -> None: ...


Made = TypeVar("Made", bound=Listens)


class State:
    """Adapter state in memory; it outlives an adapter like the real one."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}

    async def get(self, key: str) -> bytes | None:
        return self.stored.get(key)

    async def put(self, key: str, value: bytes) -> None:
        self.stored[key] = value

    async def compare_and_set(self, key: str, old: bytes | None, new: bytes | None) -> bool:
        if self.stored.get(key) != old:
            return False
        if new is None:
            self.stored.pop(key, None)
        else:
            self.stored[key] = new
        return True


@dataclass(kw_only=True)
class Listener(Generic[Made]):
    """Hears what an adapter hands on, and gives the receipt a test wants."""

    state: State = field(default_factory=State)
    events: list[Incoming] = field(default_factory=list)
    receipt: Receipt = field(default_factory=Pass)
    break_on: int = 0

    def make(self, **changes: Any) -> Made:
        raise NotImplementedError

    async def on_incoming(self, event: Incoming) -> Receipt:
        if self.break_on:
            self.break_on -= 1
            raise RuntimeError("the database is away")
        self.events.append(event)
        return self.receipt

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @contextlib.asynccontextmanager
    async def running(self, *, listening: bool = True, **changes: Any) -> AsyncIterator[Made]:
        """An adapter, connected; leaving ends it like a stopped process."""
        adapter = self.make(**changes)
        await adapter.connect()
        task = asyncio.create_task(adapter.receive() if listening else asyncio.sleep(3600))
        try:
            yield adapter
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await adapter.close()
