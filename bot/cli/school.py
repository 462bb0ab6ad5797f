"""Commands about the school's hours: quiet."""

from typing import Annotated

import typer

from bot.app import moment
from bot.cli.common import print_json, with_storage
from bot.core.quiet_hours import WorkingTime, is_working, next_working, why
from bot.delivery.render import moment as shown
from bot.people import working_time
from bot.resting.value import Rest, calendar_for
from bot.storage.records import Person
from bot.storage.repository import Repository
from bot.texts import text

quiet = typer.Typer(help="Quiet hours.", no_args_is_help=True)
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
    try:
        instant = moment(when, ZONE)
    except ValueError:
        raise typer.BadParameter(f"{when!r} is no date and time; try 2026-12-24T19:00") from None
    rest, who = with_storage(lambda repository: _stored(repository, person))
    chosen = Rest(True, week or rest.week, region or rest.region,
                  rest.good_friday, rest.liberation_day)  # fmt: skip
    calendar = calendar_for(chosen)
    time = working_time(who, calendar) if who else WorkingTime(calendar)
    works, following, reason = (
        is_working(time, instant),
        next_working(time, instant),
        why(time, instant),
    )
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


async def _stored(repository: Repository, person: str | None) -> tuple[Rest, Person | None]:
    school = await repository.school()
    if school is None:
        return Rest(), None
    people = await repository.people(school.id)
    who = next((p for p in people if person and p.email.casefold() == person.casefold()), None)
    if person and who is None:
        raise typer.BadParameter(f"nobody here has the address {person}")
    return Rest.read(school.quiet), who
