"""From wall-clock hours to pairs of UTC instants, one local day after another.

All comparing is done in UTC: two datetimes in one ZoneInfo compare by the wall clock, and then
the hour that comes twice in October is a single hour.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.quiet.calendar import ONE_DAY, SchoolCalendar, WorkingTime
from bot.core.quiet.errors import NaiveInstantError
from bot.core.quiet.hours import MIDNIGHT, DayHours, Half, Range, passes_midnight

Span = tuple[datetime, datetime]

HORIZON = timedelta(days=400)
FARTHEST_DAYS = 4000
MOST_KNOWN = 1_000
HALVES = (Half.MORNING, Half.AFTERNOON)


def utc(at: datetime) -> datetime:
    """Return an aware instant in UTC; naive or outside the years 1971 to 9000 is refused."""
    if not isinstance(at, datetime) or at.tzinfo is None or at.utcoffset() is None:
        raise NaiveInstantError("quiet.error.naive")
    if not 1971 <= at.year <= 9000:
        raise NaiveInstantError("quiet.error.year")
    return at.astimezone(UTC)


def instant_of(tz: ZoneInfo, wall: datetime) -> datetime:
    """Return the first UTC instant at which a clock on the wall shows `wall` (naive) or later.

    So an hour that comes twice means its first time, and one that is skipped means the moment
    the clock jumps. Later walls never give earlier instants, so ranges keep their order.
    """
    early = wall.replace(tzinfo=tz, fold=0)
    before, after = early.utcoffset(), early.replace(fold=1).utcoffset()
    if before is None or after is None:
        raise NaiveInstantError("quiet.error.naive")
    if before >= after:
        return (wall - before).replace(tzinfo=UTC, fold=0)
    return _jump(tz, wall - after, wall - before)


def _jump(tz: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Find the whole second between two naive UTC moments at which the offset changes."""
    old = int(low.replace(tzinfo=UTC).timestamp())
    new = int(high.replace(tzinfo=UTC).timestamp()) + 1
    offset = datetime.fromtimestamp(new, tz).utcoffset()
    while new - old > 1:
        middle = (old + new) // 2
        if datetime.fromtimestamp(middle, tz).utcoffset() == offset:
            new = middle
        else:
            old = middle
    return datetime.fromtimestamp(new, UTC)


def wall_range(day: date, hours: Range) -> Span:
    """Put hours on a date, still as naive wall-clock moments."""
    last = day + ONE_DAY if passes_midnight(hours) else day
    return datetime.combine(day, hours[0]), datetime.combine(last, hours[1])


def half_range(day: date, half: Half, midday: time) -> Span:
    """Give the wall-clock moments of half a day; a night that follows belongs to the afternoon."""
    noon = datetime.combine(day, midday)
    morning = datetime.combine(day, MIDNIGHT)
    return (morning, noon) if half is Half.MORNING else (noon, morning + 2 * ONE_DAY)


def spans_on(who: WorkingTime, day: date) -> list[Span]:
    """Give the working time that starts on a local date, as UTC pairs in order."""
    calendar = who.calendar
    hours = calendar.week.on(day.weekday())
    if not hours or calendar.closed_on(day) is not None:
        return []
    away = list(_away(who, day))
    if not away:
        return _team_spans(calendar, day, hours)
    walls = [wall_range(day, one) for one in hours]
    for one in away:
        walls = _without(walls, one)
    return _instants(calendar, walls)


def _team_spans(calendar: SchoolCalendar, day: date, hours: DayHours) -> list[Span]:
    """Give everybody's working time of a day, worked out once per calendar."""
    found = calendar.known.get(day)
    if found is None:
        if len(calendar.known) >= MOST_KNOWN:
            calendar.known.clear()
        found = _instants(calendar, [wall_range(day, one) for one in hours])
        calendar.known[day] = found
    return found


def _instants(calendar: SchoolCalendar, walls: list[Span]) -> list[Span]:
    pairs = [(instant_of(calendar.tz, start), instant_of(calendar.tz, end)) for start, end in walls]
    return [(start, end) for start, end in pairs if start < end]


def halves_off(who: WorkingTime, day: date) -> list[Half]:
    """Say which halves of a day the person's pattern leaves free."""
    pattern = who.pattern
    return [] if pattern is None else [half for half in HALVES if not pattern.works(day, half)]


def halves_on_leave(who: WorkingTime, day: date) -> list[Half]:
    return [half for half in HALVES if any(leave.covers(day, half) for leave in who.leave)]


def lessons_on(who: WorkingTime, day: date) -> list[Span]:
    """Give the lessons of a day in wall-clock moments; where pupils are free there are none."""
    if who.calendar.pupils_free(day):
        return []
    return [
        (datetime.combine(day, lesson.start), datetime.combine(day, lesson.end))
        for lesson in who.lessons
        if lesson.falls_on(day)
    ]


def _away(who: WorkingTime, day: date) -> Iterator[Span]:
    for half in (*halves_off(who, day), *halves_on_leave(who, day)):
        yield half_range(day, half, who.calendar.midday)
    yield from lessons_on(who, day)


def _without(walls: list[Span], away: Span) -> list[Span]:
    kept: list[Span] = []
    for start, end in walls:
        pieces = (start, min(end, away[0])), (max(start, away[1]), end)
        kept.extend(piece for piece in pieces if piece[0] < piece[1])
    return kept


def spans_from(who: WorkingTime, at: datetime) -> Iterator[Span]:
    """Give all working time from the local day before `at` (UTC) on, in order.

    It ends after 400 days without any, and after about eleven years in any case.
    """
    day = at.astimezone(who.calendar.tz).date() - ONE_DAY
    empty = 0
    for _ in range(FARTHEST_DAYS):
        found = spans_on(who, day)
        yield from found
        empty = 0 if found else empty + 1
        if empty > HORIZON.days:
            return
        day += ONE_DAY
