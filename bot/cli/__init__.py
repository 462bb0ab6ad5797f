"""The `fluister` command. Exit codes: 0 fine, 1 something was found or failed, 2 wrongly used."""

import logging
import sys
from typing import Annotated

import structlog
import typer

from bot import __version__
from bot.cli import people, policies, school, serve, words
from bot.errors import FluisterError

app = typer.Typer(
    name="fluister",
    help="Fluister keeps a Dutch school's communication protocol, kindly.\n\n"
    "Begin with `fluister demo`: it needs no account, no server and no settings.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False,
) -> None:
    """Every command explains itself with --help."""
    if version:
        typer.echo(f"fluister {__version__}")
        raise typer.Exit


for module in (serve, words, policies, school, people):
    module.add_to(app)


def main() -> None:
    """Run the command; deliberate failures end in one clear message and exit code 1."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        app()
    except FluisterError as error:
        typer.echo(f"fluister: {error}", err=True)
        raise SystemExit(1) from None
    except BrokenPipeError:
        raise SystemExit(1) from None
