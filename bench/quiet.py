"""How fast working time is found: `make bench-quiet`.

One question to one colleague's calendar, beside the rule set of python-dateutil that one would
write without us (weekday openings minus holidays; it knows no part-timers and no clock changes of
its own). Then 5,000 schools of 40 colleagues: every boundary computed and every school's next one
handed to the in-process clock, and beside that handed to the durable engine.
Figures go to the screen and to bench/results/quiet.json.
"""

import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dateutil import rrule

from bench.machine import describe
from bot.calendars import school_calendar
from bot.core.quiet_hours import (
    Half,
    Leave,
    SchoolCalendar,
    Weeks,
    WorkingTime,
    WorkPart,
    WorkPattern,
    next_boundary,
    next_open,
    next_working,
)
from bot.work.boundaries import Boundaries
from bot.work.clock import MovableClock
from bot.work.engine import Engine
from bot.work.jobs import Finished, Job

SEED = 20261124
SCHOOLS, COLLEAGUES, QUESTIONS, ROUNDS = 5_000, 40, 2_000, 5
NOW = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
RESULTS = Path(__file__).parent / "results" / "quiet.json"


def main() -> None:
    figures = {
        "seed": SEED,
        "machine": describe(),
        "one_question": one_question(),
        "many_schools": asyncio.run(many_schools()),
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))


def one_question() -> dict[str, object]:
    """Microseconds per question: median of the rounds, and the slowest round."""
    chance = random.Random(SEED)
    calendar = school_calendar("Midden")
    instants = [NOW + timedelta(minutes=chance.randrange(525_600)) for _ in range(QUESTIONS)]
    part_timer = WorkingTime(
        calendar,
        WorkPattern((WorkPart(0), WorkPart(1, Half.MORNING), WorkPart(3, Half.DAY, Weeks.ODD))),
        (Leave(date(2026, 12, 1), date(2026, 12, 4)),),
    )
    rules = dateutil_rules(calendar)
    closed = [at for at in instants if next_open(calendar, at) != at]
    same = sum(next_open(calendar, at) == opening(rules, calendar, at) for at in closed)
    return {
        "questions": QUESTIONS,
        "next_working_part_timer_us": timed(lambda at: next_working(part_timer, at), instants),
        "next_open_team_us": timed(lambda at: next_open(calendar, at), instants),
        "next_boundary_team_us": timed(lambda at: next_boundary(calendar, at), instants),
        "peer_dateutil_next_open_us": timed(
            lambda at: opening(rules, calendar, at), closed[:300], rounds=2
        ),
        "peer_gives_the_same_answer": f"{same} of {len(closed)}",
    }


def timed(
    ask: Callable[[datetime], object], instants: list[datetime], rounds: int = ROUNDS
) -> dict[str, float]:
    for at in instants[:200]:
        ask(at)
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        for at in instants:
            ask(at)
        took.append((time.perf_counter() - begun) / len(instants) * 1e6)
    return {"median": round(statistics.median(took), 1), "slowest": round(max(took), 1)}


def dateutil_rules(calendar: SchoolCalendar) -> rrule.rruleset:
    """Openings on the school's wall clock, naive as the library wants them."""
    rules = rrule.rruleset(cache=False)
    begin = datetime(2026, 8, 1)  # noqa: DTZ001
    for day, ranges in calendar.week.hours.items():
        for start, _ in ranges:
            rules.rrule(
                rrule.rrule(
                    rrule.WEEKLY, dtstart=begin, byweekday=day, byhour=start.hour,
                    byminute=start.minute, bysecond=0,
                )
            )  # fmt: skip
    for closed in calendar.closed:
        for day in closed.days():
            for start, _ in calendar.week.on(day.weekday()):
                rules.exdate(datetime.combine(day, start))
    return rules


def opening(rules: rrule.rruleset, calendar: SchoolCalendar, at: datetime) -> datetime:
    wall = rules.after(at.astimezone(calendar.tz).replace(tzinfo=None), inc=True)
    return wall.replace(tzinfo=calendar.tz).astimezone(UTC)


async def many_schools() -> dict[str, object]:
    """Seconds for all schools; a process that starts builds, computes and submits once."""
    chance = random.Random(SEED)
    begun = time.perf_counter()
    schools = [
        school_calendar(
            chance.choice(("Noord", "Midden", "Zuid")),
            study_days=[date(2026, 9, 1) + timedelta(days=chance.randrange(300))],
        )
        for _ in range(SCHOOLS)
    ]
    built = time.perf_counter() - begun
    teams = [(calendar, list(colleagues(calendar, chance))) for calendar in schools]
    begun = time.perf_counter()
    due = []
    for calendar, people in teams:
        edge = next_boundary(calendar, NOW)
        first = [next_working(who, NOW) for who in people]
        due.append((edge, first))
    computed = time.perf_counter() - begun
    return {
        "schools": SCHOOLS,
        "colleagues_each": COLLEAGUES,
        "build_calendars_s": round(built, 2),
        "compute_every_boundary_s": round(computed, 2),
        "submit_to_the_clock_s": round(await clock_takes(schools), 2),
        "compute_and_submit_s": round(computed + await clock_takes(schools), 2),
        "submit_durably_s": round(await engine_takes([edge for edge, _ in due]), 2),
    }


def colleagues(calendar: SchoolCalendar, chance: random.Random) -> Iterator[WorkingTime]:
    """Half of them work every day, the others three or four days, some with leave."""
    for number in range(COLLEAGUES):
        if number % 2:
            yield WorkingTime(calendar)
            continue
        days = chance.sample(range(5), chance.choice((3, 4)))
        leave = (Leave(date(2026, 11, 25), date(2026, 11, 27)),) if chance.random() < 0.1 else ()
        yield WorkingTime(calendar, WorkPattern.of(*days), leave)


async def clock_takes(schools: list[SchoolCalendar]) -> float:
    boundaries = Boundaries(MovableClock(NOW))
    boundaries.start()

    async def ticked(at: datetime) -> None:
        del at

    begun = time.perf_counter()
    for number, calendar in enumerate(schools):
        boundaries.watch(f"school-{number}", lambda at, c=calendar: next_boundary(c, at), ticked)
    took = time.perf_counter() - begun
    await boundaries.close()
    return took


async def engine_takes(due: list[datetime | None]) -> float:
    async def done(ids: tuple[str, ...]) -> Finished:
        del ids
        return Finished("done")

    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(f"sqlite:///{folder}/work.db", MovableClock(NOW))
        engine.register("boundary", done)
        await engine.launch()
        begun = time.perf_counter()
        for number, at in enumerate(due):
            await engine.submit(Job("boundary", f"boundary:{number}:2026-11-25", at=at))
        took = time.perf_counter() - begun
        await engine.close()
    return took


if __name__ == "__main__":
    main()
