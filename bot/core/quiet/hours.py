"""The school week and a person's part of it: hours of the wall clock, without dates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from bot.core.quiet.errors import WeekError

Range = tuple[time, time]
DayHours = tuple[Range, ...]

DAY_SECONDS = 86_400
MIDNIGHT = time(0, 0)


class Half(StrEnum):
    """Which part of a day; the school's midday divides it."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    DAY = "day"

    def covers(self, other: "Half") -> bool:
        return self in (Half.DAY, other)


class Weeks(StrEnum):
    """In which ISO weeks. After a week 53 comes week 1: two odd weeks in a row."""

    EVERY = "every"
    ODD = "odd"
    EVEN = "even"

    def covers(self, day: date) -> bool:
        if self is Weeks.EVERY:
            return True
        return (day.isocalendar().week % 2 == 1) is (self is Weeks.ODD)


def _office_hours() -> dict[int, DayHours]:
    return {day: ((time(7, 30), time(17, 30)),) for day in range(5)}


@dataclass(frozen=True, slots=True)
class SchoolWeek:
    """Hours per weekday (Monday is 0), in the school's own wall-clock time.

    A range whose end is not after its start passes midnight and belongs to the day it starts;
    00:00 to 00:00 is the whole day. Touching is fine, overlapping raises `WeekError`.
    A weekday without hours is left out of `hours`.
    """

    hours: Mapping[int, DayHours] = field(default_factory=_office_hours)

    def __post_init__(self) -> None:
        checked = {day: _checked_day(day, self.hours[day]) for day in self.hours}
        kept = {day: checked[day] for day in sorted(checked) if checked[day]}
        _refuse_overlap(kept)
        object.__setattr__(self, "hours", kept)

    def __hash__(self) -> int:
        return hash(tuple(self.hours.items()))

    def on(self, weekday: int) -> DayHours:
        return self.hours.get(weekday, ())


def seconds(moment: time) -> float:
    """Seconds since midnight on the wall."""
    whole = moment.hour * 3600 + moment.minute * 60 + moment.second
    return whole + moment.microsecond / 1_000_000


def passes_midnight(hours: Range) -> bool:
    return hours[1] <= hours[0]


def check_weekday(day: object) -> None:
    if type(day) is not int or not 0 <= day <= 6:
        raise WeekError("quiet.error.weekday")


def check_wall_time(moment: object) -> None:
    if not isinstance(moment, time) or moment.tzinfo is not None:
        raise WeekError("quiet.error.time")


def _checked_day(day: int, ranges: Iterable[Range]) -> DayHours:
    check_weekday(day)
    found = tuple(ranges)
    for start, end in found:
        check_wall_time(start)
        check_wall_time(end)
        if start == end != MIDNIGHT:
            raise WeekError("quiet.error.empty_range", weekday=str(day))
    return tuple(sorted(found))


def _refuse_overlap(hours: Mapping[int, DayHours]) -> None:
    """Compare neighbours all round the week: Sunday night may run into Monday morning."""
    spans = sorted(_week_spans(hours))
    if not spans:
        return
    first_again = (spans[0][0] + 7 * DAY_SECONDS, spans[0][1], spans[0][2])
    for (_, end, day), (start, _, _) in zip(spans, [*spans[1:], first_again], strict=True):
        if start < end:
            raise WeekError("quiet.error.overlap", weekday=str(day))


def _week_spans(hours: Mapping[int, DayHours]) -> Iterator[tuple[float, float, int]]:
    for day, ranges in hours.items():
        for start, end in ranges:
            begin = day * DAY_SECONDS + seconds(start)
            yield begin, begin + ((seconds(end) - seconds(start)) % DAY_SECONDS or DAY_SECONDS), day


@dataclass(frozen=True, slots=True)
class WorkPart:
    """One weekday, or half of it, that somebody works."""

    weekday: int
    half: Half = Half.DAY
    weeks: Weeks = Weeks.EVERY

    def __post_init__(self) -> None:
        check_weekday(self.weekday)

    def covers(self, day: date, half: Half) -> bool:
        return self.weekday == day.weekday() and self.half.covers(half) and self.weeks.covers(day)


@dataclass(frozen=True, slots=True)
class WorkPattern:
    """A part-timer's week; no parts means somebody who has no working days."""

    parts: tuple[WorkPart, ...] = ()

    @classmethod
    def of(cls, *weekdays: int) -> "WorkPattern":
        return cls(tuple(WorkPart(day) for day in weekdays))

    def works(self, day: date, half: Half) -> bool:
        return any(part.covers(day, half) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A weekly lesson, in the school's wall-clock time; it ends before midnight."""

    weekday: int
    start: time
    end: time
    weeks: Weeks = Weeks.EVERY

    def __post_init__(self) -> None:
        check_weekday(self.weekday)
        check_wall_time(self.start)
        check_wall_time(self.end)
        if self.end <= self.start:
            raise WeekError("quiet.error.lesson", weekday=str(self.weekday))

    def falls_on(self, day: date) -> bool:
        return self.weekday == day.weekday() and self.weeks.covers(day)
