"""The shipped holidays, and what a school chooses to do with them."""

from datetime import date

import pytest

from bot.calendars import (
    COLUMNS,
    RowStatus,
    holiday_rows,
    proposed_holidays,
    public_holidays,
    read_rows,
    school_calendar,
    to_confirm,
)
from bot.core.quiet_hours import Closed
from bot.errors import ConfigError

HEAD = ",".join(COLUMNS)
GOOD = "Zuid,2026-2027,Voorjaarsvakantie,2027-02-13,2027-02-21,unverified,somewhere,"


def test_every_shipped_row_is_sound_and_says_where_it_comes_from():
    rows = holiday_rows()
    assert len(rows) == 81
    assert all(row.source for row in rows)
    assert {row.status for row in rows} == set(RowStatus)
    for region in ("Noord", "Midden", "Zuid"):
        for year in range(2025, 2030):
            assert len(proposed_holidays(region, f"{year}-{year + 1}")) in (5, 6)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("2027-02-21", "2027-03-21", "lasts 9 days, not 37"),
        ("2027-02-13", "2027-02-12", "from a Saturday"),
        ("2027-02-13", "13-2-2027", "start must be a date"),
        ("Zuid", "Oost", "region must be one of"),
        ("2026-2027", "2027-2028", "outside the school year"),
        ("Voorjaars", "Krokus", "name is not one"),
        ("unverified", "sure", "status must be one of"),
        ("somewhere", "", "source is missing"),
        (",somewhere,", "", "expected 8 fields"),
    ],
)
def test_a_damaged_row_is_refused_with_file_and_line(old, new, fault):
    assert len(list(read_rows("good.csv", f"{HEAD}\n{GOOD}\n"))) == 1
    with pytest.raises(ConfigError, match=f"bad.csv, line 2: .*{fault}"):
        list(read_rows("bad.csv", f"{HEAD}\n{GOOD.replace(old, new)}\n"))


@pytest.mark.parametrize(
    ("good_friday", "liberation", "free"),
    [
        (True, "lustrum", {"2029": (1, 0), "2030": (1, 1)}),
        (False, "never", {"2029": (0, 0), "2030": (0, 0)}),
        (True, "every_year", {"2029": (1, 1), "2030": (1, 1)}),
    ],
)
def test_the_school_chooses_good_friday_and_5_may(good_friday, liberation, free):
    for year, expected in free.items():
        found = public_holidays([int(year)], good_friday=good_friday, liberation_day=liberation)
        names = [one.name for one in found]
        assert (names.count("Goede vrijdag"), names.count("Bevrijdingsdag")) == expected
        assert "Eerste kerstdag" in names


def test_the_schools_own_dates_win_and_are_confirmed():
    own = Closed(date(2027, 4, 24), date(2027, 5, 9), "Meivakantie")
    calendar = school_calendar("Midden", own_holidays=[own])
    may = [one for one in calendar.closed if "mei" in one.name.lower() and one.start.year == 2027]
    assert may == [own]
    assert calendar.closed_on(date(2027, 5, 6)) is not None
    left = {one.name for one in to_confirm(calendar, "2026-2027")}
    assert left == {"Herfstvakantie", "Kerstvakantie", "Voorjaarsvakantie", "Zomervakantie"}


def test_a_year_of_the_schools_own_has_no_shipped_holidays():
    own = Closed(date(2027, 2, 6), date(2027, 2, 14), "Carnaval")
    calendar = school_calendar("Zuid", own_holidays=[own], own_years=["2026-2027"])
    assert calendar.closed_on(date(2027, 2, 9)) == own
    assert calendar.closed_on(date(2027, 2, 17)) is None
    assert to_confirm(calendar, "2026-2027") == ()
    assert calendar.closed_on(date(2027, 10, 27)) is not None


def test_the_optional_may_week_counts_only_when_the_school_takes_it():
    day = date(2028, 4, 25)
    assert school_calendar("Noord").closed_on(day) is None
    assert school_calendar("Noord", advice_week=True).closed_on(day) is not None


def test_only_official_rows_are_confirmed_from_the_start():
    calendar = school_calendar("Noord")
    names = {one.name for one in to_confirm(calendar, "2028-2029")}
    assert names == {"Herfstvakantie", "Voorjaarsvakantie"}
    assert calendar.known_until == date(2030, 9, 1)


def test_dates_far_ahead_do_not_make_the_years_between_known():
    own = Closed(date(2035, 10, 13), date(2035, 10, 21), "Herfstvakantie")
    assert school_calendar("Noord", own_holidays=[own]).known_until == date(2030, 9, 1)


@pytest.mark.parametrize("wrong", [{"region": "Oost"}, {"liberation_day": "soms"}, {"years": [0]}])
def test_an_unknown_choice_is_refused_with_what_is_allowed(wrong):
    with pytest.raises(ConfigError, match="must be"):
        school_calendar(**{"region": "Noord", **wrong})
