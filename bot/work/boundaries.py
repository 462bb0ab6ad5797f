"""The in-process clock: ticks in real time and at boundaries of domain time.

Nothing here is durable and every node has its own, so ticks only call what may be called twice:
submit jobs keyed by school and local date, or put right what should be right already.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.work.clock import Clock

Tick = Callable[[], Awaitable[None]]
NextAt = Callable[[datetime], datetime | None]
OnTick = Callable[[datetime], Awaitable[None]]

# A wait is looked at again this often, so a moved clock or a sleeping laptop is noticed.
_LONGEST_WAIT = 60.0
_AFTER_TROUBLE = 30.0
# More boundaries than this between two ticks: the clock jumped, and the newest one is enough.
_MOST_PASSED = 10_000

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Watch:
    name: str
    next_at: NextAt
    on_tick: OnTick
    due: datetime | None = None


class Boundaries:
    """Ticks callables in the running event loop; an error in one is logged and tried again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._watches: dict[str, _Watch] = {}
        self._started = False
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def every(self, seconds: float, name: str, tick: Tick) -> None:
        """Call `tick` every so many seconds of real time, never twice at once."""

        async def guarded() -> None:
            try:
                await tick()
            except Exception as error:  # noqa: BLE001 - a tick that fails must not end the ticking
                log.error("tick %s raised %s", name, type(error).__name__)  # noqa: TRY400

        self._scheduler.add_job(guarded, "interval", seconds=seconds, id=f"every {name}")

    def watch(self, name: str, next_at: NextAt, on_tick: OnTick) -> None:
        """Call `on_tick(boundary)` when domain time reaches the boundary `next_at` names.

        `next_at(after)` gives the first boundary strictly after `after` (aware), or None for
        never; it is asked again after each tick. Boundaries passed together (a moved clock, a
        sleeping machine) tick once, with the latest. Moving back only makes them tick again.
        """
        watch = _Watch(name, next_at, on_tick)
        self._watches[name] = watch
        if self._started:
            self._rearm(watch)

    def start(self) -> None:
        """Begin ticking; inside the running event loop."""
        self._scheduler.start()
        self._started = True
        for watch in self._watches.values():
            self._rearm(watch)

    async def moved(self) -> None:
        """The domain clock moved: tick what was passed, once each, and look ahead again."""
        for watch in self._watches.values():
            await self._look(watch)

    async def close(self) -> None:
        """Stop ticking; safe to repeat."""
        if self._started:
            self._started = False
            self._scheduler.shutdown(wait=False)

    def _rearm(self, watch: _Watch) -> None:
        try:
            watch.due = _utc(watch.next_at(self._clock.now()))
        except Exception as error:  # noqa: BLE001 - one broken calendar must not stop the others
            log.error("boundary %s raised %s", watch.name, type(error).__name__)  # noqa: TRY400
            self._call_in(_AFTER_TROUBLE, watch)
            return
        self._wait(watch)

    def _wait(self, watch: _Watch) -> None:
        left = _LONGEST_WAIT
        if watch.due is not None:
            left = (watch.due - self._clock.now()).total_seconds()
        self._call_in(min(max(0.0, left), _LONGEST_WAIT), watch)

    def _call_in(self, seconds: float, watch: _Watch) -> None:
        if not self._started:
            return
        self._scheduler.add_job(
            self._look,
            "date",
            run_date=datetime.now(UTC) + timedelta(seconds=seconds),
            args=[watch],
            id=f"watch {watch.name}",
            replace_existing=True,
        )

    async def _look(self, watch: _Watch) -> None:
        now = self._clock.now()
        if watch.due is None or watch.due > now:
            # Asked anew each time, because the clock may have moved back without a word.
            self._rearm(watch)
            return
        passed = watch.due
        try:
            passed = _latest_passed(watch, passed, now)
            # Claimed before the call, so a clock moved meanwhile does not tick it a second time.
            watch.due = None
            await watch.on_tick(passed)
        except Exception as error:  # noqa: BLE001 - the boundary stays due and is tried again
            log.error("boundary %s raised %s", watch.name, type(error).__name__)  # noqa: TRY400
            watch.due = passed
            self._call_in(_AFTER_TROUBLE, watch)
            return
        self._rearm(watch)


def _latest_passed(watch: _Watch, due: datetime, now: datetime) -> datetime:
    latest = due
    for _ in range(_MOST_PASSED):
        following = _utc(watch.next_at(latest))
        if following is None or following > now or following <= latest:
            return latest
        latest = following
    return now


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)
