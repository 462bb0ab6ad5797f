"""The process that reads a calendar file: standard input in, JSON out, with bounds on itself.

Started by `bot.resting.agenda`; what it cannot read it names by the key of a text.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

MOST_EVENTS = 2_000
MOST_TIMES = 5_000
AHEAD = timedelta(days=400)
BACK = timedelta(days=1)
MEMORY = 1_000_000_000
LONGEST_NAME = 60
HERE = ZoneInfo("Europe/Amsterdam")
_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_FINE = ("BYSECOND", "BYMINUTE", "BYHOUR", "BYSETPOS")
Told = dict[str, Any]


class UnfitError(Exception):
    """A calendar that is not used; the text's key and what fills it in."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def main() -> None:
    """Read what comes in and say what days and hours are in it."""
    _bound(int(sys.argv[2]))
    try:
        told = read(sys.stdin.buffer.read(), date.fromisoformat(sys.argv[1]))
    except UnfitError as unfit:
        told = {"error": unfit.key, "values": unfit.values}
    except MemoryError:
        told = {"error": "rest.agenda.slow"}
    except Exception:  # noqa: BLE001 - a hostile file may break the library in any way
        told = {"error": "rest.agenda.nonsense"}
    sys.stdout.write(json.dumps(told))


def _bound(seconds: int) -> None:
    """Take no more time and memory than a reasonable calendar needs, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def read(data: bytes, today: date) -> Told:
    """Days and weekly hours of one calendar, from today on."""
    try:
        calendar = icalendar.Calendar.from_ical(data)
    except ValueError:
        raise UnfitError("rest.agenda.not_calendar") from None
    events = [one for one in calendar.walk("VEVENT") if isinstance(one, icalendar.Event)]
    if len(events) > MOST_EVENTS:
        raise UnfitError("rest.agenda.too_many")
    for event in events:
        _check(event)
    times = recurring_ical_events.of(calendar, skip_bad_series=False).between(
        today - BACK, today + AHEAD
    )
    if len(times) > MOST_TIMES:
        raise UnfitError("rest.agenda.too_many")
    return {"days": list(_days(times, today)), "hours": list(_hours(times))}


def _check(event: icalendar.Event) -> None:
    """Refuse rules that would take for ever, times that end before they start, unknown zones."""
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        often = any(str(one).upper() in _OFTEN for one in rule.get("FREQ", []))
        if often or any(name in rule for name in _FINE) or not rule.get("FREQ"):
            raise UnfitError("rest.agenda.nonsense")
    if event.get("DTSTART") is None:
        raise UnfitError("rest.agenda.nonsense")
    start, end = event.start, event.end
    if _instant(end) < _instant(start) or not 1990 <= start.year <= 2100:
        raise UnfitError("rest.agenda.nonsense")
    zone = event["DTSTART"].params.get("TZID")
    if zone and isinstance(start, datetime) and start.tzinfo is None:
        raise UnfitError("rest.agenda.zone", found=str(zone)[:40])


def _instant(at: date) -> datetime:
    if not isinstance(at, datetime):
        return datetime(at.year, at.month, at.day, tzinfo=HERE).astimezone(UTC)
    return _aware(at).astimezone(UTC)


def _aware(at: datetime, zone: tzinfo = HERE) -> datetime:
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _days(times: list[Any], today: date) -> Iterator[list[str]]:
    """Whole days, those that touch taken together; the end is the last day itself."""
    found = sorted(
        (event.start, event.end - timedelta(days=1), _name(event))
        for event in times
        if not isinstance(event.start, datetime)
    )
    merged: list[tuple[date, date, str]] = []
    for start, end, name in found:
        end = max(start, end)
        if end < today:
            continue
        last = merged[-1] if merged else None
        if last and last[2] == name and start <= last[1] + timedelta(days=1):
            merged[-1] = (last[0], max(last[1], end), name)
        else:
            merged.append((start, end, name))
    for start, end, name in merged:
        yield [start.isoformat(), end.isoformat(), name]


def _name(event: Any) -> str:  # noqa: ANN401  (a component of the library)
    words = str(event.get("SUMMARY", ""))
    return "".join(sign for sign in words if sign.isprintable())[:LONGEST_NAME].strip()


def _hours(times: list[Any]) -> Iterator[list[str]]:
    """Weekly hours: what stands on one weekday at one time, each once, overlaps as one."""
    found: set[tuple[int, str, str]] = set()
    for event in times:
        if not isinstance(event.start, datetime):
            continue
        start, end = (_aware(at).astimezone(HERE) for at in (event.start, event.end))
        if start.date() == end.date() and start < end:
            found.add((start.weekday(), f"{start:%H:%M}", f"{end:%H:%M}"))
    merged: list[list[str]] = []
    for day, begins, ends in sorted(found):
        last = merged[-1] if merged else None
        if last and last[0] == str(day) and begins <= last[2]:
            last[2] = max(last[2], ends)
        else:
            merged.append([str(day), begins, ends])
    yield from merged


if __name__ == "__main__":
    main()
