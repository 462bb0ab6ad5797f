"""What several commands share: reading settings, files and JSON lines."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import typer

from bot.app import DEFAULT_POLICY, keyring, policy_finder, prepare
from bot.config import Config, load
from bot.core.policy import Policy
from bot.errors import ConfigError
from bot.storage.records import Person
from bot.storage.repository import Repository
from bot.texts import text

LONGEST_LINE = 4_000_000
_T = TypeVar("_T")


def settings() -> Config:
    """The settings of this shell: environment first, then `fluister.toml` in this folder."""
    return load(os.environ, Path("fluister.toml"))


def policy_named(name: str | None) -> Policy:
    """A policy by path or shipped name; without one the configured, else the example school's."""
    return policy_finder()(name or settings().get("FLUISTER_POLICY") or DEFAULT_POLICY)


def with_storage(do: Callable[[Repository], Awaitable[_T]]) -> _T:
    """Open the configured database, do one thing, close it."""

    async def run() -> _T:
        config = settings()
        prepare(config)
        repository = await Repository.open(config.database_url, keyring(config))
        try:
            return await do(repository)
        finally:
            await repository.close()

    return asyncio.run(run())


def bytes_of(file: Path) -> bytes:
    """What a file holds; one that cannot be read is told in the words of the school."""
    try:
        return file.read_bytes()
    except OSError as error:
        kind = type(error).__name__
        raise ConfigError(text("cli.unreadable", file=str(file), kind=kind)) from None


def colleague(people: Iterable[Person], address: str) -> Person:
    """Whoever of the school has this e-mail address."""
    for person in people:
        if person.email.casefold() == address.casefold():
            return person
    raise ConfigError(text("cli.nobody", address=address))


def json_lines() -> Iterator[object]:
    """Each line of standard input as JSON; what is not JSON comes out as an `Unreadable`."""
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        if not raw.strip():
            continue
        yield _parsed(raw, number)


def _parsed(raw: bytes, number: int) -> object:
    if len(raw) > LONGEST_LINE:
        return Unreadable(number)
    try:
        return json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return Unreadable(number)


class Unreadable:
    """A line that is not JSON; `number` counts from 1."""

    def __init__(self, number: int) -> None:
        self.number = number

    def answer(self) -> dict[str, object]:
        return {"id": None, "error": f"line {self.number} is not valid JSON in UTF-8"}


def print_json(value: object) -> None:
    """One value as one line of JSON, at once."""
    line = json.dumps(value, ensure_ascii=False)
    plain = line.encode("utf-8", "replace").decode() == line
    typer.echo(line if plain else json.dumps(value))
