"""Ticks: real seconds and domain boundaries."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.work.boundaries import Boundaries
from bot.work.clock import MovableClock

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def half_past_seven(after: datetime) -> datetime:
    local = after.astimezone(AMSTERDAM)
    today = local.replace(hour=7, minute=30, second=0, microsecond=0)
    return (today if today > local else today + timedelta(days=1)).astimezone(UTC)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(at("2027-01-11T12:00"))


@pytest.fixture
async def boundaries(clock) -> AsyncIterator[Boundaries]:
    boundaries = Boundaries(clock)
    yield boundaries
    await boundaries.close()


async def test_a_boundary_ticks_when_domain_time_reaches_it(clock, boundaries, wait_until):
    ticks = []

    async def on_tick(boundary):
        ticks.append((boundary, clock.now()))

    clock.set(at("2027-01-12T06:29:59.7"))
    boundaries.watch("morning", half_past_seven, on_tick)
    boundaries.start()
    await wait_until(lambda: bool(ticks))
    boundary, seen = ticks[0]
    assert boundary == at("2027-01-12T06:30")
    assert timedelta(0) <= seen - boundary < timedelta(seconds=2)
    await asyncio.sleep(0.2)
    assert len(ticks) == 1


async def test_a_clock_moved_far_ahead_ticks_once_with_the_latest_boundary(clock, boundaries):
    ticks = []

    async def on_tick(boundary):
        ticks.append(boundary)

    boundaries.watch("morning", half_past_seven, on_tick)
    boundaries.start()
    clock.set(at("2027-01-15T12:00"))
    await boundaries.moved()
    await boundaries.moved()
    assert ticks == [at("2027-01-15T06:30")]


async def test_a_clock_moved_back_ticks_nothing_by_itself(clock, boundaries):
    ticks = []

    async def on_tick(boundary):
        ticks.append(boundary)

    boundaries.watch("morning", half_past_seven, on_tick)
    boundaries.start()
    clock.set(at("2027-01-13T12:00"))
    await boundaries.moved()
    clock.set(at("2027-01-11T12:00"))
    await boundaries.moved()
    assert ticks == [at("2027-01-13T06:30")]
    clock.set(at("2027-01-12T12:00"))
    await boundaries.moved()
    assert ticks == [at("2027-01-13T06:30"), at("2027-01-12T06:30")]


async def test_a_boundary_that_fails_stays_due_and_hides_nothing_from_others(
    clock, boundaries, monkeypatch, wait_until, caplog
):
    monkeypatch.setattr("bot.work.boundaries._AFTER_TROUBLE", 0.05)
    ticks = []

    async def broken(boundary):
        ticks.append(boundary)
        if len(ticks) == 1:
            raise ValueError("Kim vertelde iets")

    def no_calendar(after):
        raise ValueError("Kim vertelde iets")

    others = []

    async def fine(boundary):
        others.append(boundary)

    boundaries.watch("calendar", no_calendar, fine)
    boundaries.watch("broken", half_past_seven, broken)
    boundaries.watch("fine", half_past_seven, fine)
    boundaries.start()
    clock.set(at("2027-01-12T12:00"))
    await boundaries.moved()
    await wait_until(lambda: len(ticks) == 2)
    assert ticks == [at("2027-01-12T06:30")] * 2
    assert others == [at("2027-01-12T06:30")]
    assert "Kim" not in caplog.text
    assert "boundary broken raised ValueError" in caplog.text


async def test_a_boundary_that_never_comes_is_asked_for_again_after_a_move(clock, boundaries):
    ticks = []
    holiday = at("2027-02-01T00:00")

    async def on_tick(boundary):
        ticks.append(boundary)

    boundaries.watch("once", lambda after: holiday if after < holiday else None, on_tick)
    boundaries.watch("never", lambda after: None, on_tick)
    boundaries.start()
    clock.set(at("2027-03-01T00:00"))
    await boundaries.moved()
    await boundaries.moved()
    assert ticks == [holiday]


async def test_a_moved_clock_during_a_tick_does_not_tick_that_boundary_twice(clock, boundaries):
    ticks = []

    async def on_tick(boundary):
        ticks.append(boundary)
        await boundaries.moved()

    boundaries.watch("morning", half_past_seven, on_tick)
    boundaries.start()
    clock.set(at("2027-01-12T12:00"))
    await boundaries.moved()
    assert ticks == [at("2027-01-12T06:30")]


async def test_a_clock_moved_without_a_word_is_noticed(clock, boundaries, monkeypatch, wait_until):
    monkeypatch.setattr("bot.work.boundaries._LONGEST_WAIT", 0.05)
    ticks = []

    async def on_tick(boundary):
        ticks.append(boundary)

    boundaries.watch("morning", half_past_seven, on_tick)
    boundaries.start()
    clock.set(at("2027-01-12T12:00"))
    await wait_until(lambda: bool(ticks))
    assert ticks == [at("2027-01-12T06:30")]


async def test_a_repeated_tick_never_overlaps_itself_and_survives_errors(boundaries, wait_until):
    running, most, count = 0, 0, 0

    async def tick():
        nonlocal running, most, count
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.12)
        running -= 1
        count += 1
        raise ValueError

    boundaries.every(0.05, "test", tick)
    boundaries.start()
    await wait_until(lambda: count >= 3)
    assert most == 1


async def test_nothing_ticks_after_closing(clock, boundaries):
    ticks = []

    async def on_tick(boundary=None):
        ticks.append(boundary)

    boundaries.every(0.05, "test", on_tick)
    boundaries.watch("soon", lambda after: after + timedelta(seconds=0.05), on_tick)
    boundaries.start()
    await boundaries.close()
    await boundaries.close()
    await asyncio.sleep(0.3)
    assert ticks == []
