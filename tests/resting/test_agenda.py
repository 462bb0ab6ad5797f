"""Calendar files: days and hours are read, everything hostile is refused in time."""

import time as clock
from datetime import date, time

import pytest

from bot.core.quiet_hours import Leave
from bot.errors import SettingError
from bot.resting.agenda import LARGEST, read_agenda
from bot.texts import has

TODAY = date(2026, 11, 24)


def calendar(*events: str) -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\n{one}\r\nEND:VEVENT\r\n" for n, one in enumerate(events)
    )
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//NL\r\n"
    return f"{head}{body}END:VCALENDAR\r\n".encode()


def whole_day(start: str, end: str, *more: str) -> str:
    days = (f"DTSTART;VALUE=DATE:{start}", f"DTEND;VALUE=DATE:{end}", "SUMMARY:Geheim")
    return "\r\n".join((*days, *more))


def lesson(start: str, end: str, zone: str = "Europe/Amsterdam", *more: str) -> str:
    return "\r\n".join((f"DTSTART;TZID={zone}:{start}", f"DTEND;TZID={zone}:{end}", *more))


def test_whole_days_become_leave_that_ends_on_its_last_day():
    agenda = read_agenda(calendar(whole_day("20261214", "20261219")), today=TODAY)
    assert agenda.leave() == (Leave(date(2026, 12, 14), date(2026, 12, 18)),)


def test_a_repetition_is_followed_with_its_exceptions():
    weekly = whole_day(
        "20261202", "20261203", "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;VALUE=DATE:20261209"
    )
    found = [one.start for one in read_agenda(calendar(weekly), today=TODAY).leave()]
    assert found == [date(2026, 12, 2), date(2026, 12, 16), date(2026, 12, 23)]


def test_what_is_past_or_far_away_is_left_out():
    past, far = whole_day("20251214", "20251219"), whole_day("20301214", "20301219")
    with pytest.raises(SettingError, match="empty"):
        read_agenda(calendar(past, far), today=TODAY)


def test_lessons_of_another_time_zone_are_read_in_dutch_time():
    events = (
        lesson("20261123T083000", "20261123T120000", "Europe/Amsterdam", "RRULE:FREQ=WEEKLY"),
        lesson("20261124T123000", "20261124T140000", "Europe/London", "RRULE:FREQ=WEEKLY;COUNT=9"),
    )
    agenda = read_agenda(calendar(*events), today=TODAY)
    assert (0, time(8, 30), time(12, 0)) in agenda.hours
    assert (1, time(13, 30), time(15, 0)) in agenda.hours
    assert agenda.lessons() == "ma 08:30-12:00; di 13:30-15:00"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "not_calendar"),
        (b"%PDF-1.7", "not_calendar"),
        (b"BEGIN:VCALENDAR\r\n" + b"x" * LARGEST, "too_large"),
        (b"BEGIN:VCALENDAR" + b"\0" * 50_000_000, "too_large"),
        (calendar(), "empty"),
        (calendar(whole_day("20261214", "20261210")), "nonsense"),
        (calendar(whole_day("20261214", "20261219", "RRULE:FREQ=SECONDLY")), "nonsense"),
        (calendar(whole_day("20261214", "20261219", "RRULE:FREQ=SOMETIMES")), "nonsense"),
        (calendar(whole_day("20261214", "20261219", "RRULE:COUNT=3")), "nonsense"),
        (calendar(whole_day("20261214", "20261219", "RRULE:FREQ=DAILY;BYHOUR=1,2,3")), "nonsense"),
        (calendar(whole_day("00010101", "00010102", "RRULE:FREQ=DAILY")), "nonsense"),
        (calendar(lesson("20261123T083000", "20261123T120000", "Mars/Olympus")), "zone"),
        (calendar("SUMMARY:zonder datum"), "nonsense"),
        (calendar(*(whole_day("20261214", "20261215") for _ in range(2_500))), "too_many"),
    ],
    ids=range(14),
)
def test_a_file_that_cannot_be_used_is_refused_with_a_reason(data, key):
    with pytest.raises(SettingError) as caught:
        read_agenda(data, today=TODAY)
    assert caught.value.key == f"rest.agenda.{key}"
    assert has(caught.value.key)
    assert "Geheim" not in str(caught.value)


def test_a_rule_that_never_comes_true_ends_in_time():
    never = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    many = calendar(*(whole_day("20000214", "20000215", never) for _ in range(400)))
    began = clock.perf_counter()
    with pytest.raises(SettingError):
        read_agenda(many, today=TODAY, seconds=3)
    assert clock.perf_counter() - began < 10
