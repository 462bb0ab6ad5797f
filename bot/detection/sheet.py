"""What recognizers read: one text, normalised once, with what was found so far kept."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.detection.normal import Normal, normalise

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[^\w\s]|_")
_LETTER = re.compile(r"[^\W\d_]")
_REPEATS = 3  # of one sign in a row; more of them say nothing more
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of digits or one sign, with its half-open span in the normalised text.

    `lower` is the word without its capitals: everybody asks for it, so it is made once.
    """

    text: str
    start: int
    end: int
    lower: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A span of the normalised text, what it is and how sure: half-open, score in 0..1."""

    entity_type: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One text under examination; never logged, never kept after the examination."""

    normal: Normal = field(repr=False)
    allow: Any = field(default=None, repr=False)
    context: tuple[str, ...] = field(default=(), repr=False)
    attachment: str = ""
    _memo: dict[str, Any] = field(default_factory=dict, repr=False)

    @staticmethod
    def of(text: str) -> "Sheet":
        """A sheet for a text on its own, without a conversation or a school around it."""
        return Sheet(normalise(text))

    @property
    def text(self) -> str:
        """The normalised text."""
        return self.normal.text

    @property
    def lower(self) -> str:
        """The normalised text without capitals, position for position."""
        return self.once("lower", lambda: _lower(self.text))

    @property
    def spoken(self) -> str:
        """The normalised text, or nothing where it holds no letter."""
        return self.once("spoken text", lambda: spoken(self.text))

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The words, digit runs and signs, in order."""
        return self.once("tokens", lambda: tuple(tokens(self.text)))

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What `make` returns, made at most once for this sheet."""
        if key not in self._memo:
            self._memo[key] = make()
        found: T = self._memo[key]
        return found


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def spoken(text: str) -> str:
    """The text, or nothing where it holds no letter, so that no word needs to be looked for."""
    return text if _LETTER.search(text) else ""


def tokens(text: str) -> Iterator[Token]:
    """The words, digit runs and signs of a text, in order."""
    last, times = "", 0
    for match in _TOKEN.finditer(text):
        times = times + 1 if match.group() == last else 0
        last = match.group()
        if times >= _REPEATS and not last[0].isalnum():
            continue
        yield Token(last, match.start(), match.end(), last.lower())
