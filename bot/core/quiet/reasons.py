"""Why somebody works or does not at an instant; the words are rendered elsewhere."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import assert_never

from bot.core.quiet.calendar import ONE_DAY, Closed, ClosedKind, WorkingTime
from bot.core.quiet.hours import DayHours
from bot.core.quiet.questions import boundary_of, is_working, next_working
from bot.core.quiet.spans import HALVES, halves_off, halves_on_leave, instant_of, utc, wall_range

LATE = time(23, 0)
DAWN = time(6, 0)


class ReasonKind(StrEnum):
    """`EARLY` is from six until the day starts, `BREAK` lies between two working hours.

    `UNKNOWN` is working time by the week alone, on a date whose school holidays are not known.
    """

    WORKING = "working"
    STUDY_DAY = "study_day"
    UNKNOWN = "unknown"
    EARLY = "early"
    BREAK = "break"
    EVENING = "evening"
    NIGHT = "night"
    WEEKEND = "weekend"
    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAY = "school_holiday"
    FREE_DAY = "free_day"
    LEAVE = "leave"
    LESSON = "lesson"


@dataclass(frozen=True, slots=True)
class Reason:
    """Its text is `quiet.why.<kind>`; `name` is the holiday's, in Dutch, or empty.

    `until` (UTC) is when the answer to "working?" changes; `None` where that is not in sight.
    `confirmed` is false for holiday dates the school has not confirmed.
    """

    kind: ReasonKind
    working: bool
    name: str = ""
    until: datetime | None = None
    confirmed: bool = True

    @property
    def key(self) -> str:
        return f"quiet.why.{self.kind.value}"


def why(who: WorkingTime, at: datetime) -> Reason:
    """Say why `is_working` answers as it does; what concerns everybody goes before the person."""
    moment = utc(at)
    day = _day_of(who, moment)
    if is_working(who, moment):
        return Reason(_working_kind(who, day), True, until=boundary_of(who, moment))
    until = next_working(who, moment)
    closed = who.calendar.closed_on(day)
    if closed is not None:
        kind = _closed_kind(closed)
        return Reason(kind, False, closed.name, until, confirmed=closed.confirmed)
    return Reason(_quiet_kind(who, day, moment), False, until=until)


def _day_of(who: WorkingTime, moment: datetime) -> date:
    """Give the local date an instant belongs to: the hours of a night belong to the day before."""
    day = moment.astimezone(who.calendar.tz).date()
    yesterday = day - ONE_DAY
    return yesterday if _in_week(who, yesterday, moment) else day


def _in_week(who: WorkingTime, day: date, moment: datetime) -> bool:
    """Say whether the school week's hours of a day hold the instant, holiday or not."""
    tz = who.calendar.tz
    walls = (wall_range(day, one) for one in who.calendar.week.on(day.weekday()))
    return any(instant_of(tz, start) <= moment < instant_of(tz, end) for start, end in walls)


def _working_kind(who: WorkingTime, day: date) -> ReasonKind:
    if day in who.calendar.study_days:
        return ReasonKind.STUDY_DAY
    known = who.calendar.known_until
    return ReasonKind.WORKING if known is None or day <= known else ReasonKind.UNKNOWN


def _closed_kind(closed: Closed) -> ReasonKind:
    match closed.kind:
        case ClosedKind.PUBLIC_HOLIDAY:
            return ReasonKind.PUBLIC_HOLIDAY
        case ClosedKind.SCHOOL_HOLIDAY:
            return ReasonKind.SCHOOL_HOLIDAY
        case ClosedKind.FREE_DAY:
            return ReasonKind.FREE_DAY
    assert_never(closed.kind)


def _quiet_kind(who: WorkingTime, day: date, moment: datetime) -> ReasonKind:
    """Explain quiet on a day the school is not closed, the whole day first."""
    hours = who.calendar.week.on(day.weekday())
    if not hours:
        return ReasonKind.WEEKEND if day.weekday() >= 5 else ReasonKind.FREE_DAY
    on_leave, off = halves_on_leave(who, day), halves_off(who, day)
    if len(off) == len(HALVES):
        return ReasonKind.FREE_DAY
    if len(on_leave) == len(HALVES):
        return ReasonKind.LEAVE
    if not _in_week(who, day, moment):
        return _hour_kind(day, hours, moment.astimezone(who.calendar.tz).replace(tzinfo=None))
    half = HALVES[moment >= instant_of(who.calendar.tz, datetime.combine(day, who.calendar.midday))]
    if half in off:
        return ReasonKind.FREE_DAY
    return ReasonKind.LEAVE if half in on_leave else ReasonKind.LESSON


def _hour_kind(day: date, hours: DayHours, wall: datetime) -> ReasonKind:
    """Name a naive wall-clock moment outside the school day's hours."""
    walls = [wall_range(day, one) for one in hours]
    if any(end <= wall for _, end in walls) and any(wall < start for start, _ in walls):
        return ReasonKind.BREAK
    if not DAWN <= wall.time() < LATE:
        return ReasonKind.NIGHT
    return ReasonKind.EARLY if wall < walls[0][0] else ReasonKind.EVENING
