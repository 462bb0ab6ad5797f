"""From what is stored about a colleague to working time as a value."""

import re

from bot.core.quiet_hours import (
    Half,
    Lesson,
    QuietError,
    SchoolCalendar,
    Weeks,
    WorkingTime,
    WorkPart,
    WorkPattern,
    parse_week,
    weekday_named,
)
from bot.errors import SettingError
from bot.storage.records import Person

_HALVES = {
    "ochtend": Half.MORNING, "middag": Half.AFTERNOON,
    "morning": Half.MORNING, "afternoon": Half.AFTERNOON,
}  # fmt: skip
_WEEKS = {"even": Weeks.EVEN, "oneven": Weeks.ODD, "odd": Weeks.ODD}
_NONE = frozenset({"geen", "none"})
_PART = re.compile(
    r"(?P<day>[a-z]+)(?:-?(?P<half>ochtend|middag|morning|afternoon))?(?:\((?P<weeks>even|oneven|odd)\))?"
)


def working_time(person: Person, calendar: SchoolCalendar) -> WorkingTime:
    """Their own days, leave and lessons within the school's; nothing stored means the team's."""
    return WorkingTime(calendar, _pattern(person), person.leave)


def teaching_time(person: Person, calendar: SchoolCalendar) -> WorkingTime:
    """Working time without the hours in which somebody stands before a class."""
    try:
        lessons = lessons_of(person.lessons) if person.lessons else ()
    except QuietError:
        lessons = ()
    return WorkingTime(calendar, _pattern(person), person.leave, lessons)


def _pattern(person: Person) -> WorkPattern | None:
    try:
        return pattern_of(person.works) if person.works.strip() else None
    except SettingError:
        return None


def lessons_of(text: str) -> tuple[Lesson, ...]:
    """Read weekly lessons typed as hours, "ma 08:30-12:00"; `QuietError` for anything else."""
    week = parse_week(text)
    return tuple(
        Lesson(day, start, end) for day, ranges in week.hours.items() for start, end in ranges
    )


def pattern_of(text: str) -> WorkPattern:
    """Read "ma di wo-ochtend vr (oneven)"; `SettingError` for anything else.

    "ma-wo" is a run of days, "geen" nobody's working days at all.
    """
    words = re.sub(r"\s+\(", "(", text.casefold())
    words = re.sub(r"\s+(ochtend|middag|morning|afternoon)\b", r"-\1", words)
    if words.strip() in _NONE:
        return WorkPattern()
    parts = [part for piece in re.split(r"[,;+\s]+", words) if piece for part in _parts(piece)]
    return WorkPattern(tuple(parts))


def _parts(piece: str) -> tuple[WorkPart, ...]:
    first, dash, last = piece.partition("-")
    until, _, weeks = last.rstrip(")").partition("(")
    if dash and until not in _HALVES and (weeks in _WEEKS or until == last):
        start, end, which = _weekday(first), _weekday(until), _WEEKS.get(weeks, Weeks.EVERY)
        days = ((start + step) % 7 for step in range((end - start) % 7 + 1))
        return tuple(WorkPart(day, weeks=which) for day in days)
    found = _PART.fullmatch(piece)
    if found is None:
        raise SettingError("people.days_wrong")
    half = _HALVES.get(found["half"] or "", Half.DAY)
    return (WorkPart(_weekday(found["day"]), half, _WEEKS.get(found["weeks"] or "", Weeks.EVERY)),)


def _weekday(word: str) -> int:
    try:
        return weekday_named(word)
    except QuietError:
        raise SettingError("people.days_wrong") from None
