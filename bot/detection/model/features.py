"""A stretch of text as hashed features: words, pairs, word parts, terms of the lexicon, who is meant."""  # noqa: E501

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import sqrt
from zlib import crc32

from bot.detection.cues import ADULT, KIN, PUPIL, words
from bot.detection.lexicon.terms import Mention
from bot.detection.sheet import Token

BITS = 16
SIZE = 1 << BITS
JOINED = (1.5, 1.0, 1.0)  # what a pair of words counts for, three of them, and two with one between
_NAME = "<p>"
_GROUP = words(
    r"groep \d\w?",
    r"klas \d\w?",
    r"[1-8][a-h]\d?",
    r"\d(?:kb|bb|tl|kader|basis|bbl)\d?",
    r"mentorklas",
)
_ORGANISED = words(
    r"training|scholing|cursus|studiedag|workshop|protocol|beleid|format|sjabloon|agenda|vergader\w*|overleg",
    r"spreekuur|lokaal|folder|thema|les|lessenserie|handleiding|voorlichting|casus|boek|film|docu|posters?",
)
_ME = re.compile(r"^\W*(?:hoi,? |hallo,? |sorry,? )?(?:ik|mijn|ben|voel|meld)\b", re.IGNORECASE)
_DETERMINED = re.compile(
    r"\b(?:die|dat|deze|onze|ons|mijn|de|het)(?: \w+){0,2} (?:jongen\w*|meisje|meid|kind\w*|leerling|jochie|joch|kleine|"  # noqa: E501
    r"kleinste|jongste|tweeling|nieuwe|gezin|familie|broertjes|zusjes|stagiaire?|invaller|conci[eë]rge|docent)\b",
    re.IGNORECASE,
)
_BY_WORD = {
    "kin": KIN,
    "pupil": PUPIL,
    "adult": ADULT,
    "third": words(r"hij|zij|ze|hem|haar|zijn|hun|z'n|zn|d'r|m|ie|he|she|his|her"),
    "org": _ORGANISED,
}


@dataclass(frozen=True)
class Passage:
    """A stretch of tokens with the phrases of the lexicon in it.

    `named[i]` says that token i is (part of) a person's name.
    """

    tokens: tuple[Token, ...]
    named: tuple[bool, ...]
    text: str
    mentions: tuple[Mention, ...] = field(compare=False)

    def __hash__(self) -> int:
        return hash((self.text, self.named))  # all of its tokens would take ten times as long

    @cached_property
    def shapes(self) -> tuple[str, ...]:
        """What each token counts as: itself, a number of so many digits, or a name."""
        return tuple(
            _NAME if named else _shape(token.text)
            for token, named in zip(self.tokens, self.named, strict=True)
        )

    @property
    def scale(self) -> float:
        """What a word counts for among so many."""
        return 1.0 / sqrt(max(4.0, len(self.tokens)))

    @cached_property
    def who(self) -> tuple[str, ...]:
        """Which signs of a person it holds."""
        return _whom(self)


def _slot(feature: str) -> int:
    return crc32(feature.encode("utf-8", "replace")) & (SIZE - 1)


def token_features(passage: Passage) -> list[list[tuple[int, float]]]:
    """The features each token brings, so that a score can be traced back to its words."""
    scale = passage.scale
    found: list[list[tuple[int, float]]] = []
    for around in _threes(passage.shapes):
        mine = (*word_features(around[-1]), *zip(_joined(*around), JOINED, strict=False))
        found.append([(slot, value * scale) for slot, value in mine])
    for place, feature in term_features(passage):
        found[place].append(feature)
    return found


@lru_cache(maxsize=1 << 14)
def word_features(shape: str) -> tuple[tuple[int, float], ...]:
    """A word by itself and in its parts, before they are scaled to the passage."""
    return (_slot("1 " + shape), 2.0), *((slot, 0.7) for slot in _parts(shape))


def joined_slots(shapes: Sequence[str]) -> list[tuple[int, ...]]:
    """Each word with those before it; what they count for, unscaled, is what `JOINED` begins with."""  # noqa: E501
    return [_joined(*around) for around in _threes(shapes)]


def _threes(shapes: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Each shape behind the two before it."""
    return zip(("", "^", *shapes), ("^", *shapes), shapes, strict=False)


@lru_cache(maxsize=1 << 14)
def _joined(first: str, before: str, shape: str) -> tuple[int, ...]:
    pair = _slot(f"2 {before} {shape}")
    if first in ("", "^"):
        return (pair,)
    return pair, _slot(f"3 {first} {before} {shape}"), _slot(f"s {first} {shape}")


@lru_cache(maxsize=1 << 14)
def _shape(text: str) -> str:
    return f"<{min(len(text), 5)}>" if text.isdigit() else text.lower()[:30]


@lru_cache(maxsize=1 << 14)
def _parts(shape: str) -> tuple[int, ...]:
    if len(shape) < 4 or shape[0] == "<":
        return ()
    word = f"<{shape}>"
    return tuple(
        {_slot("c " + word[i : i + n]) for n in (4, 5, 6) for i in range(len(word) - n + 1)}
    )


def term_features(passage: Passage) -> Iterator[tuple[int, tuple[int, float]]]:
    """The terms of the lexicon and who is meant beside them, each at the token that begins it."""
    kinds: set[str] = set()
    for mention in passage.mentions:
        if any(passage.named[mention.first : mention.last]):
            continue
        key = f"{mention.term.kind} {'own' if mention.term.alone else 'near'}"
        weight = 0.25 if key in kinds else 1.0
        kinds.add(key)
        yield mention.first, (_slot("t " + key), weight)
        for sign in passage.who:
            yield mention.first, (_slot(f"t {key} {sign}"), weight)


def _whom(passage: Passage) -> tuple[str, ...]:
    text = passage.text
    told = frozenset().union(*(_signs(token.text) for token in passage.tokens))
    signs = {
        "name": any(passage.named),
        **{sign: sign in told for sign in _BY_WORD},
        "class": bool(_GROUP.search(text)),
        "that": bool(_DETERMINED.search(text)),
        "me": bool(_ME.search(text)),
    }
    anyone = signs["name"] or signs["kin"] or signs["that"]
    return (*(k for k, v in signs.items() if v), "someone" if anyone else "nobody")


@lru_cache(maxsize=1 << 14)
def _signs(word: str) -> frozenset[str]:
    """What a word by itself is a sign of."""
    low = word.lower()
    return frozenset(sign for sign, pattern in _BY_WORD.items() if pattern.search(low))


def passage_features(passage: Passage) -> list[tuple[int, float]]:
    """The features of the passage as a whole."""
    who = passage.who
    signs = [(_slot("w " + w), 0.6) for w in who]
    asks = "?" in passage.text
    signs.append((_slot(f"q {asks} {who[-1]}"), 0.5))
    signs.append((_slot(f"l {min(len(passage.tokens) // 6, 5)} {who[-1]}"), 0.4))
    return signs


def vector(
    features: Iterable[Sequence[tuple[int, float]]], whole: Sequence[tuple[int, float]]
) -> tuple[list[int], list[float]]:
    """Slots and values of a passage, repeated slots added up."""
    total: dict[int, float] = {}
    for part in (*features, whole):
        for slot, value in part:
            total[slot] = total.get(slot, 0.0) + value
    return list(total), list(total.values())
