"""Train the name model: `python -m bot.detection.names.train [names.crfsuite]`; fixed seed."""

import random
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import pycrfsuite

from bot.detection.corpus.rows import Message, render, rows
from bot.detection.names.features import features
from bot.detection.names.invent import NameSource
from bot.detection.sheet import Sheet, Token

SEED, COPIES, TEMPLATE_COPIES, _SMALL = 20261121, 3, 30, 0.3


def examples(seed: int) -> list[Message]:
    """The corpus and the name templates, with names put in, some in small letters."""
    chance = random.Random(seed)  # noqa: S311  a fixed seed is wanted
    source = NameSource(chance)
    found: list[Message] = []
    for row in rows():
        if row.held_out:
            continue
        found.append(render(row.marked))
        found += [
            _lowered(render(_capitals(row.marked, chance), _renamed(source)), chance)
            for _ in range(COPIES if "[" in row.marked else 1)
        ]
    for marked in _templates():
        for _ in range(TEMPLATE_COPIES if "[" in marked else 6):
            found.append(_lowered(render(_filled(marked, source)), chance))
    return found


def _renamed(source: NameSource) -> Callable[[str], str]:
    return cache(source.like)


def _lowered(message: Message, chance: random.Random) -> Message:
    low = message.text.lower()
    if chance.random() >= _SMALL or len(low) != len(message.text):
        return message
    return replace(message, text=low)


def _capitals(marked: str, chance: random.Random) -> str:
    """Most people begin a sentence with a capital, and some end it with a full stop."""
    if chance.random() < 0.65:
        marked = re.sub(r"(?:^|[.!?\n] ?)[a-z]", lambda m: m.group().upper(), marked)
        if chance.random() < 0.3 and marked[-1].isalpha():
            marked += chance.choice([".", "!", ". Groet, [Kim]", ". Hoe laat is het?", ". Dank!"])
    return marked


def _templates() -> list[str]:
    text = files("bot.detection.names").joinpath("templates.txt").read_text("utf-8")
    return [
        line.partition("|")[2].replace("\\n", "\n")
        for line in text.splitlines()
        if line and not line.startswith("#")
    ]


def _filled(marked: str, source: NameSource) -> str:
    def put(match: re.Match[str]) -> str:
        slot = match.group(1)
        if slot == "S":
            return f"[{source.surname()}]"
        if slot.startswith("I"):
            return f"[{source.initials()}]"
        return f"[{source.full()}]"

    return re.sub(r"\[(\w+)\]", put, marked.replace("[X] [S]", "[X]"))


def tags(message: Message, tokens: tuple[Token, ...]) -> list[str]:
    """B, I or O for every token."""
    found: list[str] = []
    for token in tokens:
        inside = [s.start for s in message.names if s.start <= token.start < s.end]
        found.append("O" if not inside else "B" if token.start == inside[0] else "I")
    return found


def main(target: Path) -> None:
    """Train and write the model."""
    forget = random.Random(SEED)  # noqa: S311
    trainer = pycrfsuite.Trainer(verbose=False)
    for message in examples(SEED):
        sheet = Sheet.of(message.text)
        if sheet.text == message.text and sheet.tokens:
            trainer.append(features(sheet.tokens, sheet.text, forget), tags(message, sheet.tokens))
    trainer.set_params(
        {"c1": 0.15, "c2": 0.02, "max_iterations": 70, "feature.possible_transitions": True}
    )
    trainer.train(str(target))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("names.crfsuite"))
