"""Commands that run something or look how it runs: demo, run, doctor, work, db, admin."""

import asyncio
import contextlib
import signal
import sys
from typing import Annotated

import typer

from bot import doctor as health
from bot.adapters.registry import platforms
from bot.app import App, opened
from bot.cli.common import print_json, settings, with_storage
from bot.delivery.leftovers import Left, ask_retry
from bot.demo import serve as serve_demo
from bot.errors import ConfigError
from bot.running import makers_for, pages, pages_bind, run_until
from bot.storage.repository import Repository
from bot.texts import text

db = typer.Typer(help="The database.", no_args_is_help=True)
admin = typer.Typer(help="Who administers the school.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(demo)
    app.command()(run)
    app.command()(doctor)
    app.command()(work)
    app.add_typer(db, name="db")
    app.add_typer(admin, name="admin")


def demo(
    port: Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.")] = 8765,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")] = True,
) -> None:
    """Show Fluister at work: three phones, a mailbox and a clock, on this machine only."""

    def say(url: str) -> None:
        typer.echo(f"De demo staat op {url}  (Ctrl+C stopt)")

    async def go() -> None:
        await serve_demo(port, open_page=open_page, say=say, until=_interrupted())

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(go())


def run() -> None:
    """Run Fluister on the platforms whose keys are set, until stopped."""
    config = settings()
    makers = makers_for(config, platforms())
    if not makers:
        known = ", ".join(platform.name for platform in platforms()) or "none yet"
        raise ConfigError(
            f"no platform is configured (known: {known}). Set its keys, see"
            " deploy/fluister.env.example, or try `fluister demo`."
        )

    async def go() -> None:
        async with opened(config, makers) as app, pages(app, config):
            await _offer_claim(app)
            await run_until(app, _interrupted())

    asyncio.run(go())


async def _offer_claim(app: App) -> None:
    """Show the first admin's code on a terminal; never where output becomes a log."""
    if not sys.stdout.isatty():
        return
    code = await app.claim_code()
    if code:
        typer.echo(f"Code voor de beheerder (24 uur geldig, stuur hem privé): {code}")


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database to this version's shape; also done at every start."""

    async def nothing(repository: Repository) -> None:
        del repository

    with_storage(nothing)
    typer.echo("De database is bij.")


@admin.command("code")
def code() -> None:
    """Print a one-time code with which somebody becomes the school's admin, in private chat."""

    async def make(repository: Repository) -> str:
        school = await repository.school() or await repository.create_school("School")
        return await repository.new_admin_code(school.id, health.now())

    typer.echo(with_storage(make))


@admin.command("link")
def link() -> None:
    """Print a one-time link, good for ten minutes, to the admin pages of the running Fluister."""
    config = settings()
    bind = pages_bind(config)
    home = config.get("FLUISTER_WEB_URL").rstrip("/") or (
        f"http://{bind[0].replace('0.0.0.0', '127.0.0.1')}:{bind[1]}" if bind else ""  # noqa: S104
    )
    if not home:
        raise ConfigError("a platform listens on FLUISTER_WEB_BIND: set FLUISTER_ADMIN_BIND.")

    async def make(repository: Repository) -> str:
        return await repository.new_sign_in(None, health.now())

    typer.echo(f"{home}/beheer/in/{with_storage(make)}")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for machines.")] = False,
    quick: Annotated[bool, typer.Option(help="Only what a container asks every minute.")] = False,
) -> None:
    """Check settings, database, detector, policy, mail server and platforms."""
    checks = asyncio.run(health.examine(settings(), quick=quick))
    if as_json:
        print_json([check.as_json() for check in checks])
    else:
        for check in checks:
            typer.echo(f"{'✓' if check.good else '✗'} {check.name}: {check.says}")
    if not all(check.good for check in checks):
        raise typer.Exit(1)


def work(
    retry: Annotated[
        bool, typer.Option("--retry", help="Give what gave up another go: at once where it runs.")
    ] = False,
) -> None:
    """Show how much work gave up or is late and how many mails are uncertain; never whose."""

    async def look(repository: Repository) -> Left:
        found = await health.left_behind(settings(), repository)
        if retry and found.gave_up:
            await ask_retry(repository)
            school = await repository.school() or await repository.create_school("School")
            await repository.note_change(school.id, "cli", "work_retry")
        return found

    found = with_storage(look)
    for line in found.lines():
        typer.echo(line)
    if retry:
        typer.echo(text("work.asked" if found.gave_up else "work.nothing", count=found.gave_up))


def _interrupted() -> asyncio.Event:
    """An event that is set by Ctrl+C or a polite kill."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, event.set)
    return event
