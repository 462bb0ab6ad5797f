"""The story goes on by what really happens; the clock's named moments always lie ahead."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.demo.values import TEAM, Change, ChangeKind, private_chat
from bot.web.demo_moments import AMSTERDAM, moments, next_weekday_morning, written_moment
from bot.web.demo_story import Step, Story, follow


def happened(kind: ChangeKind, chat: str = TEAM) -> Change:
    return Change(1, kind, chat)


def test_the_whole_story_is_told_by_what_happens():
    story = Story()
    assert story.saw(happened(ChangeKind.CHECKED))
    assert story.saw(happened(ChangeKind.REMOVED))
    assert story.mail_came()
    assert story.mail_was_read()
    assert story.saw(happened(ChangeKind.HELD))
    assert story.saw(happened(ChangeKind.RETURNED))
    follow(
        story,
        [
            happened(ChangeKind.SAID, private_chat("anna")),
            happened(ChangeKind.WHISPERED, private_chat("anna")),
        ],
    )
    assert story.step is Step.END


def test_something_else_does_not_complete_a_step():
    story = Story()
    for kind in ChangeKind:
        if kind is not ChangeKind.CHECKED:
            assert not story.saw(happened(kind))
    assert not story.saw(happened(ChangeKind.CHECKED, private_chat("anna")))
    assert not story.mail_came()
    assert not story.mail_was_read()
    assert story.step is Step.HARMLESS


def test_advice_is_complete_when_somebody_asked_and_not_before():
    story = Story(Step.ADVICE)
    assert not story.saw(happened(ChangeKind.WHISPERED, private_chat("anna")))
    story.saw(happened(ChangeKind.SAID, private_chat("anna")))
    assert story.saw(happened(ChangeKind.WHISPERED, private_chat("anna")))


def test_skipping_walks_to_the_end_and_restarting_begins_anew():
    story = Story()
    for _ in range(20):
        story.skip()
    assert story.step is Step.END
    assert story.number == story.total + 1
    story.put_away()
    story.restart()
    assert (story.step, story.shown, story.number) == (Step.HARMLESS, True, 1)


def amsterdam(name: str, now: str) -> str:
    start = datetime.fromisoformat(now).replace(tzinfo=AMSTERDAM)
    found = moments(next_weekday_morning)[name](start.astimezone(UTC))
    return found.astimezone(AMSTERDAM).isoformat()[:16]


@pytest.mark.parametrize(
    ("name", "now", "then"),
    [
        ("school_day", "2026-11-24T10:14", "2026-11-24T10:15"),
        ("school_day", "2026-11-24T10:15", "2026-12-01T10:15"),
        ("evening", "2026-11-24T10:15", "2026-11-24T20:30"),
        ("weekend", "2026-11-24T20:30", "2026-11-28T11:00"),
        ("holiday", "2026-11-24T10:15", "2026-12-29T11:00"),
        ("holiday", "2026-12-29T11:00", "2027-12-29T11:00"),
        ("morning", "2026-11-24T20:30", "2026-11-25T07:30"),
        ("morning", "2026-11-27T20:30", "2026-11-30T07:30"),
        # The nights the clock changes.
        ("morning", "2027-03-27T23:30", "2027-03-29T07:30"),
        ("weekend", "2026-10-24T12:00", "2026-10-31T11:00"),
        ("spring", "2026-11-24T10:15", "2027-03-28T04:00"),
        ("autumn", "2026-11-24T10:15", "2027-10-31T04:00"),
        ("may", "2026-11-24T10:15", "2027-04-29T11:00"),
    ],
)
def test_a_named_moment_is_the_next_one(name, now, then):
    assert amsterdam(name, now) == then


@given(st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)), st.sampled_from(range(8)))
def test_every_named_moment_lies_ahead(now, which):
    find = list(moments(next_weekday_morning).values())[which]
    assert find(now.replace(tzinfo=UTC)) > now.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-12-24T19:00", "2026-12-24T18:00:00+00:00"),
        ("2026-07-01T19:00", "2026-07-01T17:00:00+00:00"),
        ("2026-12-24T19:00:00+00:00", "2026-12-24T19:00:00+00:00"),
    ],
)
def test_a_written_moment_is_dutch_time(written, utc):
    assert written_moment(written).isoformat() == utc


@pytest.mark.parametrize(
    "written", ["", "tomorrow", "0001-01-01T00:00", "9999-12-31T23:59", "2026-13-01", "\x00", "١"]
)
def test_a_moment_nobody_can_show_is_no_moment(written):
    assert written_moment(written) is None


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_none(written):
    found = written_moment(written)
    assert found is None or found.tzinfo is not None
