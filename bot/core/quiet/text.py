"""School hours as an admin types them, and as we write them back."""

import re
from collections.abc import Iterator
from datetime import time

from bot.core.quiet.errors import WeekError, WeekTextError
from bot.core.quiet.hours import MIDNIGHT, DayHours, Range, SchoolWeek

LONGEST_TEXT = 500
_SHORT = ("ma", "di", "wo", "do", "vr", "za", "zo")
_NAMES = (
    ("ma", "maandag", "mon", "monday"),
    ("di", "dinsdag", "tue", "tuesday"),
    ("wo", "woensdag", "wed", "wednesday"),
    ("do", "donderdag", "thu", "thursday"),
    ("vr", "vrijdag", "fri", "friday"),
    ("za", "zaterdag", "sat", "saturday"),
    ("zo", "zondag", "sun", "sunday"),
)
_DAYS = {name: day for day, names in enumerate(_NAMES) for name in names}
_CLOSED = frozenset({"dicht", "gesloten", "vrij", "geen", "closed", "off"})
_UNTIL = re.compile(r"\s*(?:-|–|—|t/m|tot en met|tot|to|until)\s*")
_AND = re.compile(r"\s*(?:,|\+|&|\ben\b|\band\b)\s*")
_TIME = re.compile(r"(\d{1,2})(?:[:.uh](\d{2})|[uh])?(?:\s*uur)?", re.ASCII)


def parse_week(text: str) -> SchoolWeek:
    """Read hours such as "ma-vr 07:30-17:30; wo 07:30-13:00"; a later part wins for its days.

    Parts are divided by ";" or a new line, ranges of one day by "," or "en". Days may be
    written in full, in Dutch or English; times as 7.30, 07:30, 7u30 or 7. Days not named, or
    named "dicht", have no hours. Raises `WeekTextError` where it cannot be read, and `WeekError`
    where the hours themselves cannot be.
    """
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise WeekTextError("quiet.error.week_text", limit=str(LONGEST_TEXT))
    hours: dict[int, DayHours] = {}
    for part in re.split(r"[;\n]", text.lower()):
        if part.strip():
            hours.update(_part(part.strip()))
    week = SchoolWeek(hours)
    if not week.hours:
        raise WeekTextError("quiet.error.week_empty")
    return week


def week_text(week: SchoolWeek) -> str:
    """Write a week the way `parse_week` reads it, equal days together."""
    groups: list[tuple[list[int], DayHours]] = []
    for day, ranges in week.hours.items():
        if groups and groups[-1][1] == ranges and groups[-1][0][-1] == day - 1:
            groups[-1][0].append(day)
        else:
            groups.append(([day], ranges))
    return "; ".join(f"{_days_text(days)} {_ranges_text(ranges)}" for days, ranges in groups)


def _days_text(days: list[int]) -> str:
    first, last = _SHORT[days[0]], _SHORT[days[-1]]
    return first if first == last else f"{first}-{last}"


def _ranges_text(ranges: DayHours) -> str:
    return ", ".join(f"{start:%H:%M}-{_end_text(end)}" for start, end in ranges)


def _end_text(end: time) -> str:
    return "24:00" if end == MIDNIGHT else f"{end:%H:%M}"


def _part(part: str) -> Iterator[tuple[int, DayHours]]:
    days, hours = _split(part)
    ranges = () if hours in _CLOSED else tuple(_ranges(hours))
    for day in _weekdays(days):
        yield day, ranges


def _split(part: str) -> tuple[str, str]:
    """Divide "ma-vr 8-17" before its first digit, "zo dicht" before its last word."""
    digit = re.search(r"\d", part, re.ASCII)
    cut = digit.start() if digit else part.rfind(" ") + 1
    days, hours = part[:cut].rstrip(" \t:"), part[cut:]
    if not days or not (digit or hours in _CLOSED):
        raise _unreadable("quiet.error.week_part", part)
    return days, hours


def _weekdays(text: str) -> Iterator[int]:
    for piece in re.split(r"\s+", _AND.sub(" ", _UNTIL.sub("-", text)).strip()):
        first, *rest = piece.split("-")
        if len(rest) > 1:
            raise _unreadable("quiet.error.week_day", piece)
        start, end = weekday_named(first), weekday_named(rest[0] if rest else first)
        yield from ((start + step) % 7 for step in range((end - start) % 7 + 1))


def weekday_named(word: str) -> int:
    name = word.strip().rstrip(".")
    if name not in _DAYS:
        raise _unreadable("quiet.error.week_day", name)
    return _DAYS[name]


def _ranges(text: str) -> Iterator[Range]:
    for piece in _AND.split(text):
        ends = _UNTIL.split(piece)
        if len(ends) != 2:
            raise _unreadable("quiet.error.week_hours", piece)
        yield _time(ends[0]), _time(ends[1])


def _time(text: str) -> time:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise _unreadable("quiet.error.week_time", text)
    hour, minute = int(found[1]), int(found[2] or 0)
    if (hour, minute) == (24, 0):
        return MIDNIGHT
    if hour > 23 or minute > 59:
        raise _unreadable("quiet.error.week_time", text)
    return time(hour, minute)


def _unreadable(key: str, piece: str) -> WeekError:
    """Blame one piece of what was typed, short and printable."""
    return WeekTextError(key, found="".join(c for c in piece if c.isprintable())[:40])
