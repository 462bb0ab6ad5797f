"""Reading somebody's calendar file: days and hours only, never what is in it.

A calendar can hold rules that take for ever, so it is read by a process of its own that may use
only so much time and memory; whatever it does, nothing here is harmed.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, time

from bot.core.quiet_hours import Leave, PeriodError
from bot.errors import SettingError

LARGEST = 2_000_000
SECONDS = 20.0
MOST_PERIODS = 300


@dataclass(frozen=True, slots=True)
class Agenda:
    """Whole days, by name where a school's holidays are read, and weekly hours per weekday."""

    days: tuple[tuple[date, date, str], ...] = ()
    hours: tuple[tuple[int, time, time], ...] = ()

    def leave(self) -> tuple[Leave, ...]:
        """The days as somebody's leave."""
        return tuple(Leave(start, end) for start, end, _ in self.days)

    def lessons(self) -> str:
        """The hours as a week is typed."""
        days = ("ma", "di", "wo", "do", "vr", "za", "zo")
        week: dict[int, list[str]] = {}
        for day, start, end in self.hours:
            week.setdefault(day, []).append(f"{start:%H:%M}-{end:%H:%M}")
        return "; ".join(f"{days[day]} {', '.join(ranges)}" for day, ranges in sorted(week.items()))


def read_agenda(data: bytes, *, today: date, seconds: float = SECONDS) -> Agenda:
    """Read an iCalendar file from `today` on, a year and a bit ahead.

    Takes at most `seconds` of real time, and less than half of that of a processor's.
    `SettingError` says what is wrong with the file.
    """
    if len(data) > LARGEST:
        raise SettingError("rest.agenda.too_large")
    if b"BEGIN:VCALENDAR" not in data[:4096].upper():
        raise SettingError("rest.agenda.not_calendar")
    processor = str(max(1, int(seconds * 0.4)))
    command = [sys.executable, "-m", "bot.resting.agenda_reader", today.isoformat(), processor]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, no shell)
            command, input=data, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise SettingError("rest.agenda.slow") from None
    return _told(done)


def _told(done: subprocess.CompletedProcess[bytes]) -> Agenda:
    try:
        told = json.loads(done.stdout) if done.returncode == 0 else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise SettingError("rest.agenda.slow")
    if "error" in told:
        raise SettingError(told["error"], **told.get("values", {}))
    try:
        return _agenda(told)
    except (PeriodError, ValueError):
        raise SettingError("rest.agenda.nonsense") from None


def _agenda(told: dict[str, list[list[str]]]) -> Agenda:
    days = tuple(
        (date.fromisoformat(start), date.fromisoformat(end), name)
        for start, end, name in told["days"]
    )
    hours = tuple(
        (int(day), time.fromisoformat(start), time.fromisoformat(end))
        for day, start, end in told["hours"]
    )
    if len(days) > MOST_PERIODS or len(hours) > MOST_PERIODS:
        raise SettingError("rest.agenda.too_many")
    if not days and not hours:
        raise SettingError("rest.agenda.empty")
    return Agenda(days, hours)
