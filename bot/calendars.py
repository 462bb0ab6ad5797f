"""A school's calendar from what is shipped and what the school says: holidays, by region."""

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from io import StringIO
from itertools import chain
from typing import TypeVar

import holidays

from bot.core.quiet_hours import Closed, ClosedKind, SchoolCalendar, SchoolWeek, school_year
from bot.errors import ConfigError

FILES = ("rijksoverheid.csv", "openholidays.csv")
YEARS = range(2025, 2041)
COLUMNS = ("region", "school_year", "name", "start", "end", "status", "source", "note")

_Choice = TypeVar("_Choice", bound=StrEnum)
_GOOD_FRIDAY = "goede vrijdag"
_LIBERATION_DAY = "bevrijdingsdag"
_SUMMER = "zomervakantie"
_ADVICE_WEEK = "adviesweek meivakantie"
_LENGTHS = {
    "herfstvakantie": 9,
    "kerstvakantie": 16,
    "voorjaarsvakantie": 9,
    "meivakantie": 9,
    _ADVICE_WEEK: 9,
    _SUMMER: 44,
}


class Region(StrEnum):
    """Where the school's municipality belongs; a province does not say it, so ask."""

    NOORD = "Noord"
    MIDDEN = "Midden"
    ZUID = "Zuid"


class LiberationDay(StrEnum):
    """In which years 5 May is free."""

    NEVER = "never"
    LUSTRUM = "lustrum"
    EVERY_YEAR = "every_year"


class RowStatus(StrEnum):
    """How sure a shipped row is; only `OFFICIAL` binds every school of the region."""

    OFFICIAL = "official"
    ADVICE = "advice"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """One school holiday of one region as shipped, `end` included, with where it comes from."""

    region: Region
    school_year: str
    name: str
    start: date
    end: date
    status: RowStatus
    source: str
    note: str = ""

    def closed(self) -> Closed:
        confirmed = self.status is RowStatus.OFFICIAL
        return Closed(self.start, self.end, self.name, confirmed=confirmed)


def school_calendar(
    region: str,
    *,
    week: SchoolWeek | None = None,
    good_friday: bool = True,
    liberation_day: str = LiberationDay.LUSTRUM,
    own_holidays: Sequence[Closed] = (),
    own_years: Collection[str] = (),
    study_days: Iterable[date] = (),
    staff_back: Iterable[date] = (),
    advice_week: bool = False,
    years: Iterable[int] | None = None,
) -> SchoolCalendar:
    """Make the calendar of a school in region Noord, Midden or Zuid.

    An own holiday replaces the shipped one of the same name and school year; in a year named in
    `own_years` ("2026-2027") the school's own list is the whole list. The optional second week of
    the May holiday counts only with `advice_week`. `years` are those of the public holidays.
    Raises `ConfigError` for an unknown region, choice or year, or a shipped file that is damaged.
    """
    chosen = _choice(Region, "region", region)
    rows = [row for row in holiday_rows() if row.region is chosen]
    kept = _not_replaced(rows, own_holidays, own_years)
    if not advice_week:
        kept = [row for row in kept if row.name.casefold() != _ADVICE_WEEK]
    own = tuple(own_holidays)
    public = public_holidays(
        YEARS if years is None else years, good_friday=good_friday, liberation_day=liberation_day
    )
    school = (*(row.closed() for row in kept), *own)
    return SchoolCalendar(
        week=week or SchoolWeek(),
        closed=(*school, *public),
        study_days=tuple(sorted(set(study_days))),
        staff_back=tuple(sorted(set(staff_back))),
        known_until=_known_until(school),
    )


def _known_until(closed: Iterable[Closed]) -> date | None:
    """Give the last day of the first unbroken run of school years that have holidays at all."""
    last: dict[str, date] = {}
    for one in closed:
        if one.kind is ClosedKind.SCHOOL_HOLIDAY:
            year = year_of_holiday(one.name, one.start)
            last[year] = max(one.end, last.get(year, one.end))
    known: date | None = None
    for year in sorted(last):
        if known is not None and int(year[:4]) > known.year:
            break
        known = last[year]
    return known


def public_holidays(
    years: Iterable[int], *, good_friday: bool = True, liberation_day: str = LiberationDay.LUSTRUM
) -> tuple[Closed, ...]:
    """Give the Dutch public holidays of some years, under their Dutch names, in order."""
    liberation = _choice(LiberationDay, "liberation_day", liberation_day)
    wanted = tuple(sorted({_public_year(year) for year in years}))
    return _public_holidays(wanted, good_friday, liberation)


@lru_cache(maxsize=64)
def _public_holidays(
    wanted: tuple[int, ...], good_friday: bool, liberation: LiberationDay
) -> tuple[Closed, ...]:
    if not wanted:  # the package takes "no years" as "any year you ask for later"
        return ()
    found = holidays.country_holidays(
        "NL", years=wanted, language="nl", categories=("public", "optional")
    )
    return tuple(
        Closed(day, day, name, ClosedKind.PUBLIC_HOLIDAY)
        for day, name in sorted(found.items())
        if _is_free(day, name.casefold(), good_friday, liberation)
    )


def _is_free(day: date, name: str, good_friday: bool, liberation: LiberationDay) -> bool:
    if name == _GOOD_FRIDAY:
        return good_friday
    if name == _LIBERATION_DAY:
        return liberation is LiberationDay.EVERY_YEAR or (
            liberation is LiberationDay.LUSTRUM and day.year % 5 == 0
        )
    return True


def _public_year(year: object) -> int:
    if type(year) is not int or not 1971 <= year <= 2200:
        raise ConfigError("years: every year must be a whole number from 1971 to 2200")
    return year


def _not_replaced(
    rows: Iterable[HolidayRow], own: Iterable[Closed], own_years: Collection[str]
) -> list[HolidayRow]:
    replaced = {
        (year_of_holiday(one.name, one.start), _holiday_name(one.name))
        for one in own
        if one.kind is ClosedKind.SCHOOL_HOLIDAY
    }
    return [
        row
        for row in rows
        if row.school_year not in own_years
        and (row.school_year, _holiday_name(row.name)) not in replaced
    ]


def _holiday_name(name: str) -> str:
    """Fold a name; whoever sets the May holiday has thereby decided on its advice week too."""
    folded = " ".join(name.casefold().split())
    return "meivakantie" if folded == _ADVICE_WEEK else folded


def year_of_holiday(name: str, start: date) -> str:
    """Name the school year of a holiday; a summer holiday belongs to the year it ends."""
    year = start.year
    if _holiday_name(name) == _SUMMER and start.month >= 6:
        return f"{year - 1}-{year}"
    return school_year(start)


def to_confirm(calendar: SchoolCalendar, year: str) -> tuple[Closed, ...]:
    """Give the school holidays of "2026-2027" that the school has not confirmed, in order.

    With no rows at all for a year the answer is empty too: ask `known_until` first.
    """
    return tuple(
        sorted(
            (
                one
                for one in calendar.closed
                if not one.confirmed and year_of_holiday(one.name, one.start) == year
            ),
            key=lambda one: one.start,
        )
    )


def proposed_holidays(region: str, year: str) -> tuple[HolidayRow, ...]:
    """Give what is shipped for a region and a school year, for the admin to confirm or change."""
    chosen = _choice(Region, "region", region)
    found = (row for row in holiday_rows() if row.region is chosen and row.school_year == year)
    return tuple(sorted(found, key=lambda row: row.start))


@cache
def holiday_rows() -> tuple[HolidayRow, ...]:
    """Read every shipped school holiday."""
    folder = files("bot") / "data" / "schoolvakanties"
    texts = ((name, (folder / name).read_text(encoding="utf-8")) for name in FILES)
    return tuple(chain.from_iterable(read_rows(name, text) for name, text in texts))


def read_rows(file: str, text: str) -> Iterator[HolidayRow]:
    """Read and check a holiday file; `ConfigError` names the file, the line and the fault."""
    reader = csv.DictReader(StringIO(text), strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ConfigError(f"{file}, line 1: the columns must be {', '.join(COLUMNS)}")
    try:
        for fields in reader:
            where = f"{file}, line {reader.line_num}"
            if None in fields or None in fields.values():
                raise ConfigError(f"{where}: expected {len(COLUMNS)} fields")
            yield _row(where, fields)
    except csv.Error:
        raise ConfigError(f"{file}, line {reader.line_num}: this is not CSV") from None


def _row(where: str, fields: dict[str, str]) -> HolidayRow:
    row = HolidayRow(
        region=_choice(Region, f"{where}: region", fields["region"]),
        school_year=fields["school_year"],
        name=fields["name"],
        start=_date(f"{where}: start", fields["start"]),
        end=_date(f"{where}: end", fields["end"]),
        status=_choice(RowStatus, f"{where}: status", fields["status"]),
        source=fields["source"],
        note=fields["note"],
    )
    fault = _fault(row)
    if fault:
        raise ConfigError(f"{where}: {fault}")
    return row


def _fault(row: HolidayRow) -> str:
    """Say what cannot be true of a row: one typing error in a month mutes a school for weeks."""
    expected = _LENGTHS.get(row.name.casefold())
    if expected is None:
        return "the holiday's name is not one of the Dutch school holidays"
    if row.start.weekday() != 5 or row.end.weekday() != 6:
        return "a school holiday runs from a Saturday to a Sunday"
    length = (row.end - row.start).days + 1
    if length != expected:
        return f"this holiday lasts {expected} days, not {length}"
    if row.school_year != year_of_holiday(row.name, row.start):
        return "the start lies outside the school year"
    return "" if row.source else "the source is missing"


def _date(where: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{where} must be a date such as 2026-10-17") from None


def _choice(kind: type[_Choice], what: str, value: str) -> _Choice:
    try:
        return kind(value)
    except ValueError:
        raise ConfigError(f"{what} must be one of {', '.join(kind)}") from None
