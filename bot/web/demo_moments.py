"""The moments the demo's clock can be put at, always ahead of where it stands.

Going ahead is what time does: a message held tonight is delivered when a later day comes.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_TUESDAY, _SATURDAY = 1, 5
_FARTHEST = datetime(2099, 12, 31, tzinfo=UTC)
_EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)

QUICK = ("school_day", "evening", "weekend", "holiday", "morning")

NextMorning = Callable[[datetime], datetime]


def next_weekday_morning(now: datetime) -> datetime:
    """Return 07:30 Dutch time on the next Monday to Friday, as aware UTC."""
    return _next(now, time(7, 30), lambda day: day.weekday() < _SATURDAY)


def moments(next_morning: NextMorning) -> Mapping[str, NextMorning]:
    """Return how to find each named moment, in the order they are offered."""
    return {
        "school_day": lambda now: _next(now, time(10, 15), lambda day: day.weekday() == _TUESDAY),
        "evening": lambda now: _next(now, time(20, 30), lambda day: day.weekday() == _TUESDAY),
        "weekend": lambda now: _next(now, time(11, 0), lambda day: day.weekday() == _SATURDAY),
        "holiday": lambda now: _next(now, time(11, 0), _in_christmas_holiday),
        "morning": next_morning,
        "spring": lambda now: _next(now, time(4, 0), lambda day: _clock_changes(day, forward=True)),
        "may": lambda now: _next(now, time(11, 0), lambda day: (day.month, day.day) == (4, 29)),
        "autumn": lambda now: _next(
            now, time(4, 0), lambda day: _clock_changes(day, forward=False)
        ),
    }


def written_moment(text: str) -> datetime | None:
    """Read "2026-12-24T19:00" as Dutch time; `None` where it is no moment the demo can show."""
    try:
        local = datetime.fromisoformat(text[:32])
    except ValueError:
        return None
    aware = local if local.tzinfo else local.replace(tzinfo=AMSTERDAM)
    try:
        instant = aware.astimezone(UTC)
    except OverflowError:
        return None
    return instant if _EARLIEST <= instant <= _FARTHEST else None


def _next(now: datetime, at: time, suits: Callable[[date], bool]) -> datetime:
    day = now.astimezone(AMSTERDAM).date()
    while True:
        moment = datetime.combine(day, at, AMSTERDAM).astimezone(UTC)
        if suits(day) and moment > now:
            return moment
        day += timedelta(days=1)


def _clock_changes(day: date, *, forward: bool) -> bool:
    """Tell whether the clock goes an hour forward, or back, in the night before `day`."""
    night = datetime.combine(day, time(0), AMSTERDAM)
    change = (night + timedelta(hours=5)).utcoffset() != night.utcoffset()
    return change and (day.month < 7) is forward


def _in_christmas_holiday(day: date) -> bool:
    """Tell whether `day` is the 29th of December: no region teaches on it."""
    return (day.month, day.day) == (12, 29)
