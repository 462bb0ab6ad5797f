"""The team's quiet calendar as an iCalendar file, for whoever wants it beside their own."""

from datetime import UTC, date, datetime, timedelta

import icalendar

from bot.core.quiet_hours import Closed, SchoolCalendar, at_local
from bot.resting.value import Rest, calendar_for
from bot.texts import text

AHEAD = timedelta(days=400)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def quiet_calendar(rest: Rest, today: date, now: datetime, language: str = "nl") -> bytes:
    """Closed days, study days and the week of work, from today on for a year and a bit.

    `now` is aware and only says when the file was made. It holds nothing about any person.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Fluister//NL")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", text("rest.agenda.name", language))
    school = calendar_for(rest)
    for closed in _coming(school, today):
        calendar.add_component(_whole(closed.start, closed.end, _name(closed, language), now))
    for day in rest.study:
        if today <= day <= today + AHEAD:
            calendar.add_component(_whole(day, day, text("rest.study_day", language), now))
    for event in _week(school, today, now, language):
        calendar.add_component(event)
    calendar.add_missing_timezones()
    made: bytes = calendar.to_ical()
    return made


def _coming(school: SchoolCalendar, today: date) -> list[Closed]:
    found = [one for one in school.closed if today <= one.end and one.start <= today + AHEAD]
    return sorted(found, key=lambda one: (one.start, one.end, one.name))


def _name(closed: Closed, language: str) -> str:
    name = closed.name or text("rest.free_day", language)
    return name if closed.confirmed else text("rest.unsure", language, name=name)


def _whole(start: date, end: date, name: str, now: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{start.isoformat()}-{end.isoformat()}-{abs(hash_of(name))}@fluister")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", start)
    event.add("dtend", end + timedelta(days=1))
    event.add("summary", name)
    event.add("transp", "TRANSPARENT")
    return event


def hash_of(name: str) -> int:
    """A small number that is the same for the same name in every process."""
    return sum((place + 1) * ord(sign) for place, sign in enumerate(name))


def _week(
    school: SchoolCalendar, today: date, now: datetime, language: str
) -> list[icalendar.Event]:
    """One weekly event per stretch of working hours, without the days the team is free."""
    events = []
    for weekday, ranges in school.week.hours.items():
        first = today + timedelta(days=(weekday - today.weekday()) % 7)
        for number, (start, end) in enumerate(ranges):
            event = icalendar.Event()
            event.add("uid", f"week-{weekday}-{number}@fluister")
            event.add("dtstamp", now.astimezone(UTC))
            last = first + timedelta(days=end <= start)
            event.add("dtstart", datetime.combine(first, start, school.tz))
            event.add("dtend", datetime.combine(last, end, school.tz))
            event.add("summary", text("rest.agenda.work", language))
            until = at_local(school, datetime.combine(today + AHEAD, start))
            event.add("rrule", {"freq": "weekly", "byday": _DAYS[weekday], "until": until})
            free = [
                datetime.combine(first + timedelta(weeks=week), start, school.tz)
                for week in range(AHEAD.days // 7 + 1)
                if school.closed_on(first + timedelta(weeks=week)) is not None
            ]
            if free:
                event.add("exdate", free)
            events.append(event)
    return events
