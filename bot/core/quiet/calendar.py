"""The dates a school is closed, and one person's working time within them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core.quiet.errors import PeriodError, QuietError
from bot.core.quiet.hours import (
    Half,
    Lesson,
    SchoolWeek,
    WorkPattern,
    check_wall_time,
)

ONE_DAY = timedelta(days=1)
LONGEST_CLOSED = timedelta(days=366)


class ClosedKind(StrEnum):
    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAY = "school_holiday"
    FREE_DAY = "free_day"


@dataclass(frozen=True, slots=True)
class Closed:
    """The team is free from `start` up to and including `end`, local dates.

    `confirmed` is false where the school has not yet said that these are its dates.
    """

    start: date
    end: date
    name: str = ""
    kind: ClosedKind = ClosedKind.SCHOOL_HOLIDAY
    confirmed: bool = True

    def __post_init__(self) -> None:
        check_period(self.start, self.end)
        if self.end - self.start > LONGEST_CLOSED:
            raise PeriodError("quiet.error.too_long", start=str(self.start), end=str(self.end))

    def days(self) -> Iterator[date]:
        for offset in range((self.end - self.start).days + 1):
            yield self.start + timedelta(days=offset)


def check_day(day: object) -> None:
    """Refuse anything but a plain date: a datetime is one too, but compares with none."""
    if type(day) is not date:
        raise PeriodError("quiet.error.date")


def check_period(start: date, end: date) -> None:
    check_day(start)
    check_day(end)
    if end < start:
        raise PeriodError("quiet.error.end_before_start", start=str(start), end=str(end))


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """When a school's team works: its week, minus the days it is closed.

    On a study day the pupils are free and the team works, also inside a school holiday. From a
    date in `staff_back` on, the school holiday it falls in is over for the team; public holidays
    stay free. `midday` divides a day into halves. After `known_until` the school holidays are
    not known yet, and the week is all there is to go by.
    """

    zone: str = "Europe/Amsterdam"
    week: SchoolWeek = field(default_factory=SchoolWeek)
    closed: tuple[Closed, ...] = ()
    study_days: tuple[date, ...] = ()
    staff_back: tuple[date, ...] = ()
    midday: time = time(12, 30)
    known_until: date | None = None
    tz: ZoneInfo = field(init=False, repr=False, compare=False)
    _free: dict[date, Closed] = field(init=False, repr=False, compare=False)
    _no_lessons: frozenset[date] = field(init=False, repr=False, compare=False)
    # The team's spans of days asked about before: everybody of a school asks about the same ones.
    known: dict[date, list[tuple[datetime, datetime]]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for day in (*self.study_days, *self.staff_back):
            check_day(day)
        check_wall_time(self.midday)
        object.__setattr__(self, "tz", _zone(self.zone))
        object.__setattr__(self, "known", {})
        object.__setattr__(self, "_free", _free_days(self))
        pupils = {day for closed in self.closed for day in closed.days()}
        object.__setattr__(self, "_no_lessons", frozenset(pupils.union(self.study_days)))

    def closed_on(self, day: date) -> Closed | None:
        """Say why the team is free on a local date, by the shortest period that covers it."""
        return self._free.get(day)

    def pupils_free(self, day: date) -> bool:
        return day in self._no_lessons


def idle_dates(calendar: SchoolCalendar) -> tuple[date, ...]:
    """Return the study days and staff-back dates that change nothing, for the admin to see.

    A study day does nothing on a weekday without hours or on a public holiday; a staff-back date
    does nothing outside every school holiday.
    """
    study = [day for day in calendar.study_days if _stays_free(calendar, day)]
    back = [day for day in calendar.staff_back if not _in_school_holiday(calendar, day)]
    return tuple(sorted({*study, *back}))


def _stays_free(calendar: SchoolCalendar, day: date) -> bool:
    return not calendar.week.on(day.weekday()) or calendar.closed_on(day) is not None


def _in_school_holiday(calendar: SchoolCalendar, day: date) -> bool:
    return any(
        closed.kind is ClosedKind.SCHOOL_HOLIDAY and closed.start <= day <= closed.end
        for closed in calendar.closed
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError, AttributeError):
        raise QuietError("quiet.error.zone") from None


def _free_days(calendar: SchoolCalendar) -> dict[date, Closed]:
    """Map each free date to its most telling period: laid from long to short, public last."""
    free: dict[date, Closed] = {}
    for closed in sorted(calendar.closed, key=_broadest_first):
        for day in closed.days():
            if not _team_is_back(calendar, closed, day):
                free[day] = closed
    return free


def _broadest_first(closed: Closed) -> tuple[timedelta, bool]:
    return closed.start - closed.end, closed.kind is ClosedKind.PUBLIC_HOLIDAY


def _team_is_back(calendar: SchoolCalendar, closed: Closed, day: date) -> bool:
    if closed.kind is not ClosedKind.SCHOOL_HOLIDAY:
        return False
    return day in calendar.study_days or any(
        closed.start <= back <= day for back in calendar.staff_back
    )


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody is away, local dates inclusive; no `end` means until further notice.

    The reason is nobody's business and has no place here.
    """

    start: date
    end: date | None = None
    half: Half = Half.DAY

    def __post_init__(self) -> None:
        check_period(self.start, self.start if self.end is None else self.end)

    def covers(self, day: date, half: Half) -> bool:
        within = self.start <= day and (self.end is None or day <= self.end)
        return within and self.half.covers(half)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """One person's working time; without pattern, leave and lessons it is the team's."""

    calendar: SchoolCalendar
    pattern: WorkPattern | None = None
    leave: tuple[Leave, ...] = ()
    lessons: tuple[Lesson, ...] = ()
