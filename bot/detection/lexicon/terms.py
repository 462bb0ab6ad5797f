"""The lexicon, made ready for looking up phrases word by word."""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from bot.detection.sheet import Token, tokens

_ENDINGS = ("'s", "tjes", "tje", "jes", "je", "en", "s", "e")


@dataclass(frozen=True, slots=True)
class Term:
    """A phrase with its kind of content; `alone` ones need no person beside them."""

    kind: str
    words: tuple[str, ...]
    alone: bool
    cased: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase of the lexicon found in a text: token indices, half-open."""

    term: Term
    first: int
    last: int

    def moved(self, places: int) -> "Mention":
        """The same, in a text that begins so many tokens earlier."""
        return Mention(self.term, self.first + places, self.last + places)


@cache
def lexicon() -> dict[str, tuple[Term, ...]]:
    """The phrases by their first word, the longest first."""
    raw = yaml.safe_load(files("bot.detection.lexicon").joinpath("terms.yaml").read_text("utf-8"))
    found: dict[str, list[Term]] = {}
    for kind, groups in raw.items():
        for group, phrases in groups.items():
            for phrase in phrases:
                cased = group == "cased"
                words = tuple(t.text if cased else t.lower for t in tokens(phrase) if t.text != "-")
                if words:
                    found.setdefault(words[0].lower(), []).append(
                        Term(kind, words, group == "own", cased)
                    )
    return {
        word: tuple(sorted(terms, key=lambda t: -len(t.words))) for word, terms in found.items()
    }


@lru_cache(maxsize=1 << 14)
def _stems(word: str) -> tuple[str, ...]:
    """A word, and what it is without an ending."""
    cut = (
        word[: -len(ending)]
        for ending in _ENDINGS
        if word.endswith(ending) and len(word) - len(ending) >= 4
    )
    return word, *cut


@lru_cache(maxsize=1 << 14)
def _begun_by(word: str) -> tuple[Term, ...]:
    """The phrases that a word may begin."""
    return tuple(term for stem in _stems(word) for term in lexicon().get(stem, ()))


def mentions(sheet_tokens: tuple[Token, ...]) -> list[Mention]:
    """All phrases of the lexicon in a text; hyphens between words do not count."""
    kept = [(i, t) for i, t in enumerate(sheet_tokens) if t.text != "-"]
    found: list[Mention] = []
    for place in range(len(kept)):
        for term in _begun_by(kept[place][1].lower):
            if _fits(term, kept, place):
                last = kept[place + len(term.words) - 1][0] + 1
                found.append(Mention(term, kept[place][0], last))
    return found


def _fits(term: Term, kept: list[tuple[int, Token]], place: int) -> bool:
    """Whether a term that the word at `place` may begin stands there whole."""
    if len(term.words) == 1 and not term.cased:
        return True
    there = kept[place : place + len(term.words)]
    if len(there) < len(term.words):
        return False
    for word, (_, token) in zip(term.words, there, strict=True):
        if term.cased:
            if token.text != word:
                return False
        elif word not in _stems(token.lower):
            return False
    return True
