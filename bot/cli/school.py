"""Commands about the school's rules and hours: policy, quiet."""

from pathlib import Path
from typing import Annotated

import typer

from bot.app import looking_with, moment, policy_folder
from bot.cli.common import print_json, with_storage
from bot.core.quiet_hours import WorkingTime, is_working, next_working, why
from bot.delivery.policy_tests import coverage, run_examples
from bot.delivery.render import moment as shown
from bot.detection.engine import build_detector
from bot.errors import PolicyError
from bot.people import working_time
from bot.policies import check_policy, load_policy
from bot.policies.check import Weight
from bot.settings import Rest, calendar_for
from bot.storage.records import Person
from bot.storage.repository import Repository
from bot.texts import text

policy = typer.Typer(help="Policy files: the school's protocol.", no_args_is_help=True)
quiet = typer.Typer(help="Quiet hours.", no_args_is_help=True)
Files = Annotated[list[Path], typer.Argument(help="Policy files; none means the shipped ones.")]
ZONE = "Europe/Amsterdam"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(policy, name="policy")
    app.add_typer(quiet, name="quiet")


def _files(given: list[Path] | None) -> list[Path]:
    return given or sorted(policy_folder().glob("*.yaml"))


@policy.command("check")
def check(files: Files = []) -> None:  # noqa: B006  (typer wants a list)
    """Check files: every fault with its line, what is allowed and the nearest known word."""
    wrong = False
    for file in _files(files):
        try:
            loaded = load_policy(file)
        except PolicyError as error:
            typer.echo(str(error), err=True)
            wrong = True
            continue
        problems = check_policy(loaded)
        for problem in problems:
            typer.echo(f"{file}: {problem}")
        wrong = wrong or any(problem.weight is Weight.ERROR for problem in problems)
        typer.echo(f"{file}: {len(loaded.rules)} regels, versie {loaded.version}")
    raise typer.Exit(1 if wrong else 0)


@policy.command("test")
def examples(files: Files = []) -> None:  # noqa: B006
    """Run every example of the files through the real detector and judge."""
    looking = looking_with(build_detector())
    failed = 0
    for file in _files(files):
        results = run_examples(load_policy(file), looking)
        for result in results:
            if not result.good:
                typer.echo(f"✗ {file.name} {result.rule}: {result.says}")
                failed += 1
        typer.echo(f"{file}: {sum(r.good for r in results)} van {len(results)} voorbeelden goed")
    raise typer.Exit(1 if failed else 0)


@policy.command("coverage")
def covered(files: Files = []) -> None:  # noqa: B006
    """Show for each article what Fluister does with it, or that it only informs."""
    for file in _files(files):
        loaded = load_policy(file)
        typer.echo(f"{loaded.name}, versie {loaded.version}")
        for line in coverage(loaded):
            typer.echo(f"  {line}")


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
