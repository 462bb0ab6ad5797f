"""The questions asked of working time. Instants are aware; answers are in UTC."""

from datetime import date, datetime, timedelta

from bot.core.quiet.calendar import ONE_DAY, SchoolCalendar, WorkingTime
from bot.core.quiet.errors import NaiveInstantError, QuietError
from bot.core.quiet.hours import WorkPattern
from bot.core.quiet.spans import HORIZON, instant_of, spans_from, spans_on, utc


def is_working(who: WorkingTime, at: datetime) -> bool:
    """Say whether an instant lies in somebody's working time; its start does, its end does not."""
    moment = utc(at)
    day = moment.astimezone(who.calendar.tz).date()
    return any(
        start <= moment < end
        for one in (day, day - ONE_DAY)  # yesterday's hours may run past midnight
        for start, end in spans_on(who, one)
    )


def next_working(who: WorkingTime, at: datetime) -> datetime | None:
    """Give the first working instant from `at` on, which is `at` itself during working time.

    `None` where none comes within 400 days: everybody sent home, or nobody's working days.
    """
    moment = utc(at)
    if who.pattern == WorkPattern():
        return None
    for start, end in spans_from(who, moment):
        if moment < end:
            found = max(start, moment)
            return found if found - moment <= HORIZON else None
    return None


def boundary_of(who: WorkingTime, at: datetime) -> datetime | None:
    """Give the first instant after `at` at which `is_working` changes its answer."""
    moment = utc(at)
    edge: datetime | None = None
    for start, end in spans_from(who, moment):
        if edge is None:
            if moment < start:
                return start if start - moment <= HORIZON else None
            if moment < end:
                edge = end
        elif start > edge:
            return edge
        else:
            edge = end
            if edge - moment > HORIZON:
                return None
    return edge


def working_spans(who: WorkingTime, day: date) -> list[tuple[datetime, datetime]]:
    """Give the working time that starts on a local date, as UTC pairs in order."""
    return spans_on(who, day)


def team_open(calendar: SchoolCalendar, at: datetime) -> bool:
    return is_working(WorkingTime(calendar), at)


def next_open(calendar: SchoolCalendar, at: datetime) -> datetime | None:
    """Give the first instant from `at` on at which the team works; see `next_working`."""
    return next_working(WorkingTime(calendar), at)


def next_boundary(calendar: SchoolCalendar, at: datetime) -> datetime | None:
    """Give the next instant, strictly after `at`, at which `team_open` changes.

    `None` where it does not change within 400 days.
    """
    return boundary_of(WorkingTime(calendar), at)


def working_seconds_after(
    calendar: SchoolCalendar, start: datetime, duration: timedelta
) -> datetime | None:
    """Give the earliest instant by which the team has worked `duration` since `start`.

    That may be the very end of a working day, when the team is just going home; nothing to
    wait for gives `start`. `None` where the hours do not come within about eleven years.
    """
    moment = utc(start)
    if duration < timedelta(0):
        raise QuietError("quiet.error.negative")
    left = duration
    if not left:
        return moment
    for begin, end in spans_from(WorkingTime(calendar), moment):
        begin = max(begin, moment)
        if begin >= end:
            continue
        if left <= end - begin:
            return begin + left
        left -= end - begin
    return None


def at_local(calendar: SchoolCalendar, wall: datetime) -> datetime:
    """Give the UTC instant at which the school's clock first shows `wall` (naive) or later."""
    if wall.tzinfo is not None:
        raise NaiveInstantError("quiet.error.not_local")
    if not 1971 <= wall.year <= 9000:
        raise NaiveInstantError("quiet.error.year")
    return instant_of(calendar.tz, wall)


def local_day(calendar: SchoolCalendar, at: datetime) -> date:
    """Give the school's date at an instant, such as a digest's key needs."""
    return utc(at).astimezone(calendar.tz).date()


def school_year(day: date) -> str:
    """Name the school year of a date, which starts on 1 August: 2026-07-31 is in 2025-2026."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{first + 1}"
