"""The school's choice read back, so that whoever set it sees what it means."""

from datetime import date, timedelta

from bot.core.quiet_hours import ClosedKind, idle_dates, school_year
from bot.resting.dates import dutch
from bot.resting.value import Rest, calendar_for
from bot.texts import text

MOST_LINES = 12
AHEAD = timedelta(days=366)


def school_summary(rest: Rest, today: date, language: str = "nl") -> str:
    """When the team works, which days are free, and what happens to a message meanwhile."""
    if not rest.on:
        return text("setup.rest_off", language)
    said = [text("setup.rest_on", language, week=rest.week, region=rest.region)]
    said += [text(f"rest.how.{rest.how}", language)]
    if rest.urgent:
        said.append(text("rest.urgent_on", language))
    said += [
        text(
            "rest.calls",
            language,
            moment=text(f"rest.moment.{moment}", language),
            roles=", ".join(roles),
        )
        for moment, roles in rest.calls
    ]
    said += _free_days(rest, today, language)
    said += _own_dates(rest, today, language)
    return "\n".join(said)


def _free_days(rest: Rest, today: date, language: str) -> list[str]:
    coming = sorted(
        (one for one in calendar_for(rest).closed
         if one.kind is not ClosedKind.PUBLIC_HOLIDAY and today <= one.end <= today + AHEAD),
        key=lambda one: one.start,
    )  # fmt: skip
    return [
        text(
            "rest.closed" if one.confirmed else "rest.closed_unsure",
            language,
            name=one.name or text("rest.free_day", language),
            start=dutch(one.start),
            end=dutch(one.end),
        )
        for one in coming[:MOST_LINES]
    ]


def _own_dates(rest: Rest, today: date, language: str) -> list[str]:
    lines = []
    for key, days in (("rest.study", rest.study), ("rest.back", rest.back)):
        coming = [dutch(day) for day in days if day >= today]
        if coming:
            lines.append(text(key, language, days=", ".join(coming[:MOST_LINES])))
    idle = [dutch(day) for day in idle_dates(calendar_for(rest)) if day >= today]
    if idle:
        lines.append(text("rest.idle", language, days=", ".join(idle[:MOST_LINES])))
    known = calendar_for(rest).known_until
    if known is not None and known < today:
        lines.append(text("rest.unknown_year", language, year=school_year(today)))
    return lines
