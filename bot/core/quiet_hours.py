"""Working time: who works when, when the team opens next, and why not now.

Pure values and questions. Instants go in aware and come out in UTC; dates and hours are the
school's own.
"""

from bot.core.quiet.calendar import (
    Closed,
    ClosedKind,
    Leave,
    SchoolCalendar,
    WorkingTime,
    idle_dates,
)
from bot.core.quiet.errors import (
    NaiveInstantError,
    PeriodError,
    QuietError,
    WeekError,
    WeekTextError,
)
from bot.core.quiet.hours import Half, Lesson, SchoolWeek, Weeks, WorkPart, WorkPattern
from bot.core.quiet.questions import (
    at_local,
    is_working,
    local_day,
    next_boundary,
    next_open,
    next_working,
    school_year,
    team_open,
    working_seconds_after,
    working_spans,
)
from bot.core.quiet.reasons import Reason, ReasonKind, why
from bot.core.quiet.text import parse_week, week_text, weekday_named

__all__ = [
    "Closed",
    "ClosedKind",
    "Half",
    "Leave",
    "Lesson",
    "NaiveInstantError",
    "PeriodError",
    "QuietError",
    "Reason",
    "ReasonKind",
    "SchoolCalendar",
    "SchoolWeek",
    "WeekError",
    "WeekTextError",
    "Weeks",
    "WorkPart",
    "WorkPattern",
    "WorkingTime",
    "at_local",
    "idle_dates",
    "is_working",
    "local_day",
    "next_boundary",
    "next_open",
    "next_working",
    "parse_week",
    "school_year",
    "team_open",
    "week_text",
    "weekday_named",
    "why",
    "working_seconds_after",
    "working_spans",
]
