"""The quiet calendar as a file: what it holds, and that we read our own back."""

from datetime import UTC, date, datetime

import icalendar
import recurring_ical_events

from bot.core.quiet_hours import at_local, team_open
from bot.resting.agenda import read_agenda
from bot.resting.publish import quiet_calendar
from bot.resting.sentences import change_rest, with_agenda
from bot.resting.value import Rest, calendar_for

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def school() -> Rest:
    rest = Rest()
    for sentence in ("ma-do 8-17; vr 8-12", "bevestig", "studiedag 8-2-2027", "vrij Brug 7-5-2027"):
        rest = change_rest(rest, sentence, today=TODAY)
    return rest


def test_what_was_written_out_reads_back_as_the_same_free_days():
    rest = school()
    agenda = read_agenda(quiet_calendar(rest, TODAY, NOW), today=TODAY)
    back = with_agenda(change_rest(Rest(), "ma-do 8-17; vr 8-12", today=TODAY), agenda.days)
    assert back.study == rest.study
    before, after = calendar_for(rest), calendar_for(back)
    day = TODAY
    while day < date(2027, 9, 1):
        at = at_local(before, datetime(day.year, day.month, day.day, 10))
        assert team_open(before, at) == team_open(after, at), day
        day = date.fromordinal(day.toordinal() + 1)


def test_working_hours_leave_out_holidays_and_follow_the_clock_change():
    calendar = icalendar.Calendar.from_ical(quiet_calendar(school(), TODAY, NOW))
    times = recurring_ical_events.of(calendar).between(date(2027, 3, 25), date(2027, 3, 31))
    working = [one.start.astimezone(UTC) for one in times if isinstance(one.start, datetime)]
    assert datetime(2027, 3, 25, 7, tzinfo=UTC) in working, "winter time: 08:00 is 07:00 UTC"
    assert datetime(2027, 3, 30, 6, tzinfo=UTC) in working, "summer time: 08:00 is 06:00 UTC"
    assert {one.day for one in working} == {25, 30}, "Good Friday and Easter are free"


def test_nothing_about_any_person_is_in_it():
    assert b"ATTENDEE" not in quiet_calendar(school(), TODAY, NOW)
