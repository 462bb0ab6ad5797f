"""Commands about colleagues: people import, list, code, remove, days."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import bytes_of, colleague, with_storage
from bot.delivery.leaving import let_go
from bot.doctor import now
from bot.errors import SettingError
from bot.resting.own import change_own, own_summary
from bot.storage.records import ImportReport, Person
from bot.storage.repository import Repository
from bot.texts import text

people = typer.Typer(help="Colleagues: addresses, phones, roles, accounts.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(people, name="people")


@people.command("import")
def load(
    file: Annotated[Path, typer.Argument(help="CSV: naam, email, telefoon, rollen, werkdagen.")],
) -> None:
    """Add and change colleagues from a CSV file; a wrong file changes nothing."""
    data = bytes_of(file)

    async def do(repository: Repository) -> ImportReport:
        school = await repository.school() or await repository.create_school("School")
        return await repository.import_csv(school.id, data)

    report = with_storage(do)
    for line, column, reason in report.rejected:
        said = text("cli.import_wrong", line=line, column=column, reason=text(reason))
        typer.echo(said, err=True)
    wrong = len(report.rejected)
    typer.echo(text("cli.import_done", added=report.added, changed=report.changed, wrong=wrong))
    raise typer.Exit(1 if report.rejected else 0)


@people.command("list")
def listed() -> None:
    """Show who is known, and whether their chat account is linked."""

    async def do(repository: Repository) -> None:
        school = await repository.school()
        for person in await repository.people(school.id) if school else ():
            linked = text("cli.linked" if person.accounts else "cli.unlinked")
            typer.echo(f"{person.name} <{person.email}> {', '.join(person.roles)} {linked}")

    with_storage(do)


@people.command("code")
def code(email: Annotated[str, typer.Argument(help="The colleague's school e-mail.")]) -> None:
    """Print a one-time code with which a colleague links their own chat account."""

    async def do(repository: Repository) -> str:
        return await repository.new_link_code((await _found(repository, email)).id, now())

    typer.echo(with_storage(do))


@people.command("remove")
def remove(
    email: Annotated[str, typer.Argument(help="The e-mail of the colleague who leaves.")],
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Destroy everything about a colleague who leaves; it cannot be taken back."""

    async def do(repository: Repository) -> None:
        await let_go(repository, await _found(repository, email), "cli")

    if not sure:
        typer.confirm(text("people.remove_sure", name=email), abort=True)
    try:
        with_storage(do)
    except SettingError as wrong:
        typer.echo(text(wrong.key, **wrong.values), err=True)
        raise typer.Exit(1) from None
    typer.echo(text("people.removed", name=email))


async def _found(repository: Repository, email: str) -> Person:
    school = await repository.school()
    return colleague(await repository.people(school.id) if school else (), email)


@people.command("days")
def days(
    email: Annotated[str, typer.Argument(help="The colleague's school e-mail.")],
    sentence: Annotated[
        str, typer.Argument(help='Such as "ma di wo-ochtend" or "verlof 14-12-2026".')
    ] = "",
) -> None:
    """Show or change a colleague's days, in the sentences of the chat; they see it there too."""

    async def do(repository: Repository) -> Person:
        found = await _found(repository, email)
        if not sentence:
            return found
        fields = change_own(found, sentence)
        await repository.note_change(found.org, "cli", "own_days")
        return await repository.change_person(found.id, **fields)

    try:
        person = with_storage(do)
    except SettingError as wrong:
        typer.echo(text(wrong.key, **wrong.values), err=True)
        raise typer.Exit(1) from None
    typer.echo(own_summary(person, now().date()))
