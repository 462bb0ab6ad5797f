"""Whatever is written, changed, withdrawn or killed over some days: each word comes once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.base import Post, ShowPrivately
from bot.core.events import MessageDeleted, MessageEdited, MessagePosted
from bot.resting.value import Rest
from tests.journeys.chat import ABLE, refuse
from tests.journeys.school import School

pytestmark = pytest.mark.asyncio(loop_scope="module")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=AMSTERDAM)
# Monday to Friday 07:30-17:30 for the team; Cel works on Monday, Tuesday and Thursday.
FREE = (2, 4)


@dataclass(frozen=True)
class Step:
    """One thing that happens; `which` points at an earlier message, `hours` moves the clock."""

    kind: str
    which: int
    hours: int


@dataclass
class Written:
    """A message as the model knows it; `landed` is when it came into the group."""

    event: MessagePosted
    text: str
    landed: datetime | None = None
    held: bool = False
    gone: bool = False
    urgent: bool = False
    due_for_cel: datetime | None = None
    buttons: dict[str, str] = field(default_factory=dict)


STEPS = st.builds(
    Step,
    st.sampled_from(["say", "say", "say", "later", "later", "withdraw", "edit", "delete", "urgent",
                     "dies", "refused"]),
    st.integers(0, 5),
    st.sampled_from([3, 9, 14, 24, 48, 72]),
)  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module")
async def resting(school: School) -> AsyncIterator[School]:
    before = (await school.app.house.school()).school
    await school.change(quiet=Rest(on=True, urgent=True).write())
    repository = school.app.house.repository
    people = {one.name: one for one in await repository.people(before.id)}
    await repository.change_person(people["Cel Bakker"].id, works="ma di do", digest=True)
    yield school
    await repository.change_person(people["Cel Bakker"].id, works="", digest=False)
    await school.change(quiet=before.quiet)


def works(at: datetime) -> bool:
    here = at.astimezone(AMSTERDAM)
    return here.weekday() < 5 and "07:30" <= f"{here:%H:%M}" < "17:30"


def first_of_cel(at: datetime) -> datetime:
    """Her next working moment, read off the wall clock."""
    here = at.astimezone(AMSTERDAM)
    while not works(here) or here.weekday() in FREE:
        here += timedelta(minutes=1)
    return here


def opens(at: datetime) -> datetime:
    here = at.astimezone(AMSTERDAM)
    while not works(here):
        here += timedelta(minutes=1)
    return here


class Play:
    """Carries steps out on the school, and keeps beside it what should come of them."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.all: list[Written] = []

    def now(self) -> datetime:
        return self.school.clock.now()

    def land(self, one: Written) -> None:
        now = self.now()
        one.landed, one.held = now, False
        begins = first_of_cel(now)
        one.due_for_cel = begins if begins > opens(now) else None

    async def step(self, step: Step) -> None:
        if step.kind == "say":
            await self.say(step.which)
        elif step.kind == "later":
            await self.later(step.hours)
        elif step.kind == "dies":
            self.school.chat.died_after.append(((Post, ShowPrivately)[step.which % 2], int))
        elif step.kind == "refused":
            kind = (Post, ShowPrivately)[step.which % 2]
            self.school.chat.faults.append(refuse(kind, permanent=False, times=1))
        elif self.all:
            await self.change(step.kind, self.all[step.which % len(self.all)])
        await self.school.settled()

    async def say(self, which: int) -> None:
        quiet, number = not works(self.now()), next(self.school.count)
        text = f"Bericht {number}x: wie neemt de sleutel mee?"
        who = ("anna", "bert")[which % 2]
        event = await self.school.say(text, who, delivered=not quiet)
        one = Written(event, text, held=quiet)
        self.all.append(one)
        if quiet:
            one.buttons = {button.label: button.token for button in self.school.buttons(who)}
        else:
            self.land(one)

    async def later(self, hours: int) -> None:
        self.school.clock.set(self.now() + timedelta(hours=hours))
        await self.school.app.clock_moved()
        await self.school.settled()
        await self.school.app.rest.look()
        await self.school.settled()
        if works(self.now()):
            for one in self.all:
                if one.held:
                    self.land(one)

    async def change(self, kind: str, one: Written) -> None:
        told = one.due_for_cel is not None and one.due_for_cel <= self.now()
        if kind == "withdraw" and one.held:
            await self.school.press_token(one.buttons["Neem terug"], one.event.sender.user)
            one.gone, one.held = True, False
        elif kind == "urgent" and one.held and not works(self.now()):
            who = one.event.sender.user
            await self.school.press_token(one.buttons["Toch nu (dringend)"], who)
            await self.school.press("Iets met het gebouw", who)
            one.urgent = True
            self.land(one)
        elif kind == "edit" and not one.gone and (one.held or not one.buttons) and not told:
            one.text = f"Bericht {next(self.school.count)}x: het is veranderd"
            one.event = replace(one.event, revision=one.event.revision + 1, text=one.text)
            await self.school.tell(MessageEdited(one.event))
            if not one.held and one.due_for_cel is None:
                self.land(one)
        elif kind == "delete" and (one.held or not one.buttons) and not told:
            at = self.now()
            await self.school.tell(MessageDeleted(one.event.chat, one.event.message, at))
            one.gone, one.held = True, False

    async def end(self) -> None:
        self.school.chat.died_after.clear()
        self.school.chat.faults.clear()
        for _ in range(2):
            monday = self.now().astimezone(AMSTERDAM).replace(hour=10, minute=0)
            monday += timedelta(days=7 - monday.weekday())
            self.school.clock.set(monday)
            await self.later(0)

    def check(self) -> None:
        posts = "\n".join(post.text for post in self.school.chat.posts())
        told = "\n".join(shown.text for shown in self.school.chat.whispers("cel"))
        for one in self.all:
            if one.buttons:
                assert posts.count(one.text) == int(not one.gone), "in the group once"
            wanted = int(not one.gone and one.due_for_cel is not None)
            assert told.count(one.text) == wanted, "told to who was free, once"
        held = [one.text for one in self.all if one.buttons and not (one.gone or one.urgent)]
        places = [posts.index(text) for text in held]
        assert places == sorted(places), "in the order they were written"


@settings(
    max_examples=10, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(script=st.lists(STEPS, min_size=4, max_size=12), start=st.sampled_from([0, 8, 34, 58, 80]))
async def test_each_message_comes_once_to_whom_it_should(
    resting: School, script: list[Step], start: int
) -> None:
    resting.chat.as_new()
    resting.chat.capabilities = replace(ABLE, hold_before_delivery=True)
    play = Play(resting)
    resting.clock.set(MONDAY)
    await play.later(start)
    for step in script:
        await play.step(step)
    await play.end()
    play.check()
