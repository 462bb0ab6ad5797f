"""`fluister policy new`: a few questions, and a policy file that passes its own check."""

from pathlib import Path
from typing import Annotated

import typer

from bot.errors import PolicyError
from bot.policies import load_policy, read_policy
from bot.policies.starting import Question, School, questions, starter
from bot.texts import text

_NAME = "Voorbeeldschool"
_TEAM = "team@voorbeeldschool.nl"


def new(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Ask nothing; take the usual answers.")
    ] = False,
    language: Annotated[str, typer.Option(help="Language of the questions: nl or en.")] = "nl",
) -> None:
    """Ask what protocols differ in, and write a policy file that passes check."""
    if file.exists():
        raise PolicyError(text("policy.new.exists", language, file=str(file)))
    if defaults:
        written = starter(School(_NAME, _TEAM, file.name), {})
    else:
        written = _asked(file.name, language)
    rules = len(read_policy(written, file.name).rules)
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(written)
    except OSError as error:
        raise PolicyError(f"{file}: {error.strerror or type(error).__name__}") from None
    load_policy(file)
    typer.echo(text("policy.new.written", language, file=str(file), rules=rules))


def _asked(file: str, language: str) -> str:
    typer.echo(text("policy.new.intro", language, count=len(questions())))
    name = typer.prompt(text("policy.new.name", language), default=_NAME)
    team = typer.prompt(text("policy.new.team", language), default=_TEAM)
    answers = {question.key: _answer(question, language) for question in questions()}
    return starter(School(name, team, file), answers)


def _answer(question: Question, language: str) -> int:
    typer.echo(f"\n{question.says[language]}")
    for number, option in enumerate(question.options, start=1):
        typer.echo(f"  {number}. {option.says[language]}")
    while True:
        said = typer.prompt(text("policy.new.choose", language), default="1").strip()
        if said.isascii() and said.isdigit() and 1 <= int(said[:3]) <= len(question.options):
            return int(said) - 1
        typer.echo(text("policy.new.wrong", language))
