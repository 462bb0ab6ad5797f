"""One short sentence in, the school's changed choice out: the same for chat, web and terminal."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import islice

from bot.calendars import LiberationDay, Region, proposed_holidays, year_of_holiday
from bot.core.quiet_hours import (
    Closed,
    ClosedKind,
    PeriodError,
    QuietError,
    SchoolWeek,
    parse_week,
    school_year,
    week_text,
)
from bot.errors import SettingError
from bot.resting.dates import dates_in, period_in, shown, without_dates
from bot.resting.value import How, Rest

LONGEST = 600
MOST_PERIODS = 200
MOST_DAYS = 400
LONGEST_NAME = 60
_YEAR = re.compile(r"\b(20\d\d)\s*[-/]\s*(20\d\d)\b")
_ON, _OFF = frozenset({"aan", "on", "ja", "yes"}), frozenset({"uit", "off", "nee", "no"})
_LIBERATION = {
    "nooit": LiberationDay.NEVER, "never": LiberationDay.NEVER,
    "lustrum": LiberationDay.LUSTRUM,
    "elk jaar": LiberationDay.EVERY_YEAR, "every year": LiberationDay.EVERY_YEAR,
    "ieder jaar": LiberationDay.EVERY_YEAR,
}  # fmt: skip
_HOW = {
    "bewaar": How.HOLD, "bewaren": How.HOLD, "hold": How.HOLD, "vraag": How.ASK,
    "vragen": How.ASK, "ask": How.ASK, "zeg": How.TELL, "zeggen": How.TELL, "tell": How.TELL,
}  # fmt: skip
CALL_ROLES = ("directie", "leidinggevende", "ib", "bhv", "conciërge")
MOMENTS = {
    "werktijd": "work", "work": "work", "avond": "evening", "evening": "evening",
    "nacht": "night", "night": "night", "weekend": "weekend",
    "vakantie": "holiday", "holiday": "holiday",
}  # fmt: skip
Change = Callable[[Rest, str, date], Rest]


def change_rest(rest: Rest, typed: str, *, today: date) -> Rest:
    """Carry out one sentence such as "wo 07:30-13:00" or "studiedag 25-11-2026".

    `SettingError` names the text that says what is wrong and how to type it.
    """
    if len(typed) > LONGEST:
        raise SettingError("rest.error.too_long")
    words = " ".join(typed.split())
    lowered = words.casefold()
    if lowered in _ON | _OFF:
        return replace(rest, on=lowered in _ON)
    for opening, change in _CHANGES.items():
        if lowered == opening or lowered.startswith(f"{opening} "):
            return change(rest, words[len(opening) :].strip(), today)
    return _week(rest, words, today)


def rest_of(sentences: Iterable[str]) -> Rest:
    """The choice a policy file makes in sentences; only such as name their own dates."""
    rest = Rest()
    for sentence in sentences:
        rest = change_rest(rest, sentence, today=date(2026, 8, 1))
    return rest


def _week(rest: Rest, typed: str, today: date) -> Rest:
    """Hours of work; hours that all run through the night are read as the quiet ones."""
    del today
    week = _parsed(typed)
    if all(end <= start for ranges in week.hours.values() for start, end in ranges):
        week = _inverted(week)
    return replace(rest, on=True, week=week_text(week))


def _working(rest: Rest, typed: str, today: date) -> Rest:
    del today
    return replace(rest, on=True, week=week_text(_parsed(typed)))


def _silent(rest: Rest, typed: str, today: date) -> Rest:
    del today
    return replace(rest, on=True, week=week_text(_inverted(_parsed(typed))))


def _parsed(typed: str) -> SchoolWeek:
    try:
        return parse_week(typed)
    except QuietError as wrong:
        raise SettingError(wrong.key, **wrong.values) from None


def _inverted(week: SchoolWeek) -> SchoolWeek:
    """Turn "quiet from 18:00 to 07:30" into working from 07:30 to 18:00 on the same days."""
    hours: dict[int, tuple[tuple[time, time], ...]] = {}
    for day, ranges in week.hours.items():
        if len(ranges) != 1 or ranges[0][0] == ranges[0][1]:
            raise SettingError("rest.error.quiet_range")
        (start, end) = ranges[0]
        hours[day] = ((end, start),)
    try:
        return SchoolWeek(hours)
    except QuietError as wrong:
        raise SettingError(wrong.key, **wrong.values) from None


def _region(rest: Rest, typed: str, today: date) -> Rest:
    del today
    for region in Region:
        if typed.casefold() == region.value.casefold():
            return replace(rest, region=region.value)
    raise SettingError("setup.region_wrong")


def _good_friday(rest: Rest, typed: str, today: date) -> Rest:
    del today
    word = typed.casefold()
    if word not in {"vrij", "werken", "free", "work"} | _ON | _OFF:
        raise SettingError("rest.error.good_friday")
    return replace(rest, good_friday=word in {"vrij", "free"} | _ON)


def _liberation(rest: Rest, typed: str, today: date) -> Rest:
    del today
    chosen = _LIBERATION.get(typed.casefold())
    if chosen is None:
        raise SettingError("rest.error.liberation")
    return replace(rest, liberation_day=chosen.value)


def _switch(field: str) -> Change:
    def change(rest: Rest, typed: str, today: date) -> Rest:
        del today
        if typed.casefold() not in _ON | _OFF:
            raise SettingError("rest.error.on_or_off")
        return replace(rest, **{field: typed.casefold() in _ON})  # type: ignore[arg-type]

    return change


def _how(word: str) -> Change:
    def change(rest: Rest, typed: str, today: date) -> Rest:
        del today
        if typed:
            raise SettingError("rest.error.unknown", found=shown(typed))
        return replace(rest, how=_HOW[word].value)

    return change


def _holiday(rest: Rest, typed: str, today: date) -> Rest:
    del today
    name = without_dates(typed)
    if not name:
        raise SettingError("rest.error.holiday_name")
    return with_period(rest, name, *period_in(typed), ClosedKind.SCHOOL_HOLIDAY)


def _free(rest: Rest, typed: str, today: date) -> Rest:
    del today
    return with_period(rest, without_dates(typed), *period_in(typed), ClosedKind.FREE_DAY)


def with_period(rest: Rest, name: str, start: date, end: date, kind: ClosedKind) -> Rest:
    """Add a closed period; the same holiday of the same school year is replaced."""
    if len(name) > LONGEST_NAME or not all(sign.isprintable() for sign in name):
        raise SettingError("rest.error.name")
    try:
        new = Closed(start, end, name, kind)
    except PeriodError as wrong:
        raise SettingError(wrong.key, **wrong.values) from None
    kept = [one for one in rest.own if not _same(one, new)]
    if len(kept) >= MOST_PERIODS:
        raise SettingError("rest.error.too_many")
    return replace(rest, own=tuple(sorted((*kept, new), key=lambda one: (one.start, one.end))))


def with_agenda(rest: Rest, days: Iterable[tuple[date, date, str]]) -> Rest:
    """Take the whole days of a calendar over: as holidays, study days or free days, by name."""
    for start, end, told in days:
        name = re.sub(r"\s*\((?:te bevestigen|to be confirmed)\)$", "", shown(told))
        folded = name.casefold()
        if folded.startswith(("studiedag", "study day")):
            days_of = (start + timedelta(days=step) for step in range((end - start).days + 1))
            rest = replace(rest, study=tuple(sorted({*rest.study, *islice(days_of, MOST_DAYS)})))
            continue
        holiday = folded.endswith(("vakantie", "holiday", "reces"))
        kind = ClosedKind.SCHOOL_HOLIDAY if holiday else ClosedKind.FREE_DAY
        rest = with_period(rest, name, start, end, kind)
    if len(rest.study) > MOST_DAYS:
        raise SettingError("rest.error.too_many")
    return rest


def _same(old: Closed, new: Closed) -> bool:
    if (old.start, old.end) == (new.start, new.end):
        return True
    named = old.name.casefold() == new.name.casefold() and old.kind is new.kind
    if not named or new.kind is not ClosedKind.SCHOOL_HOLIDAY:
        return False
    return year_of_holiday(old.name, old.start) == year_of_holiday(new.name, new.start)


def _days(field: str) -> Change:
    def change(rest: Rest, typed: str, today: date) -> Rest:
        del today
        found = dates_in(typed)
        if not found:
            raise SettingError("rest.error.date", found=shown(typed))
        days: tuple[date, ...] = getattr(rest, field)
        merged = tuple(sorted({*days, *found}))
        if len(merged) > MOST_DAYS:
            raise SettingError("rest.error.too_many")
        return replace(rest, **{field: merged})  # type: ignore[arg-type]

    return change


def _call(rest: Rest, typed: str, today: date) -> Rest:
    """Say whom to phone first at a moment; without roles the usual order counts again."""
    del today
    word, _, said = typed.casefold().partition(" ")
    moment = MOMENTS.get(word)
    roles = tuple(dict.fromkeys(re.findall(r"[^\W\d_]+", said)))
    if moment is None or any(role not in CALL_ROLES for role in roles):
        raise SettingError("rest.error.call", roles=", ".join(CALL_ROLES))
    kept = tuple(one for one in rest.calls if one[0] != moment)
    return replace(rest, calls=tuple(sorted((*kept, (moment, roles)))) if roles else kept)


def _confirm(rest: Rest, typed: str, today: date) -> Rest:
    """Take the shipped dates of a school year over as the school's own."""
    year = _school_year(typed, today)
    rows = proposed_holidays(rest.region, year)
    if not rows:
        raise SettingError("rest.error.unknown_year", year=year)
    names = {
        one.name.casefold() for one in rest.own if year_of_holiday(one.name, one.start) == year
    }
    for row in rows:
        if "advies" in row.name.casefold() and not rest.advice_week:
            continue
        if row.name.casefold() not in names:
            kind = ClosedKind.SCHOOL_HOLIDAY
            rest = with_period(rest, row.name, row.start, row.end, kind)
    return rest


def _own_year(rest: Rest, typed: str, today: date) -> Rest:
    """Say that the school's own list for a year is complete, or take that back."""
    year = _school_year(typed, today)
    years = set(rest.own_years) ^ {year}
    return replace(rest, own_years=tuple(sorted(years)))


def _school_year(typed: str, today: date) -> str:
    found = _YEAR.search(typed)
    if found is None:
        if typed.strip():
            raise SettingError("rest.error.year")
        return school_year(today)
    first, second = int(found[1]), int(found[2])
    if second != first + 1:
        raise SettingError("rest.error.year")
    return f"{first}-{second}"


def _clear(rest: Rest, typed: str, today: date) -> Rest:
    """Take away what the school itself set on a date: a period, a study day, a return."""
    del today
    day, last = period_in(typed)
    own = tuple(one for one in rest.own if not (one.start <= last and day <= one.end))
    study = tuple(one for one in rest.study if not day <= one <= last)
    back = tuple(one for one in rest.back if not day <= one <= last)
    cleared = replace(rest, own=own, study=study, back=back)
    if cleared == rest:
        raise SettingError("rest.error.nothing_there")
    return cleared


# The longest opening of several that fit must stand first.
_CHANGES: Mapping[str, Change] = {
    "goede vrijdag": _good_friday, "good friday": _good_friday,
    "5 mei": _liberation, "bevrijdingsdag": _liberation, "liberation day": _liberation,
    "werk": _working, "werktijd": _working, "work": _working,
    "stil": _silent, "rust": _silent, "quiet": _silent,
    "regio": _region, "region": _region,
    "adviesweek": _switch("advice_week"), "advice week": _switch("advice_week"),
    "dringend": _switch("urgent"), "urgent": _switch("urgent"),
    "samenvatting": _switch("digests"), "digest": _switch("digests"),
    "vakantie": _holiday, "holiday": _holiday,
    "vrije dag": _free, "vrij": _free, "free day": _free, "free": _free,
    "studiedag": _days("study"), "studiedagen": _days("study"), "study day": _days("study"),
    "terug": _days("back"), "team terug": _days("back"), "staff back": _days("back"),
    "bevestig": _confirm, "confirm": _confirm,
    "eigen jaar": _own_year, "own year": _own_year,
    "bel": _call, "call": _call,
    "wis": _clear, "clear": _clear, "verwijder": _clear,
    **{word: _how(word) for word in _HOW},
}  # fmt: skip
