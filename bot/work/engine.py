"""The durable engine: what was submitted is done at least once, in order, across kills.

The only module family that knows DBOS. It is told ids and kinds, and keeps nothing else.
"""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, WorkflowStatus

from bot.errors import ConfigError
from bot.work.boundaries import Boundaries
from bot.work.clock import Clock, SystemClock
from bot.work.envelope import Task, instant, key_of, pack, turn_prefix
from bot.work.homes import Home, home_for
from bot.work.jobs import Handler, Job
from bot.work.quiet_logs import quieten
from bot.work.workflow import LANE_QUEUE, WORK_QUEUE, JobWorkflow, OnFailure

# Pinned: DBOS would hash the code, and rows of another version are never picked up again.
APPLICATION_VERSION = "1"

# Held text lives 14 days after its due moment and an unchosen copy 30 days at most, so nothing
# in the domain can submit a key again that ended longer ago than this.
RETENTION = timedelta(days=60)

LATE_AFTER = timedelta(minutes=15)

log = logging.getLogger(__name__)

_BACKOFF = (1.0, 5.0, 30.0, 120.0)


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """Counts of rows by state; a job that waited and was called again counts once per wait.

    `late` are those that could have run or ended a quarter of an hour ago. `oldest_waiting` is in
    real time (UTC): since when the oldest runnable job could have run.
    """

    waiting: int
    delayed: int
    running: int
    finished: int
    failed: int
    cancelled: int
    late: int
    oldest_waiting: datetime | None


class Engine:
    """One per process. Register handlers, `launch`, submit; `close` before the loop ends.

    `url` is `sqlite:///file` (one process) or `postgresql://…` (several nodes share the work).
    `on_failure(kind, key, error_class_name)` is told of each job that gave up, at least once.
    `backoff` are the waits in seconds after unexpected errors; after the last the job fails.
    `concurrency` bounds jobs in hand without a lane, `lanes` those with one; `poll` is how often
    the queues are looked at, in seconds. Launch, submit and close in one event loop: handlers
    run there too.
    """

    _launched_engine: ClassVar["Engine | None"] = None

    def __init__(
        self,
        url: str,
        clock: Clock | None = None,
        *,
        on_failure: OnFailure | None = None,
        backoff: Sequence[float] = _BACKOFF,
        concurrency: int = 32,
        lanes: int = 100,
        poll: float = 0.2,
        retention: timedelta = RETENTION,
        late_after: timedelta = LATE_AFTER,
        tend_every: float = 5.0,
    ) -> None:
        self._home: Home = home_for(url)
        self._clock = clock or SystemClock()
        self._on_failure = on_failure
        self._backoff = backoff
        self._limits = (concurrency, lanes, poll)
        self._retention = retention
        self._late_after = late_after
        self._tend_every = tend_every
        self._handlers: dict[str, Handler] = {}
        self._reported: set[str] = set()
        self._jobs: JobWorkflow | None = None
        self._heartbeat: Boundaries | None = None

    def register(self, kind: str, handler: Handler) -> None:
        """Name the handler for a kind of job; before `launch`, once per kind."""
        if self._jobs is not None or kind in self._handlers:
            raise RuntimeError(f"handler {kind!r}: register once per kind and before launch")
        self._handlers[kind] = handler

    async def launch(self) -> None:
        """Open the database and start working; what was under way when we died goes on.

        Raises ConfigError when the database cannot be used or another process uses its file.
        """
        if Engine._launched_engine is not None:
            raise RuntimeError("an engine is already launched in this process; close it first")
        await asyncio.to_thread(self._home.move_in)
        Engine._launched_engine = self
        try:
            await self._start()
        except Exception as error:
            await self.close()
            raise ConfigError(
                f"durable work cannot start on this database ({type(error).__name__}); check that "
                "its user may create tables, and that no newer version has worked on it"
            ) from error
        except BaseException:
            await self.close()
            raise

    async def submit(self, job: Job) -> None:
        """Durable when it returns. A key that was ever submitted is left as it is."""
        jobs = self._running()
        await jobs.from_outside(jobs.enqueue(pack(job)))

    async def cancel(self, key: str) -> bool:
        """Whether the job had not started yet; then it never will, and its key counts as used."""
        self._running()
        return await asyncio.to_thread(self._home.ledger.withdraw, key, turn_prefix(key)) > 0

    async def retime(self) -> None:
        """The domain clock moved: put every delayed job at its instant on the clock again."""
        jobs = self._running()
        jobs.clock_moved()
        rows = await DBOS.list_workflows_async(status="DELAYED", load_output=False)
        tasks = [(row.workflow_id, _task_of(row)) for row in rows]
        instants = [(i, None if task is None else instant(task)) for i, task in tasks]
        await jobs.retime((i, at) for i, at in instants if at is not None)

    async def retry(self) -> int:
        """Give every job that gave up another go under its own key; how many that were."""
        self._running()
        failed = await asyncio.to_thread(self._home.ledger.failed)
        for row in await DBOS.list_workflows_async(workflow_ids=failed) if failed else []:
            task = _task_of(row)
            lane = None if task is None else task["lane"]
            self._reported.discard(row.workflow_id)
            await DBOS.rewind_workflow_async(
                row.workflow_id,
                queue_name=WORK_QUEUE if lane is None else LANE_QUEUE,
                queue_partition_key=lane,
            )
        return len(failed)

    async def wait_idle(self, timeout: float) -> None:
        """For tests: return once nothing runs, is due, or waits for a back-off.

        Jobs that wait for their domain instant don't count. TimeoutError after `timeout` seconds.
        """
        self._running()
        async with asyncio.timeout(timeout):
            while await asyncio.to_thread(self._home.ledger.busy, turn_prefix("")):
                await asyncio.sleep(0.05)

    async def status(self) -> EngineStatus:
        """How the work stands."""
        self._running()
        ledger = self._home.ledger
        counts = await asyncio.to_thread(ledger.counts)
        before = datetime.now(UTC) - self._late_after
        return EngineStatus(
            waiting=counts.get("ENQUEUED", 0),
            delayed=counts.get("DELAYED", 0),
            running=counts.get("PENDING", 0),
            finished=counts.get("SUCCESS", 0),
            failed=len(await asyncio.to_thread(ledger.failed)),
            cancelled=counts.get("CANCELLED", 0),
            late=await asyncio.to_thread(ledger.late, before),
            oldest_waiting=await asyncio.to_thread(ledger.oldest_waiting),
        )

    async def sweep(self, older_than: timedelta) -> int:
        """Forget what ended longer ago than `older_than` (real time); how many rows that were.

        A forgotten key could run again, so anything younger than the retention (60 days, longer
        than the domain can resubmit a key) is kept whatever `older_than` says, and so is every
        key of which a later turn still waits. Failed jobs are never swept: a person decides.
        """
        self._running()
        keep = max(older_than, self._retention)
        before = (datetime.now(UTC) - keep).isoformat()
        living = {key_of(i) for i in await asyncio.to_thread(self._home.ledger.living_keys)}
        rows = await DBOS.list_workflows_async(
            status=["SUCCESS", "CANCELLED"],
            completed_before=before,
            load_input=False,
            load_output=False,
        )
        gone = [row.workflow_id for row in rows if key_of(row.workflow_id) not in living]
        for start in range(0, len(gone), 500):
            await DBOS.delete_workflows_async(gone[start : start + 500])
        return len(gone)

    async def close(self) -> None:
        """Let running handlers end (10 s at most) and let go of the database; safe to repeat."""
        if Engine._launched_engine is not self:
            return
        if self._heartbeat is not None:
            await self._heartbeat.close()
        if self._jobs is not None:
            await self._jobs.drain(grace=10.0)
        # DBOS made its own threads the loop's default ones and is about to end them, and whoever
        # still asks it something while it ends makes them so again.
        loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor(thread_name_prefix="io")
        loop.set_default_executor(threads)
        await loop.run_in_executor(threads, partial(DBOS.destroy, destroy_registry=True))
        loop.set_default_executor(threads)
        await loop.run_in_executor(threads, self._home.move_out)
        self._jobs = self._heartbeat = None
        Engine._launched_engine = None

    async def _start(self) -> None:
        quieten()
        self._jobs = JobWorkflow(self._clock, self._handlers, self._backoff, self._on_failure)
        DBOS(config=self._config())
        # In this thread, because DBOS runs handlers in the loop that launched it.
        DBOS.launch()
        concurrency, lanes, poll = self._limits
        await DBOS.register_queue_async(
            WORK_QUEUE,
            worker_concurrency=concurrency,
            polling_interval_sec=poll,
            on_conflict="always_update",
        )
        await DBOS.register_queue_async(
            LANE_QUEUE,
            worker_concurrency=lanes,
            partition_concurrency=1,
            polling_interval_sec=poll,
            on_conflict="always_update",
        )
        self._heartbeat = Boundaries(SystemClock())
        self._heartbeat.every(self._tend_every, "tend durable work", self._tend)
        self._heartbeat.start()
        await self._tend()

    def _config(self) -> DBOSConfig:
        return {
            "name": "fluister",
            "system_database_url": self._home.url,
            "application_version": APPLICATION_VERSION,
            "executor_id": self._home.executor_id,
            "serializer": DBOSPortableJSONSerializer(),
            "db_engine_kwargs": self._home.engine_options(),
            "sys_db_pool_size": 8,
            "max_executor_threads": 32,
            "log_level": "WARNING",
            "enable_otlp": False,
            "use_listen_notify": False,
            "notification_listener_polling_interval_sec": 0.1,
            "scheduler_polling_interval_sec": 3600.0,
        }

    async def _tend(self) -> None:
        """Take over from dead nodes, and report what died without a word."""
        handed_back = await asyncio.to_thread(self._home.reap)
        if handed_back:
            log.warning("took over %d jobs of a dead node", handed_back)
        for row in await DBOS.list_workflows_async(
            status="MAX_RECOVERY_ATTEMPTS_EXCEEDED", load_output=False
        ):
            if row.workflow_id not in self._reported:
                self._reported.add(row.workflow_id)
                await self._running().report(_kind_of(row), key_of(row.workflow_id), "DiedTooOften")

    def _running(self) -> JobWorkflow:
        if self._jobs is None:
            raise RuntimeError("the engine is not launched")
        return self._jobs


def _task_of(row: WorkflowStatus) -> Task | None:
    args: Any = row.input["args"] if row.input else ()
    return args[0] if args else None


def _kind_of(row: WorkflowStatus) -> str:
    task = _task_of(row)
    return "unknown" if task is None else task["kind"]
