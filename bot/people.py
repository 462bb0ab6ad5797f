"""From what is stored about a colleague to working time as a value."""

import re

from bot.core.quiet_hours import (
    Half,
    QuietError,
    SchoolCalendar,
    Weeks,
    WorkingTime,
    WorkPart,
    WorkPattern,
    weekday_named,
)
from bot.errors import SettingError
from bot.storage.records import Person

_HALVES = {"ochtend": Half.MORNING, "middag": Half.AFTERNOON}
_WEEKS = {"even": Weeks.EVEN, "oneven": Weeks.ODD}
_PART = re.compile(
    r"(?P<day>[a-z]+)(?:[ -]?(?P<half>ochtend|middag))?(?: ?\((?P<weeks>even|oneven)\))?"
)


def working_time(person: Person, calendar: SchoolCalendar) -> WorkingTime:
    """Their own working days within the school's; nothing stored means the team's days."""
    try:
        return WorkingTime(calendar, pattern_of(person.works) if person.works.strip() else None)
    except SettingError:
        return WorkingTime(calendar)


def pattern_of(text: str) -> WorkPattern:
    """Read "ma di wo-ochtend vr (oneven)"; `SettingError` for anything else."""
    words = re.sub(r"\s+\(", "(", text.casefold())
    parts = [_part(piece) for piece in re.split(r"[,;+\s]+", words) if piece]
    return WorkPattern(tuple(parts))


def _part(piece: str) -> WorkPart:
    found = _PART.fullmatch(piece)
    if found is None:
        raise SettingError("people.days_wrong")
    try:
        day = weekday_named(found["day"])
    except QuietError:
        raise SettingError("people.days_wrong") from None
    return WorkPart(
        day,
        _HALVES.get(found["half"] or "", Half.DAY),
        _WEEKS.get(found["weeks"] or "", Weeks.EVERY),
    )
