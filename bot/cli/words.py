"""Commands about one sentence: check, explain, detect, advise."""

from typing import Annotated

import typer

from bot.app import looking_with
from bot.cli.common import Unreadable, json_lines, policy_named, print_json
from bot.core.findings import Detection
from bot.core.judge import Verdict, judge
from bot.core.policy import Act
from bot.delivery.advise import LONGEST, advise_line, render
from bot.delivery.advise import advise as answered
from bot.delivery.render import sentence
from bot.detection.engine import build_detector
from bot.detection.jsonl import Conversations, detect_line
from bot.detection.reading import group_facts
from bot.texts import has, text

PolicyOption = Annotated[
    str | None, typer.Option("--policy", help="Policy file, or the name of a shipped one.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON, for machines.")]
Words = Annotated[str, typer.Argument(help="The message, between quotes.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(check)
    app.command()(explain)
    app.command()(detect)
    app.command()(advise)


def check(words: Words, policy: PolicyOption = None, as_json: JsonOption = False) -> None:
    """Say whether a message may stand in the team's group; exit code 1 when it may not."""
    found = looking_with(build_detector())(words)
    verdict = _verdict(words, found, policy)
    flagged = found.confidential or found.assessment.unsure
    if as_json:
        print_json(
            {
                "flag": flagged,
                "score": round(found.assessment.probability, 4),
                "categories": [c.value for c in found.assessment.categories],
                "articles": list(verdict.articles),
            }
        )
    elif flagged:
        typer.echo(f"Niet in de groep: {_kinds(found)} {_articles(verdict.articles)}".rstrip())
        if Act.WITHDRAW not in verdict.acts and not found.assessment.unsure:
            typer.echo(text("cli.check_stays"))
    else:
        typer.echo("Dit kan in de groep.")
    raise typer.Exit(1 if flagged else 0)


def explain(words: Words, policy: PolicyOption = None) -> None:
    """Show what was seen in a message, by which recognizer, and which rules fired."""
    found = looking_with(build_detector())(words)
    loaded = policy_named(policy)
    verdict = _verdict(words, found, policy)
    typer.echo(f"kans op vertrouwelijk: {found.assessment.probability:.2f}")
    for finding in found.findings:
        shown = words[finding.start : finding.end]
        typer.echo(f"  {finding.entity_type:22} {finding.score:.2f} {finding.recognizer}: {shown}")
    for reason in found.assessment.reasons:
        typer.echo(f"  reden: {text(reason) if has(reason) else reason}")
    for failed in found.failed:
        typer.echo(f"  niet gecontroleerd: {failed.recognizer} ({failed.error})")
    for kind in found.unchecked:
        typer.echo(f"  niet bekeken: {kind}")
    typer.echo(f"protocol: {verdict.policy}, versie {verdict.version}")
    typer.echo(f"  geldt: {', '.join(verdict.fired) or 'geen regel'}")
    if verdict.overridden:
        typer.echo(f"  gaat voor: niet {', '.join(verdict.overridden)}")
    if verdict.missing:
        typer.echo(f"  niet bekend: {', '.join(verdict.missing)}")
    for layer in loaded.layers[1:]:
        typer.echo(f"bouwt op: {layer.file}, versie {layer.version}")


def detect(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Messages as JSON lines on stdin.")] = True,
    policy: PolicyOption = None,
) -> None:
    """Judge messages from standard input, one JSON object a line; answers in the same order."""
    del jsonl
    if policy:
        policy_named(policy)
    detector = build_detector()
    conversations = Conversations()
    for line in json_lines():
        if isinstance(line, Unreadable):
            print_json(line.answer())
        else:
            print_json(detect_line(detector, line, conversations))


def advise(
    words: Annotated[str, typer.Argument(help="The question, between quotes.")] = "",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Questions as JSON lines.")] = False,
    policy: PolicyOption = None,
) -> None:
    """Answer "mag ik dit delen?" from the school's protocol, with its article."""
    if not jsonl and not words.strip():
        raise typer.BadParameter(text("cli.no_question"))
    if len(words) > LONGEST:
        raise typer.BadParameter(text("cli.long_question"))
    loaded = policy_named(policy)
    looking = looking_with(build_detector())
    if not jsonl:
        typer.echo(render(answered(loaded, looking, words), "nl"))
        return
    for line in json_lines():
        if isinstance(line, Unreadable):
            print_json(line.answer())
        else:
            print_json(advise_line(loaded, looking, line))


def _verdict(words: str, found: Detection, policy: str | None) -> Verdict:
    loaded = policy_named(policy)
    facts = group_facts(words, found, attachments=(), quiet=False, settings=loaded.settings)
    return judge(loaded, facts)


def _kinds(found: Detection) -> str:
    kinds = [text(f"category.{category.value}") for category in found.assessment.categories]
    return sentence(kinds, "nl") or "iets dat op een persoonlijk nummer lijkt"


def _articles(articles: tuple[str, ...]) -> str:
    return f"({', '.join(articles)})" if articles else ""
