"""Commands about policy files: check, test, coverage, diff, replay, new, schema."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.app import looking_with, policy_folder
from bot.cli.common import policy_named, with_storage
from bot.cli.starting import new as ask_new
from bot.core.policy import Policy
from bot.delivery.policy_tests import run_examples
from bot.delivery.policy_words import coverage_lines, difference_lines, replay_lines
from bot.detection.engine import build_detector
from bot.errors import PolicyError
from bot.policies import check_policy, load_policy
from bot.policies.check import Weight
from bot.policies.coverage import accounted, coverage
from bot.policies.schema import schema_text
from bot.storage.records import Incident
from bot.storage.repository import Repository
from bot.texts import text

policy = typer.Typer(help="Policy files: the school's protocol.", no_args_is_help=True)
Files = Annotated[list[Path], typer.Argument(help="Policy files; none means the shipped ones.")]
PolicyName = Annotated[str, typer.Argument(help="Policy file, or the name of a shipped one.")]
MOST_DAYS = 365


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(policy, name="policy")
    policy.command("new")(ask_new)


def _files(given: list[Path] | None) -> list[Path]:
    return given or sorted(policy_folder().glob("*.yaml"))


def _load(file: Path) -> Policy:
    return load_policy(file, (policy_folder(),))


@policy.command("check")
def check(files: Files = []) -> None:  # noqa: B006  (typer wants a list)
    """Check files: every fault with its line, what is allowed and the nearest known word."""
    wrong = False
    for file in _files(files):
        try:
            loaded = _load(file)
        except PolicyError as error:
            typer.echo(str(error), err=True)
            wrong = True
            continue
        problems = check_policy(loaded)
        for problem in problems:
            typer.echo(f"{file}{_line(loaded, problem.rule)}: {problem}")
        wrong = wrong or any(problem.weight is Weight.ERROR for problem in problems)
        typer.echo(f"{file}: {len(loaded.rules)} regels, versie {loaded.version}")
    raise typer.Exit(1 if wrong else 0)


def _line(loaded: Policy, rule_id: str) -> str:
    """Where a rule of this very file stands."""
    below = loaded.base.rules if loaded.base is not None else ()
    mine = (rule for rule in loaded.rules if rule.id == rule_id and rule not in below)
    return next((f":{rule.line}" for rule in mine), "")


@policy.command("test")
def examples(files: Files = []) -> None:  # noqa: B006
    """Run every example of the files through the real detector and judge."""
    looking = looking_with(build_detector())
    good = failed = 0
    for file in _files(files):
        results = run_examples(_load(file), looking)
        for result in results:
            if not result.good:
                typer.echo(f"✗ {file.name} {result.rule}: {result.says}")
        well = sum(result.good for result in results)
        typer.echo(f"{file}: {well} van {len(results)} voorbeelden goed")
        good, failed = good + well, failed + len(results) - well
    typer.echo(f"{good} van {good + failed} voorbeelden goed")
    raise typer.Exit(1 if failed else 0)


@policy.command("coverage")
def covered(
    files: Files = [],  # noqa: B006
    norms: Annotated[bool, typer.Option("--norms", help="Each norm on its own line.")] = False,
) -> None:
    """Show for each article what Fluister does with it, or that it only informs."""
    loaded = [_load(file) for file in _files(files)]
    for one in loaded:
        for line in coverage_lines(one, norms=norms):
            typer.echo(line)
    # Only who lists the norms of the protocol can tell how many of them have a rule.
    listed = [one for one in loaded if one.articles]
    done, everything = accounted(part for one in listed for part in coverage(one))
    if len(listed) > 1:
        typer.echo(text("policy.coverage.total", done=done, all=everything, files=len(listed)))
    raise typer.Exit(0 if done == everything else 1)


@policy.command("diff")
def diff(old: PolicyName, new: PolicyName) -> None:
    """Tell in Dutch what changes for staff when the second policy replaces the first."""
    for line in difference_lines(policy_named(old), policy_named(new)):
        typer.echo(line)


@policy.command("replay")
def replay(
    changed: PolicyName,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How many days back.")] = 30,
    current: Annotated[
        str | None, typer.Option("--against", help="Compare with this policy instead.")
    ] = None,
) -> None:
    """Show how what was recorded would have gone under a changed policy: facts only, no text."""
    chosen = policy_named(changed)
    since = datetime.now(UTC) - timedelta(days=days)

    async def stored(repository: Repository) -> tuple[tuple[Incident, ...], str | None]:
        school = await repository.school()
        if school is None:
            return (), None
        return await repository.incidents(school.id, since), school.policy_file

    incidents, in_use = with_storage(stored)
    before = policy_named(current or in_use)
    for line in replay_lines(incidents, before, chosen, days):
        typer.echo(line)


@policy.command("schema")
def schema() -> None:
    """Print the JSON Schema of a policy file, as `policies/schema.json` holds it."""
    typer.echo(schema_text(), nl=False)
