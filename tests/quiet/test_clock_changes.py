"""Property tests aimed at the two days of the year on which the clock is changed.

The oracle reads the school's clock minute by minute, with hands that never turn back: what came
twice counts once, at its first time, and a skipped hour is passed in one jump.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.quiet_hours import (
    Half,
    Leave,
    SchoolCalendar,
    SchoolWeek,
    Weeks,
    WorkingTime,
    WorkPart,
    WorkPattern,
    at_local,
    is_working,
    next_boundary,
    next_open,
    next_working,
    team_open,
    working_seconds_after,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MINUTE = timedelta(minutes=1)
JUMPS = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC),
    datetime(2027, 10, 31, 1, tzinfo=UTC),
]
HOURS_AROUND = 60

jumps = st.sampled_from(JUMPS)
offsets = st.integers(-HOURS_AROUND * 60, HOURS_AROUND * 60)


WEEK, DAY, SUNDAY = 672, 96, 576  # in quarters of an hour
points = st.one_of(st.integers(0, WEEK - 1), st.integers(SUNDAY + 4, SUNDAY + 16))


@st.composite
def weeks(draw: st.DrawFn) -> SchoolWeek:
    """Hours that never overlap, half of their ends near the clock change; Sunday may wrap."""
    marks = sorted(draw(st.lists(points, unique=True, min_size=2, max_size=12)))
    if draw(st.booleans()):
        marks = [*marks[1:], marks[0] + WEEK]
    hours: dict[int, list[tuple[time, time]]] = {}
    for start, end in zip(marks[::2], marks[1::2], strict=False):
        pair = start, min(end, start + DAY - 1)
        begin, finish = (time(n % DAY // 4, n % 4 * 15) for n in pair)
        hours.setdefault(start % WEEK // DAY, []).append((begin, finish))
    return SchoolWeek({day: tuple(ranges) for day, ranges in hours.items()})


@cache
def clock_hands(jump: datetime) -> dict[datetime, datetime]:
    """What the school's clock has shown at most, for every minute around a change."""
    shown: dict[datetime, datetime] = {}
    highest = datetime.min
    moment = jump - timedelta(hours=2 * HOURS_AROUND)
    while moment < jump + timedelta(hours=2 * HOURS_AROUND):
        highest = max(highest, moment.astimezone(AMSTERDAM).replace(tzinfo=None))
        shown[moment] = highest
        moment += MINUTE
    return shown


def open_by_the_clock(week: SchoolWeek, shown: datetime) -> bool:
    for back in (0, 1):
        day = shown.date() - timedelta(days=back)
        for start, end in week.hours.get(day.weekday(), ()):
            last = day + timedelta(days=end <= start)
            if datetime.combine(day, start) <= shown < datetime.combine(last, end):
                return True
    return False


@settings(max_examples=200, deadline=None)
@given(weeks(), jumps, st.lists(offsets, min_size=1, max_size=40))
def test_is_working_agrees_with_reading_the_clock_minute_by_minute(week, jump, minutes):
    calendar, hands = SchoolCalendar(week=week), clock_hands(jump)
    for offset in minutes:
        moment = jump + offset * MINUTE
        assert team_open(calendar, moment) == open_by_the_clock(week, hands[moment]), moment


@settings(max_examples=200, deadline=None)
@given(weeks(), jumps, offsets)
def test_next_open_is_the_first_open_minute(week, jump, offset):
    calendar, hands = SchoolCalendar(week=week), clock_hands(jump)
    moment = jump + offset * MINUTE
    found = next_open(calendar, moment)
    last = jump + timedelta(hours=2 * HOURS_AROUND)
    while moment < last and not open_by_the_clock(week, hands[moment]):
        moment += MINUTE
    if moment < last:
        assert found == moment
    else:
        assert found is None or found >= last


@settings(max_examples=200, deadline=None)
@given(weeks(), jumps, offsets)
def test_the_boundary_flips_the_answer_and_nothing_flips_it_sooner(week, jump, offset):
    calendar = SchoolCalendar(week=week)
    moment = jump + offset * MINUTE
    before = team_open(calendar, moment)
    edge = next_boundary(calendar, moment)
    if edge is None:
        assert all(team_open(calendar, moment + timedelta(hours=n)) == before for n in range(170))
        return
    assert edge > moment
    assert team_open(calendar, edge) is not before
    assert team_open(calendar, edge - timedelta(microseconds=1)) is before
    step = moment
    while step < min(edge, moment + timedelta(days=1)):
        assert team_open(calendar, step) is before
        step += 15 * MINUTE


@settings(max_examples=150, deadline=None)
@given(weeks(), jumps, offsets, st.integers(0, 1200), st.integers(0, 300))
def test_working_time_passes_exactly_and_only_forwards(week, jump, offset, wanted, more):
    calendar, start = SchoolCalendar(week=week), jump + offset * MINUTE
    sooner = working_seconds_after(calendar, start, wanted * MINUTE)
    later = working_seconds_after(calendar, start, (wanted + more) * MINUTE)
    assert sooner is not None
    assert later is not None
    assert start <= sooner <= later
    assume(sooner - start < timedelta(days=3))
    minutes = int((sooner - start) / MINUTE)
    assert sum(team_open(calendar, start + n * MINUTE) for n in range(minutes)) == wanted


parts = st.builds(
    WorkPart, st.integers(0, 6), st.sampled_from(list(Half)), st.sampled_from(list(Weeks))
)
leaves = st.builds(
    lambda start, length, half: Leave(
        date(2026, 10, 20) + timedelta(days=start),
        date(2026, 10, 20) + timedelta(days=start + length),
        half,
    ),
    st.integers(0, 10),
    st.integers(0, 4),
    st.sampled_from(list(Half)),
)


@settings(max_examples=200, deadline=None)
@given(weeks(), st.lists(parts, max_size=5), st.lists(leaves, max_size=2), offsets)
def test_a_person_works_next_when_they_work_and_not_before(week, pattern, leave, offset):
    calendar = SchoolCalendar(week=week)
    who = WorkingTime(calendar, WorkPattern(tuple(pattern)), tuple(leave))
    moment = JUMPS[1] + offset * MINUTE
    found = next_working(who, moment)
    if found is None:
        assert not is_working(who, moment)
        return
    assert is_working(who, found)
    assert team_open(calendar, found)
    assert not any(
        is_working(who, moment + n * 30 * MINUTE)
        for n in range(96)
        if moment + n * 30 * MINUTE < found
    )


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        (datetime(2027, 3, 28, 1, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (datetime(2027, 3, 28, 2, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (datetime(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (datetime(2027, 3, 28, 3, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (datetime(2027, 10, 31, 2, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (datetime(2027, 10, 31, 2, 30, fold=1), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (datetime(2027, 10, 31, 3, 0), datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_skipped_hour_is_its_jump_and_a_double_hour_its_first(wall, instant):
    assert at_local(SchoolCalendar(), wall) == instant


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 6, 6), 24)]
)
def test_a_whole_sunday_lasts_as_long_as_it_really_does(day, hours):
    calendar = SchoolCalendar(week=SchoolWeek({6: ((time(0), time(0)),)}))
    start = at_local(calendar, datetime.combine(day, time(0)))
    assert next_boundary(calendar, start) == start + timedelta(hours=hours)


def test_monday_opens_at_half_past_seven_whatever_the_clock_did_that_night():
    calendar = SchoolCalendar()
    assert next_open(calendar, JUMPS[2]) == datetime(2027, 3, 29, 5, 30, tzinfo=UTC)
    assert next_open(calendar, JUMPS[3]) == datetime(2027, 11, 1, 6, 30, tzinfo=UTC)


def test_instants_of_the_same_wall_time_in_the_double_hour_are_told_apart():
    week = SchoolWeek({6: ((time(2, 15), time(2, 45)),)})
    calendar = SchoolCalendar(week=week)
    first = datetime(2027, 10, 31, 2, 30, tzinfo=AMSTERDAM)
    second = first.replace(fold=1)
    assert team_open(calendar, first)
    assert not team_open(calendar, second)
    assert next_open(calendar, second) == datetime(2027, 11, 7, 1, 15, tzinfo=UTC)


def test_a_half_hour_clock_change_elsewhere_is_found_exactly():
    """Lord Howe Island moves its clock by half an hour, at 02:00."""
    calendar = SchoolCalendar(zone="Australia/Lord_Howe")
    jump = at_local(calendar, datetime(2026, 10, 4, 2, 10))
    assert jump == at_local(calendar, datetime(2026, 10, 4, 2, 30))
    assert jump == datetime(2026, 10, 3, 15, 30, tzinfo=UTC)
