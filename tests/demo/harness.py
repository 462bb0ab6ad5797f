"""A pretend Fluister behind the demo page: enough to look at and to drive, nothing real.

Run it by hand with `python -m tests.demo.harness [port]`.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import aiosmtplib
import uvicorn

from bot.adapters.base import Button, LockGroup, Post, RemoveMessage, ShowPrivately, UnlockGroup
from bot.adapters.demo.adapter import DemoAdapter
from bot.adapters.demo.mailbox import Mailbox
from bot.adapters.demo.room import Room
from bot.adapters.demo.values import PLATFORM, TEAM
from bot.core.events import (
    BotAdded,
    ButtonPressed,
    ChatRef,
    Incoming,
    MessagePosted,
    Pass,
    Place,
    Receipt,
    Refuse,
)
from bot.web.app import web_app
from bot.web.demo import SAY_LIMIT, demo_routes
from bot.work.clock import MovableClock

GROUP = ChatRef(PLATFORM, TEAM)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
BEGIN = datetime(2026, 11, 24, 10, 15, tzinfo=AMSTERDAM)


class PretendFluister:
    """Knows one confidential phrase and the hours from half past seven to five."""

    def __init__(self, room: Room, mailbox: Mailbox, clock: MovableClock) -> None:
        self.adapter = DemoAdapter(room, self.on_incoming)
        self._mailbox = mailbox
        self._clock = clock
        self._copies: dict[str, tuple[MessagePosted, str]] = {}
        self._held: list[MessagePosted] = []
        self._key = 0

    async def on_incoming(self, event: Incoming) -> Receipt:
        match event:
            case BotAdded():
                await self._act(Post(GROUP, HELLO))
            case MessagePosted(place=Place.PRIVATE):
                await self._act(ShowPrivately(event.sender, ADVICE))
            case MessagePosted(delivered=False):
                self._held.append(event)
                return Refuse("Bewaard tot woensdag 25 november, 07:30.")
            case MessagePosted() if "Veilig Thuis" in event.text:
                await self._whisper(event)
            case ButtonPressed():
                await self._pressed(event)
            case _:
                pass
        return Pass()

    async def clock_moved(self) -> None:
        local = self._clock.now().astimezone(AMSTERDAM)
        works = local.weekday() < 5 and 7.5 <= local.hour + local.minute / 60 < 17
        if not works:
            await self._act(
                LockGroup(
                    GROUP,
                    LOCKED,
                )
            )
            return
        await self._act(UnlockGroup(GROUP))
        for event in self._held:
            await self._act(Post(GROUP, event.text, event.sender))
        self._held.clear()

    async def _whisper(self, event: MessagePosted) -> None:
        await asyncio.sleep(0.1)
        await self._act(RemoveMessage(GROUP, event.message))
        token = f"t{event.message}"
        others = ("Stuur naar…", "Herschrijf", "Toch plaatsen", "Niet vertrouwelijk", "Wis het")
        team = Button("Stuur naar team@schoolmatthijsje.nl", token)
        buttons = ((team,), *((Button(label, label),) for label in others))
        done = await self._act(ShowPrivately(event.sender, WHISPER, buttons, GROUP))
        self._copies[token] = (event, done.message or "")

    async def _pressed(self, event: ButtonPressed) -> None:
        if event.token not in self._copies:
            return
        posted, shown = self._copies.pop(event.token)
        mail = EmailMessage()
        mail["From"] = "Anna de Vries via Fluister <fluister@schoolmatthijsje.nl>"
        mail["To"] = "team@schoolmatthijsje.nl"
        mail["Subject"] = "Bericht uit de teamgroep"
        mail.set_content(f"Anna schreef op dinsdag 24 november om 10:15:\n\n{posted.text}\n")
        await aiosmtplib.send(mail, hostname="127.0.0.1", port=self._mailbox.port, start_tls=False)
        await self._act(ShowPrivately(event.by, SENT, replaces=shown))
        await self._act(Post(GROUP, "Een bericht is verplaatst naar de mail (intern 3)."))

    async def _act(self, action):
        self._key += 1
        return await self.adapter.act(action, str(self._key))


HELLO = """\
Hallo! Ik ben Fluister. Ik help ons team om vertrouwelijke berichten uit deze groep te houden en \
vrije tijd vrij te houden.
• Ik lees de berichten in deze groep. Gewone berichten bewaar ik niet.
• Lijkt iets vertrouwelijk? Dan zeg ik dat alleen tegen de schrijver. Wat daarvoor nodig is, \
bewaar ik versleuteld en kort; wat er gebeurde (zonder tekst of naam) 30 dagen.
• Niemand krijgt punten of een rapport.
• Vragen? Schrijf me privé, of typ /help."""
LOCKED = """\
Het is rusttijd tot woensdag 25 november 07:30. Wat je nu schrijft, bewaar ik tot dan. \
Dringend? Bel elkaar."""
WHISPER = """\
Je bericht is niet meer in de groep. Ik las er iets in over een leerling en jeugdzorg, en dat \
hoort bij ons niet in de groepsapp (Intern 3).
Doe je niets, dan gaat het om 10:25 per mail naar team@schoolmatthijsje.nl. Je mag ook zelf \
kiezen."""
SENT = """\
Geregeld. Je bericht is per mail naar team@schoolmatthijsje.nl gegaan. In de groep staat alleen \
dat er een bericht is verplaatst."""
ADVICE = (
    "Nee, dat kan niet in de teamgroep. Daar staan alleen korte berichten zonder vertrouwelijke"
    " informatie (Intern 3). Stuur het naar team@ of bespreek het met de intern begeleider."
)


@dataclass
class Pretence:
    url: str
    room: Room
    mailbox: Mailbox
    clock: MovableClock
    fluister: PretendFluister
    site: object


@contextlib.asynccontextmanager
async def pretence(port: int = 0, story: bool = True) -> AsyncIterator[Pretence]:
    clock = MovableClock(BEGIN.astimezone(UTC))
    mailbox = Mailbox(now=clock.now)
    await mailbox.start()
    room = Room(clock.now)
    fluister = PretendFluister(room, mailbox, clock)
    receiving = asyncio.create_task(fluister.adapter.receive())
    routes = demo_routes(room, mailbox, clock, fluister.clock_moved, story)
    site = web_app(routes, body_limits={"/say": SAY_LIMIT})
    server = uvicorn.Server(
        uvicorn.Config(site, "127.0.0.1", port, log_config=None, timeout_graceful_shutdown=1)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        yield Pretence(url, room, mailbox, clock, fluister, site)
    finally:
        await fluister.adapter.close()
        server.should_exit = True
        await serving
        receiving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await receiving
        await mailbox.stop()


async def _main() -> None:
    async with pretence(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as running:
        print(running.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
