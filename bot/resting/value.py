"""What a school chose about quiet time, and the calendar that follows from it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from bot.calendars import LiberationDay, Region, school_calendar
from bot.core.quiet_hours import (
    Closed,
    ClosedKind,
    SchoolCalendar,
    SchoolWeek,
    parse_week,
)

DEFAULT_WEEK = "ma-vr 07:30-17:30"


class How(StrEnum):
    """What happens to a message in quiet time.

    HOLD: by the best means the platform has. ASK: its author chooses now or later. TELL: one
    kind sentence afterwards and nothing else.
    """

    HOLD = "hold"
    ASK = "ask"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Rest:
    """The school's choice about quiet hours; `week` is the text an admin would type.

    `own` are the school's own closed days, `own_years` the school years whose list is complete.
    `urgent` lets people deliver at once with a reason from the closed list; `digests` lets
    part-timers ask for what was said on their free days. `calls` says for a moment ("weekend")
    which roles to phone first.
    """

    on: bool = False
    week: str = DEFAULT_WEEK
    region: str = Region.MIDDEN.value
    good_friday: bool = True
    liberation_day: str = LiberationDay.LUSTRUM.value
    advice_week: bool = False
    own: tuple[Closed, ...] = ()
    own_years: tuple[str, ...] = ()
    study: tuple[date, ...] = ()
    back: tuple[date, ...] = ()
    how: str = How.HOLD.value
    urgent: bool = False
    digests: bool = True
    calls: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def read(cls, stored: str) -> "Rest":
        """Read what `write` stored; an empty text is the default."""
        given = json.loads(stored) if stored else {}
        return cls(**{name: _read(name, given[name]) for name in cls.__slots__ if name in given})

    def write(self) -> str:
        """Write down what differs from the default, and whether it is on."""
        plain = Rest()
        return json.dumps(
            {
                name: _written(getattr(self, name))
                for name in self.__slots__
                if name == "on" or getattr(self, name) != getattr(plain, name)
            }
        )


def _read(name: str, value: Any) -> Any:  # noqa: ANN401  (what JSON holds)
    match name:
        case "own":
            return tuple(_closed(one) for one in value)
        case "own_years":
            return tuple(value)
        case "calls":
            return tuple((moment, tuple(roles)) for moment, roles in value)
        case "study" | "back":
            return tuple(date.fromisoformat(one) for one in value)
        case _:
            return value


def _closed(value: Mapping[str, str]) -> Closed:
    start, end = date.fromisoformat(value["start"]), date.fromisoformat(value["end"])
    return Closed(start, end, value["name"], ClosedKind(value["kind"]))


def _written(value: object) -> object:
    match value:
        case tuple():
            return [_written(one) for one in value]
        case date():
            return value.isoformat()
        case Closed(start, end, name, kind):
            return {"name": name, "start": str(start), "end": str(end), "kind": kind.value}
        case _:
            return value


@lru_cache(maxsize=256)
def calendar_for(rest: Rest) -> SchoolCalendar:
    """Build the working calendar for a choice of quiet hours."""
    return school_calendar(
        Region(rest.region),
        week=parse_week(rest.week) if rest.week != DEFAULT_WEEK else SchoolWeek(),
        good_friday=rest.good_friday,
        liberation_day=LiberationDay(rest.liberation_day),
        advice_week=rest.advice_week,
        own_holidays=rest.own,
        own_years=rest.own_years,
        study_days=rest.study,
        staff_back=rest.back,
    )
