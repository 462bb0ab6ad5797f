"""School hours as an admin types them."""

from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.quiet_hours import QuietError, SchoolWeek, WeekError, parse_week, week_text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (
            "ma-vr 07:30-17:30; wo 07:30-13:00",
            "ma-di 07:30-17:30; wo 07:30-13:00; do-vr 07:30-17:30",
        ),
        (
            "Maandag t/m vrijdag: 7u30 tot 17.30 uur\nwo dicht",
            "ma-di 07:30-17:30; do-vr 07:30-17:30",
        ),
        ("ma, di en do 8-12, 13-17", "ma-di 08:00-12:00, 13:00-17:00; do 08:00-12:00, 13:00-17:00"),
        ("vr-ma 22:00-06:00", "ma 22:00-06:00; vr-zo 22:00-06:00"),
        ("ma-zo 0-24", "ma-zo 00:00-24:00"),
        ("mon-fri 8:00 to 16:00", "ma-vr 08:00-16:00"),
    ],
)
def test_hours_are_read_as_people_write_them(typed, read):
    assert week_text(parse_week(typed)) == read


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "week_empty"),
        ("ma-zo dicht", "week_empty"),
        ("8-17", "week_part"),
        ("ma", "week_part"),
        ("ma ٨-١٧", "week_part"),
        ("foo 8-17", "week_day"),
        ("ma-di-wo 8-17", "week_day"),
        ("ma 8", "week_hours"),
        ("ma 25-26", "week_time"),
        ("ma 8-17\0", "week_time"),
        ("ma 8-12, 11-13", "overlap"),
        ("ma 8-8", "empty_range"),
        ("x" * 100_000, "week_text"),
        (None, "week_text"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_with_the_piece_at_fault(typed, key):
    with pytest.raises(WeekError) as caught:
        parse_week(typed)
    assert caught.value.key == f"quiet.error.{key}"


@given(st.text(max_size=60))
def test_no_text_at_all_breaks_the_reader(text):
    try:
        week = parse_week(text)
    except QuietError:
        return
    assert week.hours


minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 6), st.tuples(minutes, minutes), min_size=1))
def test_a_week_written_down_reads_back_the_same(hours):
    try:
        week = SchoolWeek({day: (pair,) for day, pair in hours.items()})
    except WeekError:
        return
    assert parse_week(week_text(week)) == week
