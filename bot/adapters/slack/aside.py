"""Things nobody has to wait for."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import DeliveryError

TRIES = 6
WAIT, LONGEST_WAIT = 2.0, 60.0
T = TypeVar("T")
_log = logging.getLogger(__name__)


class Aside:
    """Runs them until closed, again where Slack asks for patience; the rest is only logged."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.create_task(patiently(work))
        self._tasks.add(task)
        task.add_done_callback(self._over)

    async def close(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.warning("slack: a side task failed (%s)", type(task.exception()).__name__)


async def patiently(work: Callable[[], Awaitable[T]]) -> T:
    """Do it, again where it was refused for now; a refusal for good is raised at once."""
    for _ in range(TRIES):
        try:
            return await work()
        except DeliveryError as refused:
            if refused.permanent:
                raise
            await asyncio.sleep(min(refused.retry_after or WAIT, LONGEST_WAIT))
    return await work()
