"""Things nobody has to wait for."""

import asyncio
import logging
from collections.abc import Coroutine

_log = logging.getLogger(__name__)


class Aside:
    """Runs them until closed; what comes of it is only counted in the log."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
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
