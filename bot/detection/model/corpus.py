"""The training messages: our own, with names that are swapped for others at every reading."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from bot.detection.names.lists import first_names, last_names

CORPORA = (
    "corpus_care.txt",
    "corpus_school.txt",
    "corpus_harmless.txt",
    "corpus_more.txt",
    "corpus_everyday.txt",
    "corpus_cases.txt",
)
LETTERS = {
    "h": "HEALTH", "y": "YOUTH_CARE", "f": "FAMILY", "p": "PERFORMANCE", "a": "ABSENCE", "r": "HR",
    "i": "INCIDENT",
}  # fmt: skip
_NAME = re.compile(r"\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Message:
    """A training message: its kinds (none when harmless) and the spans of the names in it."""

    text: str
    kinds: frozenset[str]
    names: tuple[tuple[int, int], ...]


def lines() -> Iterator[tuple[frozenset[str], str]]:
    """Kinds and marked text of all training messages."""
    for corpus in CORPORA:
        source = files("bot.detection.model").joinpath(corpus)
        for line in source.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                letters, _, text = line.partition("|")
                kinds = frozenset(LETTERS[c] for c in letters if c in LETTERS)
                yield kinds, text.replace("\\n", "\n")


class NameSource:
    """Names to put in: from the lists, or made of syllables, so that lists are not all there is."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._first = sorted(first_names())
        self._last = sorted(last_names())

    def first(self) -> str:
        """A first name; one in three is on no list."""
        if self._chance.random() < 0.35:
            return self._invented()
        return self._chance.choice(self._first).title()

    def _invented(self) -> str:
        parts = self._chance.randint(2, 3)
        made = "".join(
            self._chance.choice(
                [
                    "b",
                    "d",
                    "f",
                    "g",
                    "h",
                    "j",
                    "k",
                    "l",
                    "m",
                    "n",
                    "p",
                    "r",
                    "s",
                    "t",
                    "v",
                    "w",
                    "z",
                    "ch",
                    "sh",
                    "th",
                    "fl",
                    "br",
                    "dr",
                    "kr",
                    "y",
                ]
            )
            + self._chance.choice(
                ["a", "e", "i", "o", "u", "aa", "ie", "ee", "oe", "ei", "ou", "y", "ai", "ay"]
            )
            for _ in range(parts)
        )
        return (made + self._chance.choice(["", "n", "l", "s", "r", "m", "t", "k", ""])).title()

    def full(self) -> str:
        """A name as people write it: mostly a first name, sometimes a surname or initials behind it."""  # noqa: E501
        name, draw = self.first(), self._chance.random()
        if draw < 0.68:
            return name
        surname = self._chance.choice(self._last).title()
        link = self._chance.choice(
            ["", "", "", "van ", "de ", "van der ", "van den ", "El ", "ter ", "'t "]
        )
        if draw < 0.82:
            return f"{name} {link}{surname}"
        if draw < 0.88:
            return f"{name} {surname[0]}."
        if draw < 0.91:
            return f"{name} {surname[0]}"
        if draw < 0.96:
            return f"{name[0]}. {link}{surname}"
        return f"{name[0]}.{surname[0]}."


def vary(marked: str, kinds: frozenset[str], source: NameSource | None, lower: bool) -> Message:
    """A message with its marks taken out, other names put in where a source is given."""
    out, spans, position, length = [], [], 0, 0
    chosen: dict[str, str] = {}
    for match in _NAME.finditer(marked):
        plain = marked[position : match.start()]
        name = match.group(1)
        if source is not None:
            name = chosen.setdefault(name, source.full())
        length += len(plain)
        spans.append((length, length + len(name)))
        length += len(name)
        out += [plain, name]
        position = match.end()
    out.append(marked[position:])
    text = "".join(out)
    if lower and len(text.lower()) == len(text):
        text = text.lower()
    return Message(text, kinds, tuple(spans))
