"""Dates and periods as people type them."""

import re
from datetime import date

from bot.errors import SettingError

_MONTHS = (
    ("januari", "january", "jan"), ("februari", "february", "feb"),
    ("maart", "march", "mrt", "mar"), ("april", "apr"), ("mei", "may"),
    ("juni", "june", "jun"), ("juli", "july", "jul"), ("augustus", "august", "aug"),
    ("september", "sept", "sep"), ("oktober", "october", "okt", "oct"),
    ("november", "nov"), ("december", "dec"),
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMED = rf"\d{{1,2}} (?:{'|'.join(_MONTH)}) \d{{4}}"
_NUMBERS = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
_DATE = re.compile(rf"\b(?:{_NUMBERS}|{_NAMED})\b", re.IGNORECASE | re.ASCII)
_EARLIEST, _LATEST = 2020, 2060
Period = tuple[date, date]


def dates_in(typed: str) -> list[date]:
    """Every date in a sentence, in the order typed; one that cannot be raises `SettingError`."""
    return [_date(found.group()) for found in _DATE.finditer(typed)]


def without_dates(typed: str) -> str:
    """What is left of a sentence without its dates and the words that join them."""
    rest = _DATE.sub(" ", typed)
    rest = re.sub(r"\b(?:t/m|tot en met|tot|until|through|van|from|op|on)\b|[-–,]", " ", rest)
    return " ".join(rest.split())


def period_in(typed: str) -> Period:
    """The one date or the two that a sentence names, as first and last day."""
    found = dates_in(typed)
    if not found:
        raise SettingError("rest.error.date", found=shown(typed))
    if len(found) > 2:
        raise SettingError("rest.error.too_many_dates")
    start, end = found[0], found[-1]
    if end < start:
        raise SettingError("quiet.error.end_before_start", start=dutch(start), end=dutch(end))
    return start, end


def dutch(day: date) -> str:
    """A date as it is typed: 25-11-2026."""
    return f"{day.day}-{day.month}-{day.year}"


def shown(typed: str) -> str:
    """A piece of what was typed, short and printable, to repeat in an answer."""
    return "".join(sign for sign in typed if sign.isprintable())[:40]


def _date(text: str) -> date:
    year, month, day = _parts(text)
    try:
        found = date(year, month, day)
    except ValueError:
        raise SettingError("rest.error.no_such_date", found=shown(text)) from None
    if not _EARLIEST <= found.year <= _LATEST:
        raise SettingError("rest.error.far_date", found=shown(text))
    return found


def _parts(text: str) -> tuple[int, int, int]:
    first, second, third = re.split(r"[-/. ]", text.casefold())
    month = _MONTH.get(second) or int(second)
    if len(first) == 4:
        return int(first), month, int(third)
    return int(third), month, int(first)
