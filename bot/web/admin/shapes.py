"""What the pages' scripts are told, as plain values: weeks, days and who can be reached when."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from bot.core.quiet_hours import (
    Closed,
    ClosedKind,
    SchoolCalendar,
    WorkingTime,
    at_local,
    school_year,
    week_text,
    working_spans,
)
from bot.people import working_time
from bot.resting.school import past_of
from bot.resting.summary import school_summary
from bot.resting.value import Rest
from bot.settings import InForce
from bot.storage.records import Case, Person

MOST_PEOPLE = 200
Json = dict[str, object]


def rest_shape(school: InForce, today: date, language: str) -> Json:
    """The school's choice, for the form and the grid."""
    rest = school.rest
    return {
        "version": school.school.version,
        "on": rest.on,
        "summary": school_summary(rest, today, language),
        "week_text": week_text(school.calendar.week),
        "week": [_ranges(school.calendar, day) for day in range(7)],
        "region": rest.region,
        "good_friday": rest.good_friday,
        "liberation_day": rest.liberation_day,
        "advice_week": rest.advice_week,
        "how": rest.how,
        "urgent": rest.urgent,
        "digests": rest.digests,
        "undo": bool(past_of(school.school)),
        "own": [_period(one) for one in rest.own],
    }


def _ranges(calendar: SchoolCalendar, day: int) -> list[list[int]]:
    """The hours of a weekday in minutes; past midnight runs on above 1440."""
    found = []
    for start, end in calendar.week.on(day):
        begin, stop = _minutes(start), _minutes(end)
        found.append([begin, stop if stop > begin else stop + 1440])
    return found


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _period(one: Closed) -> Json:
    return {"start": str(one.start), "end": str(one.end), "name": one.name, "kind": one.kind.value}


def year_shape(calendar: SchoolCalendar, rest: Rest, year: str) -> Json:
    """Every day of a school year that is not an ordinary one, by kind and name."""
    first = date(int(year[:4]), 8, 1)
    days = (first + timedelta(days=number) for number in range(366))
    shown = (_day(calendar, rest, day) for day in days if school_year(day) == year)
    return {
        "year": year,
        "first": first.isoformat(),
        "days": {str(day): [kind, name] for day, kind, name in shown if kind},
    }


def _day(calendar: SchoolCalendar, rest: Rest, day: date) -> tuple[date, str, str]:
    if day in rest.study:
        return day, "study", ""
    closed = calendar.closed_on(day)
    if closed is None:
        if day in rest.back:
            return day, "back", ""
        return day, "" if calendar.week.on(day.weekday()) else "off", ""
    if closed.kind is ClosedKind.PUBLIC_HOLIDAY:
        return day, "public", closed.name
    if closed.kind is ClosedKind.FREE_DAY:
        return day, "free", closed.name
    return day, "holiday" if closed.confirmed else "unsure", closed.name


def reach_shape(school: InForce, people: Sequence[Person], monday: date) -> Json:
    """Who works when in one week: hours and no reasons, because those are nobody's business."""
    days = [monday + timedelta(days=number) for number in range(7)]
    team = WorkingTime(school.calendar)
    shown = [(one.name, working_time(one, school.calendar)) for one in people[:MOST_PEOPLE]]
    return {
        "monday": monday.isoformat(),
        "days": [str(day) for day in days],
        "team": [list(_hours(team, day)) for day in days],
        "people": [
            {"name": name, "days": [list(_hours(who, day)) for day in days]} for name, who in shown
        ],
    }


def _hours(who: WorkingTime, day: date) -> Iterator[str]:
    for start, end in working_spans(who, day):
        begin, stop = (at.astimezone(who.calendar.tz) for at in (start, end))
        yield f"{begin:%H:%M}-{stop:%H:%M}"


def held_shape(waiting: Sequence[Case], late: Sequence[Case]) -> Json:
    """How much waits and since when; never what it says or whose it is."""
    moments = sorted(one.due_at for one in waiting if one.due_at)
    return {
        "count": len(waiting),
        "late": len(late),
        "next": moments[0].isoformat() if moments else None,
    }


def monday_of(calendar: SchoolCalendar, text: str, today: date) -> date:
    """The Monday of the week a date is in; today's where the text is no date."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        day = today
    if not 1980 <= day.year <= 2090:
        day = today
    at_local(calendar, datetime.combine(day, time(0)))
    return day - timedelta(days=day.weekday())
