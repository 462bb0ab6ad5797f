"""Train the name model: `python -m bot.detection.names.train [names.crfsuite]`; fixed seed."""

import random
import re
import sys
from importlib.resources import files
from pathlib import Path

import pycrfsuite

from bot.detection.model.corpus import Message, NameSource, lines, vary
from bot.detection.names.features import features
from bot.detection.names.lists import AMBIGUOUS, first_names, last_names
from bot.detection.sheet import Sheet, Token

SEED, COPIES, TEMPLATE_COPIES = 20261121, 5, 30


def examples(seed: int) -> list[Message]:
    """The content corpus and the name templates, with names put in, some in small letters."""
    chance = random.Random(seed)  # noqa: S311  a fixed seed is wanted
    source = _Names(chance)
    found: list[Message] = []
    for kinds, marked in lines():
        found.append(vary(marked, kinds, None, lower=False))
        copies = COPIES if "[" in marked else 2
        found += [
            vary(_capitals(marked, chance), kinds, source, lower=_lower(chance))
            for _ in range(copies)
        ]
    for marked in _templates():
        copies = TEMPLATE_COPIES if "[" in marked else 6
        for _ in range(copies):
            filled = _fill(marked, source)
            found.append(vary(filled, frozenset(), None, lower=_lower(chance)))
    return found


class _Names(NameSource):
    """Names of the lists and of syllables, now and then one that is a word too."""

    def first(self) -> str:
        if self._chance.random() < 0.08:
            return self._chance.choice(_WORDS).title()
        return super().first()

    def surname(self) -> str:
        """A surname with or without particles."""
        link = self._chance.choice(["", "", "", "Van ", "De ", "van der ", "El ", "van den "])
        name = self._chance.choice(self._last) if self._chance.random() < 0.7 else self._invented()
        return link + name.title()

    def initials(self) -> str:
        """Initials as staff write them."""
        a, b = (self._chance.choice("ABCDEFGHIJKLMNOPRSTVWYZ") for _ in range(2))
        return self._chance.choice(
            [
                f"{a}.{b}.",
                f"{a}. {b}.",
                f"{a}. de {b}.",
                f"{a}.{b}. {self.surname()}",
                f"{a}. {self.surname()}",
                f"{self.first()} {b}.",
                f"{self.first()} {b}",
                f"{a}. van {b}.",
                f"{self.first()} de {b}.",
                f"{a}.",
            ]
        )


_WORDS = sorted(w for w in AMBIGUOUS if w in first_names() or w in last_names())


def _capitals(marked: str, chance: random.Random) -> str:
    """Most people begin a sentence with a capital, and some end it with a full stop."""
    if chance.random() < 0.65:
        marked = re.sub(r"(?:^|[.!?\n] ?)[a-z]", lambda m: m.group().upper(), marked)
        if chance.random() < 0.3 and marked[-1].isalpha():
            marked += chance.choice([".", "!", ". Groet, [Kim]", ". Hoe laat is het?", ". Dank!"])
    return marked


def _lower(chance: random.Random) -> bool:
    return chance.random() < 0.3


def _templates() -> list[str]:
    text = files("bot.detection.model").joinpath("corpus_names.txt").read_text("utf-8")
    return [
        line.partition("|")[2].replace("\\n", "\n")
        for line in text.splitlines()
        if line and not line.startswith("#")
    ]


def _fill(marked: str, source: _Names) -> str:
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
        inside = [start for start, end in message.names if start <= token.start < end]
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
