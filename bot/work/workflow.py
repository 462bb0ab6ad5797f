"""One job as one durable workflow: call the handler, wait or follow up, and record how it ended.

The shape below is stored history: change it only with `DBOS.patch` or under a new workflow name,
because rows started by an older shape are replayed through it.
"""

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, assert_never

from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from bot.work.clock import Clock
from bot.work.envelope import (
    Raised,
    Reply,
    Task,
    decode,
    encode,
    instant,
    next_turn,
    workflow_id,
)
from bot.work.jobs import Again, Finished, Handler, Outcome

WORKFLOW = "fluister.job"
WORK_QUEUE = "work"
LANE_QUEUE = "lanes"
MAX_RECOVERIES = 50

OnFailure = Callable[[str, str, str], Awaitable[None]]
log = logging.getLogger(__name__)


class JobFailed(Exception):  # noqa: N818 - the state it stands for is called failed
    """What the database keeps of a failure: kind of job and class of error, nothing more."""


class JobWorkflow:
    """Runs tasks for the engine. Handlers run in the event loop that launched the engine."""

    def __init__(
        self,
        clock: Clock,
        handlers: dict[str, Handler],
        backoff: Sequence[float],
        on_failure: OnFailure | None,
    ) -> None:
        self._clock = clock
        self._handlers = handlers
        self._backoff = tuple(backoff)
        self._on_failure = on_failure
        self._tasks: set[asyncio.Task[Any]] = set()
        self._parked: set[asyncio.Task[Any]] = set()
        self._closing = False
        self._moves = 0
        self._outside = contextvars.copy_context()
        self._run: Callable[[Task], Any] = DBOS.workflow(
            name=WORKFLOW, max_recovery_attempts=MAX_RECOVERIES
        )(self._body())

    async def enqueue(self, task: Task, delay: float | None = None) -> None:
        """Make the task durable; a key that exists already is left as it is.

        `delay` is in seconds of real time and wins over the task's domain instant.
        """
        moves, at = self._moves, instant(task)
        wait = self.remaining(at) if delay is None else delay
        lane, seq = task["lane"], task["seq"]
        options = SetEnqueueOptions(
            queue_partition_key=lane,
            priority=None if lane is None or seq is None else seq + 1,
            delay_seconds=wait if wait > 0 else None,
        )
        with SetWorkflowID(workflow_id(task)), options:
            await DBOS.enqueue_workflow_async(
                WORK_QUEUE if lane is None else LANE_QUEUE, self._run, task
            )
        if moves != self._moves and delay is None and at is not None:
            # The clock moved meanwhile, and whoever moved it may not have seen this row yet.
            await self.from_outside(self._put_on_clock(workflow_id(task), at))

    async def retime(self, waiting: Iterable[tuple[str, datetime]]) -> None:
        """Put delayed rows at their domain instants on the clock as it stands now."""
        for identifier, at in waiting:
            await self._put_on_clock(identifier, at)

    def clock_moved(self) -> None:
        """To be called before looking which rows are delayed."""
        self._moves += 1

    async def _put_on_clock(self, identifier: str, at: datetime) -> None:
        await DBOS.set_workflow_delay_async(identifier, delay_seconds=self.remaining(at))

    def from_outside(self, work: Awaitable[None]) -> "asyncio.Task[None]":
        """Run `work` as if no workflow were running, wherever the caller is.

        A submit from inside a handler, or from a background task a handler started, would
        otherwise be taken for a part of that step and refused by DBOS.
        """
        return asyncio.create_task(_awaited(work), context=self._outside.copy())

    def remaining(self, at: datetime | None) -> float:
        """Seconds of real time until a domain instant; 0 when it has passed."""
        return 0.0 if at is None else max(0.0, (at - self._clock.now()).total_seconds())

    async def drain(self, grace: float) -> None:
        """Let running handlers end, start no new ones, then let go of the rest.

        What is let go of stays recorded as running and is started again at the next launch.
        """
        self._closing = True
        busy = self._tasks - self._parked
        if busy:
            await asyncio.wait(busy, timeout=grace)
        rest = set(self._tasks)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _body(self) -> Callable[[Task], Awaitable[str]]:
        async def job(task: Task) -> str:
            with self._tracked():
                return await self._work(task)

        return job

    async def _work(self, task: Task) -> str:
        failures = task["failures"]
        while True:
            reply, follow_ups = decode(
                await DBOS.run_step_async({"name": task["kind"]}, self._turn, task)
            )
            failures = failures + 1 if isinstance(reply, Raised) else 0
            match reply:
                case Finished(label):
                    for follow_up in follow_ups:
                        await self.enqueue(follow_up)
                    return label
                case Again(after):
                    wait = after
                case Raised(error):
                    if self._hopeless(error, failures):
                        await self._fail(task, error)
                    wait = self._backoff[failures - 1]
                case _:
                    assert_never(reply)
            if task["lane"] is None:
                # A row that waits belongs to no node and takes no place among the running jobs.
                await self.enqueue(next_turn(task, failures=failures), delay=wait)
                return "again"
            # In a lane the place is kept, or a later message would overtake this one.
            with self._parking():
                await DBOS.sleep_async(wait)

    async def _turn(self, task: Task) -> dict[str, Any]:
        if self._closing:
            with self._parking():
                await asyncio.Event().wait()
        handler = self._handlers.get(task["kind"])
        if handler is None:
            return encode(Raised(_NO_HANDLER))
        return encode(await self._guarded(handler, task))

    async def _guarded(self, handler: Handler, task: Task) -> Outcome | Raised:
        call = asyncio.create_task(
            _outcome(handler, tuple(task["ids"])), context=self._outside.copy()
        )
        try:
            return await call
        except Exception as error:  # noqa: BLE001 - whatever a handler throws must be recorded
            name = type(error).__name__
            log.warning("job %s of kind %s raised %s", task["key"], task["kind"], name)
            return Raised(name)
        finally:
            call.cancel()

    def _hopeless(self, error: str, failures: int) -> bool:
        return error == _NO_HANDLER or failures > len(self._backoff)

    async def _fail(self, task: Task, error: str) -> None:
        await DBOS.run_step_async({"name": "report failure"}, self._report, task, error)
        raise JobFailed(f"{task['kind']} ended in {error}")

    async def _report(self, task: Task, error: str) -> None:
        await self.report(task["kind"], task["key"], error)

    async def report(self, kind: str, key: str, error: str) -> None:
        """Tell the log and whoever listens that a job will not be tried again by itself."""
        log.error("job %s of kind %s gave up after %s", key, kind, error)
        if self._on_failure is None:
            return
        try:
            await self.from_outside(self._on_failure(kind, key, error))
        except Exception as trouble:  # noqa: BLE001 - a broken listener must not hide the failure
            log.error("the failure listener raised %s", type(trouble).__name__)  # noqa: TRY400

    @contextmanager
    def _tracked(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        self._tasks.add(task)
        # Until the task is done, not the body: DBOS records the outcome after the body.
        task.add_done_callback(self._tasks.discard)
        yield

    @contextmanager
    def _parking(self) -> Iterator[None]:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        self._parked.add(task)
        try:
            yield
        finally:
            self._parked.discard(task)


_NO_HANDLER = "UnknownKind"


async def _awaited(work: Awaitable[None]) -> None:
    await work


async def _outcome(handler: Handler, ids: tuple[str, ...]) -> Reply:
    outcome = await handler(ids)
    if not isinstance(outcome, Finished | Again):
        raise TypeError("a handler must return Finished or Again")
    return outcome
