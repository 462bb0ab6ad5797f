"""The demo: an ordinary app on an in-memory chat, its own mail server and a clock to play with."""

import asyncio
import contextlib
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.adapters.demo.adapter import DemoAdapter
from bot.adapters.demo.mailbox import Mailbox
from bot.adapters.demo.room import Room
from bot.adapters.demo.values import PLATFORM
from bot.app import App, opened
from bot.config import Config, load
from bot.core.events import Account
from bot.detection.engine import Detector
from bot.resting.value import Rest
from bot.web.admin.site import UPLOADS, admin_routes
from bot.web.app import web_app
from bot.web.demo import SAY_LIMIT, demo_routes
from bot.web.serve import served
from bot.work.clock import MovableClock

DOMAIN = "schoolmatthijsje.nl"
TEAM = f"team@{DOMAIN}"
BEGIN = datetime(2026, 11, 24, 10, 15, tzinfo=ZoneInfo("Europe/Amsterdam"))

# Numbers the regulator keeps free for fiction, so that nobody's phone rings.
PEOPLE = (
    ("anna", "Anna de Vries", "0612345601", ("leerkracht",)),
    ("bert", "Bert Jansen", "0612345602", ("directie", "leidinggevende")),
    ("celine", "Celine Bakker", "0612345603", ("ib", "privacy_contact")),
)
ADMIN, PART_TIMER = "bert", "celine"


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a demo consists of, without its page."""

    app: App
    room: Room
    mailbox: Mailbox
    clock: MovableClock


@contextlib.asynccontextmanager
async def staged(
    folder: Path, *, begin: datetime = BEGIN, detector: Detector | None = None
) -> AsyncIterator[Stage]:
    """Run chat, mail server and app until the context ends; what they keep lies in `folder`."""
    clock = MovableClock(begin.astimezone(UTC))
    mailbox = Mailbox(now=clock.now)
    await mailbox.start()
    room = Room(clock.now)
    makers = {PLATFORM: lambda door, _: DemoAdapter(room, door)}
    config = _config(folder, mailbox)
    try:
        async with opened(config, makers, clock=clock, detector=detector) as app:
            await seed(app)
            async with _listening(app):
                yield Stage(app, room, mailbox, clock)
    finally:
        await mailbox.stop()


@contextlib.asynccontextmanager
async def demo(port: int = 0, *, story: bool = True) -> AsyncIterator[str]:
    """Run the whole demo until the context ends, giving its address; its data goes with it."""
    with tempfile.TemporaryDirectory(prefix="fluister-demo-") as folder:
        async with staged(Path(folder)) as stage, _page(stage, port, story) as url:
            yield url


def _config(folder: Path, mailbox: Mailbox) -> Config:
    return load(
        {
            "FLUISTER_DATA_DIR": str(folder),
            "FLUISTER_LEVEL": "act",
            "FLUISTER_TEAM_ADDRESS": TEAM,
            "FLUISTER_MAIL_FROM": f"fluister@{DOMAIN}",
            "FLUISTER_SMTP_URL": f"{mailbox.url}?starttls=never",
        }
    )


async def seed(app: App) -> None:
    """Set up the example school as an admin would have: people, address, hours, consent."""
    repository = app.house.repository
    school = await repository.school() or await repository.create_school("Matthijsje")
    rest = Rest(on=True, urgent=True)
    consent = date(2026, 9, 1)
    await repository.change_school(
        school.version,
        {
            "claimed": True,
            "team_address": TEAM,
            "team_address_confirmed": True,
            "level": app.house.level,
            "quiet": rest.write(),
            "pmr_on": consent,
            "dpia_on": consent,
        },
        by="demo",
    )
    for user, name, phone, roles in PEOPLE:
        person = await repository.add_person(
            school.id, name=name, email=f"{user}@{DOMAIN}", phone=phone, roles=roles
        )
        await repository.link_account(person.id, Account(PLATFORM, user, name))
        if user == PART_TIMER:
            await repository.change_person(person.id, works="ma di do", digest=True)
    await repository.add_admin(school.id, Account(PLATFORM, ADMIN, "Bert Jansen"))


@contextlib.asynccontextmanager
async def _listening(app: App) -> AsyncIterator[None]:
    task = asyncio.create_task(app.receive())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@contextlib.asynccontextmanager
async def _page(stage: Stage, port: int, story: bool) -> AsyncIterator[str]:
    app = stage.app
    routes = demo_routes(
        stage.room,
        stage.mailbox,
        stage.clock,
        app.clock_moved,
        story,
        app.rest.next_morning,
        manage=f"/beheer/demo/{ADMIN}",
    )
    routes += admin_routes(app.house, app.rest, app.resting, app.groups, app.leftovers)
    routes.append(Route("/beheer/demo/{who}", partial(_signed_in, app)))
    site = web_app(routes, body_limits={"/say": SAY_LIMIT, **UPLOADS})
    async with served(site, "127.0.0.1", port) as shown:
        app.house.web.url = f"http://127.0.0.1:{shown}"
        yield f"{app.house.web.url}/"


async def _signed_in(app: App, request: Request) -> Response:
    """Give whoever plays with the demo the link a colleague would get in the private chat."""
    who = request.path_params["who"]
    if who not in {user for user, *_ in PEOPLE}:
        return RedirectResponse("/", 303)
    now = app.house.clock.now()
    token = await app.house.repository.new_sign_in(Account(PLATFORM, who), now)
    return RedirectResponse(f"/beheer/in/{token}", 303)


async def serve(
    port: int, *, open_page: bool, say: Callable[[str], None], until: asyncio.Event
) -> None:
    """Run the demo until `until` is set, telling where it is."""
    async with demo(port) as url:
        say(url)
        if open_page:
            webbrowser.open(url)
        await until.wait()
