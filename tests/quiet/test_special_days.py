"""Property tests aimed at the days that break calendars: 29 February, New Year, holidays inside
holidays, a team or a person that never works."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.quiet_hours import (
    Closed,
    ClosedKind,
    Half,
    Leave,
    SchoolCalendar,
    SchoolWeek,
    WorkingTime,
    WorkPart,
    WorkPattern,
    at_local,
    is_working,
    next_boundary,
    next_open,
    next_working,
    team_open,
    why,
    working_spans,
)

LEAP = date(2028, 2, 29)
NEW_YEAR = date(2027, 1, 1)
DAY = timedelta(days=1)
SPECIAL = [
    LEAP, NEW_YEAR, date(2026, 12, 31), date(2032, 1, 1), date(2027, 3, 28), date(2027, 10, 31),
    date(2028, 3, 26), date(2028, 10, 29),
]  # fmt: skip
KINDS = st.sampled_from(list(ClosedKind))

days = st.builds(
    lambda special, off: special + timedelta(days=off),
    st.sampled_from(SPECIAL),
    st.integers(-6, 6),
)
periods = st.builds(
    lambda start, length, kind: Closed(start, start + timedelta(days=length), "", kind),
    days,
    st.integers(0, 12),
    KINDS,
)
minutes = st.integers(0, 24 * 60 - 1)
NIGHTS = SchoolWeek({day: ((time(22), time(6)),) for day in range(7)})
OFFICE = SchoolWeek()
weeks = st.sampled_from([OFFICE, NIGHTS, SchoolWeek({6: ((time(0), time(0)),)}), SchoolWeek({})])
patterns = st.one_of(
    st.none(),
    st.lists(st.builds(WorkPart, st.integers(0, 6), st.sampled_from(list(Half))), max_size=6).map(
        lambda parts: WorkPattern(tuple(parts))
    ),
)


def moment(calendar: SchoolCalendar, day: date, minute: int) -> datetime:
    return at_local(calendar, datetime.combine(day, time(minute // 60, minute % 60)))


@settings(max_examples=200, deadline=None)
@given(weeks, st.lists(periods, max_size=5), days, minutes)
def test_nobody_works_on_a_day_that_any_period_closes(week, closed, day, minute):
    calendar = SchoolCalendar(week=week, closed=tuple(closed))
    for start, _ in working_spans(WorkingTime(calendar), day):
        local = start.astimezone(calendar.tz).date()
        assert not any(one.start <= local <= one.end for one in closed)
    at = moment(calendar, day, minute)
    if team_open(calendar, at):
        assert any(
            start <= at < end
            for one in (day, day - DAY)
            for start, end in working_spans(WorkingTime(calendar), one)
        )


@settings(max_examples=200, deadline=None)
@given(weeks, st.lists(periods, max_size=5), periods)
def test_a_holiday_inside_a_holiday_changes_nothing(week, closed, outer):
    inner = Closed(outer.start, outer.start, "Nieuwjaarsdag", ClosedKind.PUBLIC_HOLIDAY)
    one = SchoolCalendar(week=week, closed=(*closed, outer))
    both = SchoolCalendar(week=week, closed=(*closed, outer, inner))
    day = outer.start - 3 * DAY
    while day < outer.end + 3 * DAY:
        at = moment(one, day, 10 * 60)
        assert team_open(one, at) == team_open(both, at)
        assert next_open(one, at) == next_open(both, at)
        day += DAY


@settings(max_examples=200, deadline=None)
@given(weeks, patterns, st.lists(periods, max_size=4), days, minutes)
def test_the_next_working_moment_is_the_first_there_is(week, pattern, closed, day, minute):
    calendar = SchoolCalendar(week=week, closed=tuple(closed))
    who = WorkingTime(calendar, pattern)
    at = moment(calendar, day, minute)
    found = next_working(who, at)
    last = found or at + timedelta(days=20)
    if found is not None:
        assert is_working(who, found)
        assert found >= at
    step = at
    while step < min(last, at + timedelta(days=20)):
        assert not is_working(who, step)
        step += timedelta(hours=1)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([None, WorkPattern()]), days, minutes)
def test_somebody_without_working_days_is_never_waited_for(pattern, day, minute):
    calendar = SchoolCalendar(week=SchoolWeek({}) if pattern is None else OFFICE)
    who = WorkingTime(calendar, pattern)
    at = moment(calendar, day, minute)
    assert next_working(who, at) is None
    assert not is_working(who, at)
    assert why(who, at).until is None


@settings(max_examples=100, deadline=None)
@given(days, minutes)
def test_leave_without_an_end_has_no_next_working_moment(day, minute):
    calendar = SchoolCalendar()
    at = moment(calendar, day, minute)
    who = WorkingTime(calendar, None, (Leave(day - 3 * DAY),))
    assert next_working(who, at) is None


def test_29_february_is_a_day_like_any_other():
    calendar = SchoolCalendar(closed=(Closed(LEAP, LEAP, "Studiereis", ClosedKind.FREE_DAY),))
    monday = datetime(2028, 2, 28, 17, tzinfo=UTC)
    assert next_open(calendar, monday) == datetime(2028, 3, 1, 6, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="day"):
        date(2027, 2, 29)


def test_a_night_shift_over_new_year_belongs_to_the_old_year():
    closed = (Closed(NEW_YEAR, NEW_YEAR, "Nieuwjaarsdag", ClosedKind.PUBLIC_HOLIDAY),)
    calendar = SchoolCalendar(week=NIGHTS, closed=closed)
    midnight = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert team_open(calendar, midnight)
    assert team_open(calendar, datetime(2027, 1, 1, 4, 59, tzinfo=UTC))
    assert not team_open(calendar, datetime(2027, 1, 1, 22, tzinfo=UTC))
    assert next_boundary(calendar, midnight) == datetime(2027, 1, 1, 5, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(weeks, st.lists(days, min_size=1, max_size=30))
def test_what_was_asked_before_changes_no_answer(week, asked):
    """A calendar remembers days; a fresh one must say the same in any order."""
    used = SchoolCalendar(week=week)
    for day in asked:
        next_open(used, moment(used, day, 600))
    for day in reversed(asked):
        fresh = SchoolCalendar(week=week)
        at = moment(fresh, day, 600)
        assert next_open(used, at) == next_open(fresh, at)
        assert next_boundary(used, at) == next_boundary(fresh, at)
