"""A whole Fluister behind the tests' own chat; events are handed in by hand, in any order."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.adapters.base import Button
from bot.adapters.demo.mailbox import Mailbox
from bot.app import App, opened
from bot.config import load
from bot.core.capabilities import Capabilities
from bot.core.events import (
    Account,
    BotAdded,
    ButtonPressed,
    ChatRef,
    CommandGiven,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Place,
    Receipt,
)
from bot.core.policy import Level
from bot.detection.engine import Detector
from bot.resting.value import Rest
from bot.storage.records import Case, Incident
from bot.work.clock import MovableClock
from tests.journeys.chat import ABLE, NAME, TEAM, Chat

BEGIN = datetime(2026, 11, 24, 10, 15, tzinfo=ZoneInfo("Europe/Amsterdam")).astimezone(UTC)
DIAGNOSIS = "Sem uit groep 6 heeft gisteren de diagnose ADHD gekregen"
ABSENT = "Lieke uit groep 2 is al drie weken niet op school geweest"
DOMAIN = "schoolmatthijsje.nl"
ADDRESS = f"team@{DOMAIN}"
SOON = 0.2


@dataclass
class School:
    """A running app, its chat, its mailbox, and hands to drive them with."""

    app: App
    chat: Chat
    clock: MovableClock
    mailbox: Mailbox
    count: itertools.count = field(default_factory=lambda: itertools.count(1))
    mails_before: int = 0

    async def as_new(self) -> None:
        """Forget what earlier tests of the module did; message ids stay unique."""
        await self.settled()
        self.chat.as_new()
        self.clock.set(BEGIN)
        self.mails_before = len(self.mailbox.messages())
        await self.change(level=Level.ACT, levels={}, team_address=ADDRESS,
                          team_address_confirmed=True)  # fmt: skip

    def posted(self, text: str, who: str = "anna", **given: object) -> MessagePosted:
        now = self.clock.now()
        event = MessagePosted(
            TEAM, f"m{next(self.count)}", self.account(who), now, Place.TEAM, text
        )
        return replace(event, **given)

    def account(self, who: str) -> Account:
        return Account(NAME, who, who.capitalize())

    async def tell(self, event: object) -> Receipt:
        return await self.app.intake.on_incoming(event)  # type: ignore[arg-type]

    async def say(self, text: str, who: str = "anna", **given: object) -> MessagePosted:
        event = self.posted(text, who, **given)
        await self.tell(event)
        await self.settled()
        return event

    async def edit(self, event: MessagePosted, text: str, revision: int = 1) -> MessagePosted:
        edited = replace(event, text=text, revision=revision)
        await self.tell(MessageEdited(edited))
        await self.settled()
        return edited

    async def delete(self, event: MessagePosted) -> None:
        await self.tell(MessageDeleted(event.chat, event.message, self.clock.now()))
        await self.settled()

    async def write(self, who: str, text: str) -> str:
        """Write to Fluister privately, and give back the last thing it answered."""
        ref = ChatRef(NAME, f"private:{who}")
        await self.say(text, who, chat=ref, place=Place.PRIVATE)
        return self.heard(who)

    async def command(
        self, who: str, command: str, argument: str = "", ref: ChatRef | None = None
    ) -> str:
        where = ref or ChatRef(NAME, f"private:{who}")
        place = Place.TEAM if ref else Place.PRIVATE
        at = self.clock.now()
        event = CommandGiven(where, self.account(who), command, at, place, argument)
        await self.tell(event)
        await self.settled()
        return self.heard(who)

    def heard(self, who: str = "anna") -> str:
        shown = self.chat.whispers(who)
        return shown[-1].text if shown else ""

    def buttons(self, who: str = "anna") -> list[Button]:
        shown = self.chat.whispers(who)
        return [button for row in shown[-1].buttons for button in row] if shown else []

    def labels(self, who: str = "anna") -> list[str]:
        return [button.label for button in self.buttons(who)]

    def button(self, label: str, who: str = "anna") -> str:
        return next(b.token for b in self.buttons(who) if label in b.label)

    async def press_token(self, token: str, who: str = "anna") -> Receipt:
        event = ButtonPressed(TEAM, self.account(who), token, self.clock.now())
        receipt = await self.tell(event)
        await self.settled()
        return receipt

    async def tell_press(self, label: str, who: str = "anna") -> None:
        """Press without waiting for what comes of it."""
        token = self.button(label, who)
        await self.tell(ButtonPressed(TEAM, self.account(who), token, self.clock.now()))

    async def press(self, label: str, who: str = "anna") -> Receipt:
        return await self.press_token(self.button(label, who), who)

    async def settled(self) -> None:
        await self.app.engine.wait_idle(20)

    async def eventually(self, holds: Callable[[], object], seconds: float = 12.0) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
            await asyncio.sleep(0.03)

    async def later(self, **span: float) -> None:
        self.clock.set(self.clock.now() + timedelta(**span))
        await self.app.clock_moved()
        await self.settled()

    def mails(self) -> list:
        got = self.mailbox.messages()
        return got[: len(got) - self.mails_before]

    async def case(self, event: MessagePosted) -> Case:
        found = await self.app.house.repository.case_for(event.chat, event.message)
        assert found is not None
        return found

    async def known(self, event: MessagePosted) -> bool:
        return await self.app.house.repository.case_for(event.chat, event.message) is not None

    async def incidents(self) -> tuple[Incident, ...]:
        org = (await self.app.house.school()).school.id
        return await self.app.house.repository.incidents(org, BEGIN - timedelta(days=1))

    async def counts(self) -> dict[str, int]:
        org = (await self.app.house.school()).school.id
        return {c.name: c.count for c in await self.app.house.repository.counts(org)}

    async def change(self, **changes: object) -> None:
        school = (await self.app.house.school()).school
        await self.app.house.repository.change_school(school.version, changes, by="test")


@contextlib.asynccontextmanager
async def running(
    folder: Path,
    detector: Detector,
    *,
    level: Level | None = Level.ACT,
    caps: Capabilities = ABLE,
    smtp_url: str = "",
    rest: bool = True,
    wait: float | None = SOON,
) -> AsyncIterator[School]:
    """Run a school at `level`; without one it is not even claimed. No mail is retried at once."""
    clock = MovableClock(BEGIN)
    mailbox = Mailbox(now=clock.now)
    await mailbox.start()
    chat = Chat(caps)
    given = {
        "FLUISTER_DATA_DIR": str(folder),
        "FLUISTER_MAIL_FROM": f"fluister@{DOMAIN}",
        "FLUISTER_SMTP_URL": smtp_url or f"{mailbox.url}?starttls=never",
        "FLUISTER_SECRET_KEY": "k" * 40,
    }
    makers = {NAME: lambda door, state: chat}
    try:
        async with opened(
            load(given), makers, clock=clock, detector=detector, mail_wait=lambda n: wait, poll=0.03
        ) as app:
            school = School(app, chat, clock, mailbox)
            if level is not None:
                await seed(school, level, rest=rest)
            await school.settled()
            yield school
    finally:
        await mailbox.stop()


async def seed(school: School, level: Level, *, rest: bool) -> None:
    """What an admin would have set up: consent, address, hours, three colleagues."""
    repository = school.app.house.repository
    made = await repository.school() or await repository.create_school("Matthijsje")
    consent = date(2026, 9, 1)
    await school.change(
        claimed=True,
        team_address=ADDRESS,
        team_address_confirmed=True,
        level=level,
        quiet=Rest(on=rest).write(),
        pmr_on=consent,
        dpia_on=consent,
    )
    for user, name in (("anna", "Anna de Vries"), ("bert", "Bert Jansen"), ("cel", "Cel Bakker")):
        person = await repository.add_person(made.id, name=name, email=f"{user}@{DOMAIN}")
        await repository.link_account(person.id, school.account(user))
    await repository.add_admin(made.id, school.account("bert"))
    await school.tell(BotAdded(TEAM, school.clock.now(), Place.TEAM, "Team"))
