"""Commands about the school's hours: quiet."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.app import moment
from bot.cli.common import bytes_of, colleague, policy_named, print_json, with_storage
from bot.core.quiet_hours import (
    QuietError,
    SchoolCalendar,
    WorkingTime,
    is_working,
    local_day,
    next_working,
    team_open,
    why,
)
from bot.delivery.render import moment as shown
from bot.delivery.rest import asked, is_late, waiting_in, was_asked
from bot.doctor import now
from bot.errors import ConfigError, SettingError
from bot.people import working_time
from bot.resting.agenda import read_agenda
from bot.resting.dates import shown as shown_words
from bot.resting.publish import quiet_calendar
from bot.resting.school import change_school_rest, stored
from bot.resting.sentences import change_rest, rest_of, with_agenda
from bot.resting.summary import school_summary
from bot.resting.value import Rest, calendar_for
from bot.storage.records import Case, CaseState, Person, School
from bot.storage.repository import Repository
from bot.texts import text

quiet = typer.Typer(help="Quiet hours.", no_args_is_help=True)
T = TypeVar("T")
ZONE = "Europe/Amsterdam"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(quiet, name="quiet")


@quiet.command("at")
def at(
    when: Annotated[str, typer.Argument(help="Such as 2026-12-24T19:00 (Dutch time).")],
    person: Annotated[str | None, typer.Option(help="A colleague's school e-mail.")] = None,
    region: Annotated[str | None, typer.Option(help="Noord, Midden or Zuid.")] = None,
    week: Annotated[str | None, typer.Option(help='Such as "ma-vr 07:30-17:30".')] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for machines.")] = False,
) -> None:
    """Say whether a moment is working time, why, and when the next working moment is."""
    rest, who = with_storage(lambda repository: _stored(repository, person))
    try:
        instant = _moment(when)
        calendar = _calendar(rest, week=week, region=region)
        time = working_time(who, calendar) if who else WorkingTime(calendar)
        works, following, reason = (
            is_working(time, instant),
            next_working(time, instant),
            why(time, instant),
        )
    except (SettingError, QuietError) as wrong:
        typer.echo(text(wrong.key, **wrong.values), err=True)
        raise typer.Exit(1) from None
    if as_json:
        print_json(
            {
                "working": works,
                "reason": reason.kind.value,
                "name": reason.name,
                "next_working": following.isoformat() if following else None,
            }
        )
        return
    said = text(f"quiet.why.{reason.kind.value}", name=reason.name)
    typer.echo(said)
    if not works and following:
        typer.echo(f"→ {shown(following, language='nl', zone=ZONE, now=instant)}")


def _moment(typed: str) -> datetime:
    try:
        return moment(typed.strip(), ZONE)
    except (ValueError, OverflowError):
        raise SettingError("rest.error.moment", found=shown_words(typed)) from None


def _calendar(rest: Rest, *, week: str | None, region: str | None) -> SchoolCalendar:
    """The calendar with another week or region tried on, in the sentences of the chat."""
    for sentence in (week and f"werk {week}", region and f"regio {region}"):
        if sentence:
            rest = change_rest(rest, sentence, today=now().date())
    return calendar_for(rest)


async def _stored(repository: Repository, person: str | None) -> tuple[Rest, Person | None]:
    school = await repository.school()
    people = await repository.people(school.id) if school else ()
    try:
        who = colleague(people, person) if person else None
    except ConfigError as unknown:
        raise typer.BadParameter(str(unknown)) from None
    return _chosen(school) if school else rest_of(policy_named(None).settings.quiet), who


@quiet.command("set")
def set_(
    sentences: Annotated[
        list[str], typer.Argument(help='Such as "ma-vr 07:30-17:30" or "studiedag 25-11-2026".')
    ],
) -> None:
    """Change the school's quiet time, in the sentences of the chat; "ongedaan" takes one back."""

    async def change(repository: Repository) -> tuple[Rest, date]:
        for sentence in sentences:
            school = await _school(repository)
            rest = _chosen(school)
            changes = change_school_rest(school, sentence, today=_today(school), rest=rest)
            await repository.change_school(school.version, changes, by="cli")
        school = await _school(repository)
        return _chosen(school), _today(school)

    rest, today = _kindly(change)
    typer.echo(school_summary(rest, today))


@quiet.command("show")
def show() -> None:
    """Show the school's quiet time as it stands."""

    async def read(repository: Repository) -> tuple[Rest, date]:
        school = await _school(repository)
        return _chosen(school), _today(school)

    rest, today = _kindly(read)
    typer.echo(school_summary(rest, today))


@quiet.command("import")
def import_(file: Annotated[Path, typer.Argument(help="A calendar file (.ics).")]) -> None:
    """Take the whole days of a calendar over as the school's own free days."""
    data = bytes_of(file)

    async def take(repository: Repository) -> int:
        school = await _school(repository)
        agenda = read_agenda(data, today=_today(school))
        if not agenda.days:
            raise SettingError("rest.agenda.empty")
        rest = with_agenda(_chosen(school), agenda.days)
        await repository.change_school(school.version, stored(school, rest), by="cli")
        return len(agenda.days)

    typer.echo(text("cli.imported", count=_kindly(take)))


@quiet.command("export")
def export(file: Annotated[Path, typer.Argument(help="Where the .ics file goes.")]) -> None:
    """Write the school's quiet calendar, for whoever wants it beside their own."""

    async def make(repository: Repository) -> bytes:
        school = await _school(repository)
        return quiet_calendar(_chosen(school), _today(school), now())

    try:
        file.write_bytes(_kindly(make))
    except OSError as error:
        kind = type(error).__name__
        raise ConfigError(text("cli.unwritable", file=str(file), kind=kind)) from None


@quiet.command("held")
def held(
    release: Annotated[
        bool, typer.Option(help="Have what is late delivered: at once where Fluister runs.")
    ] = False,
) -> None:
    """Show how many messages wait and since when; never what they say or whose they are."""

    async def look(repository: Repository) -> tuple[list[str], int]:
        school = await _school(repository)
        found = await waiting_in(repository, school.id)
        late = _late(school, found)
        if release:
            for case in late:
                if case.state is CaseState.HELD:
                    await repository.update_case(case.id, due_at=asked(now()))
            found = await waiting_in(repository, school.id)
        return [_line(case, late=case.id in {one.id for one in late}) for case in found], len(late)

    lines, late = _kindly(look)
    for line in lines:
        typer.echo(line)
    typer.echo(
        text("rest.held.list", count=len(lines), late=late) if lines else text("rest.held.none")
    )
    if release:
        typer.echo(text("rest.held.asked" if late else "rest.held.nothing_late", count=late))


def _late(school: School, found: tuple[Case, ...]) -> list[Case]:
    rest = _chosen(school)
    works = not rest.on or team_open(calendar_for(rest), now())
    return [case for case in found if is_late(case, now(), team_works=works)]


def _line(case: Case, *, late: bool) -> str:
    if was_asked(case):
        return text("rest.held.line_asked", id=case.id[:8])
    due = shown(case.due_at, language="nl", zone=ZONE, now=now()) if case.due_at else "?"
    return text("rest.held.line_late" if late else "rest.held.line", id=case.id[:8], due=due)


async def _school(repository: Repository) -> School:
    return await repository.school() or await repository.create_school("School")


def _chosen(school: School) -> Rest:
    """What the school chose, else what its policy file says."""
    if school.quiet:
        return Rest.read(school.quiet)
    return rest_of(policy_named(school.policy_file or None).settings.quiet)


def _today(school: School) -> date:
    return local_day(calendar_for(_chosen(school)), now())


def _kindly(do: Callable[[Repository], Awaitable[T]]) -> T:
    """Say what cannot be in the words a person in the chat would read."""
    try:
        return with_storage(do)
    except SettingError as wrong:
        typer.echo(text(wrong.key, **wrong.values), err=True)
        raise typer.Exit(1) from None
