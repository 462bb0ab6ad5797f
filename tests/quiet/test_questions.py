"""Working time at chosen moments: holidays, nights, part-timers, and the reasons given."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.core.quiet_hours import (
    Closed,
    ClosedKind,
    Half,
    Leave,
    Lesson,
    NaiveInstantError,
    PeriodError,
    QuietError,
    ReasonKind,
    SchoolCalendar,
    SchoolWeek,
    WeekError,
    Weeks,
    WorkingTime,
    WorkPart,
    WorkPattern,
    at_local,
    idle_dates,
    is_working,
    next_boundary,
    next_open,
    next_working,
    school_year,
    team_open,
    why,
    working_seconds_after,
)

PUBLIC = ClosedKind.PUBLIC_HOLIDAY
CALENDAR = SchoolCalendar(
    closed=(
        Closed(date(2026, 12, 19), date(2027, 1, 3), "Kerstvakantie", confirmed=False),
        Closed(date(2026, 12, 25), date(2026, 12, 25), "Eerste kerstdag", PUBLIC),
        Closed(date(2027, 1, 1), date(2027, 1, 1), "Nieuwjaarsdag", PUBLIC),
        Closed(date(2027, 7, 17), date(2027, 8, 29), "Zomervakantie"),
        Closed(date(2027, 5, 7), date(2027, 5, 7), "Brugdag", ClosedKind.FREE_DAY),
    ),
    study_days=(date(2026, 11, 25), date(2027, 8, 20)),
    staff_back=(date(2027, 8, 25),),
    known_until=date(2030, 8, 25),
)
TEAM = WorkingTime(CALENDAR)


def at(text: str) -> datetime:
    return at_local(CALENDAR, datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("moment", "kind", "until"),
    [
        ("2026-11-24T07:29:59", "early", "2026-11-24T07:30"),
        ("2026-11-24T07:30", "working", "2026-11-24T17:30"),
        ("2026-11-24T17:29:59", "working", "2026-11-24T17:30"),
        ("2026-11-24T17:30", "evening", "2026-11-25T07:30"),
        ("2026-11-24T23:30", "night", "2026-11-25T07:30"),
        ("2026-11-25T02:00", "night", "2026-11-25T07:30"),
        ("2026-11-25T10:00", "study_day", "2026-11-25T17:30"),
        ("2026-11-27T19:00", "evening", "2026-11-30T07:30"),
        ("2026-11-28T10:00", "weekend", "2026-11-30T07:30"),
        ("2026-12-18T18:00", "evening", "2027-01-04T07:30"),
        ("2026-12-24T19:00", "school_holiday", "2027-01-04T07:30"),
        ("2026-12-25T10:00", "public_holiday", "2027-01-04T07:30"),
        ("2026-12-31T23:59:59", "school_holiday", "2027-01-04T07:30"),
        ("2027-01-01T00:00", "public_holiday", "2027-01-04T07:30"),
        ("2027-05-07T10:00", "free_day", "2027-05-10T07:30"),
        ("2027-08-19T10:00", "school_holiday", "2027-08-20T07:30"),
        ("2027-08-20T10:00", "study_day", "2027-08-20T17:30"),
        ("2027-08-25T10:00", "working", "2027-08-25T17:30"),
        ("2028-02-29T10:00", "working", "2028-02-29T17:30"),
        ("2031-03-03T10:00", "unknown", "2031-03-03T17:30"),
    ],
)
def test_the_team_is_told_why_and_until_when(moment, kind, until):
    reason = why(TEAM, at(moment))
    assert (reason.kind, reason.until) == (ReasonKind(kind), at(until))
    assert reason.key == f"quiet.why.{kind}"
    assert reason.working is is_working(TEAM, at(moment)) is team_open(CALENDAR, at(moment))


def test_a_holiday_inside_a_holiday_is_called_by_its_own_name():
    assert why(TEAM, at("2026-12-25T10:00")).name == "Eerste kerstdag"
    around = why(TEAM, at("2026-12-24T10:00"))
    assert (around.name, around.confirmed) == ("Kerstvakantie", False)


def test_working_time_may_end_on_29_february_and_go_on_in_march():
    calendar = SchoolCalendar(week=SchoolWeek({1: ((time(22), time(6)),)}))
    start = at("2028-02-29T22:00")
    assert next_boundary(calendar, start) == at("2028-03-01T06:00")
    assert next_open(calendar, at("2028-02-29T12:00")) == start


def test_a_night_belongs_to_the_day_it_starts_even_when_a_holiday_follows():
    week = SchoolWeek({day: ((time(22), time(6)),) for day in range(7)})
    shut = Closed(date(2027, 1, 1), date(2027, 1, 1), "Nieuwjaarsdag", PUBLIC)
    calendar = SchoolCalendar(week=week, closed=(shut,))
    assert team_open(calendar, at("2027-01-01T05:59"))
    assert not team_open(calendar, at("2027-01-01T22:30"))
    assert why(WorkingTime(calendar), at("2027-01-02T05:00")).kind is ReasonKind.PUBLIC_HOLIDAY
    assert next_open(calendar, at("2027-01-01T06:00")) == at("2027-01-02T22:00")


def test_hours_until_midnight_leave_the_morning_early_and_lunch_is_a_break():
    calendar = SchoolCalendar(week=SchoolWeek({0: ((time(8), time(12)), (time(13), time(0)))}))
    who = WorkingTime(calendar)
    assert why(who, at("2026-11-23T07:00")).kind is ReasonKind.EARLY
    assert why(who, at("2026-11-23T12:30")).kind is ReasonKind.BREAK
    assert next_boundary(calendar, at("2026-11-23T13:00")) == at("2026-11-24T00:00")


PART_TIMER = WorkingTime(
    CALENDAR,
    WorkPattern((WorkPart(0), WorkPart(2, Half.MORNING), WorkPart(3, weeks=Weeks.ODD))),
    (Leave(date(2026, 11, 30)), Leave(date(2026, 11, 26), date(2026, 11, 26), Half.AFTERNOON)),
    (Lesson(0, time(8, 30), time(12)), Lesson(2, time(8, 30), time(12))),
)
BUSY = WorkingTime(CALENDAR, lessons=PART_TIMER.lessons)


@pytest.mark.parametrize(
    ("who", "moment", "kind", "until"),
    [
        (PART_TIMER, "2026-11-23T08:00", "working", "2026-11-23T08:30"),
        (PART_TIMER, "2026-11-23T08:30", "lesson", "2026-11-23T12:00"),
        (PART_TIMER, "2026-11-24T10:00", "free_day", "2026-11-25T07:30"),
        (PART_TIMER, "2026-11-25T10:00", "study_day", "2026-11-25T12:30"),
        (PART_TIMER, "2026-11-25T12:30", "free_day", None),
        (PART_TIMER, "2026-12-02T10:00", "leave", None),
        (BUSY, "2026-11-30T09:00", "lesson", "2026-11-30T12:00"),
        (BUSY, "2027-08-25T09:00", "working", "2027-08-25T17:30"),
    ],
)
def test_a_person_is_told_why_and_until_when(who, moment, kind, until):
    reason = why(who, at(moment))
    assert (reason.kind, reason.until) == (ReasonKind(kind), until and at(until))


@pytest.mark.parametrize(
    ("day", "works"), [("2026-11-19", True), ("2026-11-26", False), ("2026-12-31", True)]
)
def test_odd_weeks_are_iso_weeks_and_week_53_is_odd(day, works):
    who = WorkingTime(SchoolCalendar(), WorkPattern((WorkPart(3, weeks=Weeks.ODD),)))
    assert is_working(who, at(f"{day}T10:00")) is works


def test_somebody_without_working_days_never_works_next():
    nobody = WorkingTime(CALENDAR, WorkPattern())
    assert next_working(nobody, at("2026-11-24T10:00")) is None
    assert why(nobody, at("2026-11-24T10:00")).until is None


def test_an_empty_week_never_opens_and_a_full_one_never_shuts():
    empty = SchoolCalendar(week=SchoolWeek({}))
    always = SchoolCalendar(week=SchoolWeek({day: ((time(0), time(0)),) for day in range(7)}))
    now = at("2026-11-24T10:00")
    assert next_open(empty, now) is next_boundary(empty, now) is next_boundary(always, now) is None
    assert working_seconds_after(empty, now, timedelta(seconds=1)) is None
    assert next_open(always, now) == now


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-24T10:00", 10, "2026-11-24T10:10"),
        ("2026-11-24T17:25", 10, "2026-11-25T07:35"),
        ("2026-11-24T17:20", 10, "2026-11-24T17:30"),
        ("2026-11-24T20:00", 0, "2026-11-24T20:00"),
        ("2026-12-18T17:25", 10, "2027-01-04T07:35"),
        ("2026-11-23T07:30", 72 * 60, "2026-12-02T09:30"),
    ],
)
def test_working_time_is_counted_in_open_hours_alone(start, minutes, end):
    assert working_seconds_after(CALENDAR, at(start), timedelta(minutes=minutes)) == at(end)


def test_answers_are_in_utc_whatever_zone_the_question_was_in():
    found = next_open(CALENDAR, at("2026-11-24T05:00").astimezone(CALENDAR.tz))
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize("ask", [team_open, next_open, next_boundary])
@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 11, 24), datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)],
)
def test_an_instant_without_a_zone_or_out_of_all_bounds_is_refused(ask, moment):
    with pytest.raises(NaiveInstantError):
        ask(CALENDAR, moment)


NINE = (time(9), time(17))


@pytest.mark.parametrize(
    ("build", "error", "key"),
    [
        (lambda: SchoolWeek({7: (NINE,)}), WeekError, "weekday"),
        (lambda: SchoolWeek({0: (NINE, (time(16), time(18)))}), WeekError, "overlap"),
        (lambda: SchoolWeek({6: ((time(22), time(10)),), 0: (NINE,)}), WeekError, "overlap"),
        (lambda: SchoolWeek({0: ((time(9), time(9)),)}), WeekError, "empty_range"),
        (lambda: SchoolWeek({0: ((time(9, tzinfo=UTC), time(10)),)}), WeekError, "time"),
        (lambda: Lesson(0, time(10), time(9)), WeekError, "lesson"),
        (lambda: WorkPattern.of(7), WeekError, "weekday"),
        (lambda: Leave(date(2027, 1, 2), date(2027, 1, 1)), PeriodError, "end_before_start"),
        (lambda: Closed(date(2027, 1, 2), date(2027, 1, 1)), PeriodError, "end_before_start"),
        (lambda: Closed(date(2027, 1, 2), date(2029, 1, 1)), PeriodError, "too_long"),
        (lambda: Leave(datetime(2027, 1, 2)), PeriodError, "date"),
        (lambda: SchoolCalendar(zone="Europe"), QuietError, "zone"),
        (lambda: SchoolCalendar(zone="Mars/\0"), QuietError, "zone"),
        (
            lambda: working_seconds_after(CALENDAR, at("2027-01-01"), -timedelta(1)),
            QuietError,
            "negative",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_the_key_of_its_text(build, error, key):
    with pytest.raises(error) as caught:
        build()
    assert caught.value.key == str(caught.value) == f"quiet.error.{key}"


def test_dates_that_change_nothing_are_pointed_out():
    calendar = SchoolCalendar(study_days=(date(2026, 11, 28),), staff_back=(date(2026, 11, 24),))
    assert idle_dates(calendar) == (date(2026, 11, 24), date(2026, 11, 28))
    assert idle_dates(CALENDAR) == ()


def test_the_school_year_turns_on_the_first_of_august():
    assert school_year(date(2027, 7, 31)) == "2026-2027"
    assert school_year(date(2027, 8, 1)) == "2027-2028"
