"""Finds names with a conditional random field over lists, capitals and the words around them."""

import re
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files

import pycrfsuite

from bot.detection.names.edges import name_end, pieces, shortened, tidied
from bot.detection.names.features import features
from bot.detection.names.lists import (
    AMBIGUOUS,
    NOT_NAMES,
    PARTICLES,
    TITLES,
    first_names,
    is_proper,
    is_word,
    last_names,
    nowhere_a_name,
)
from bot.detection.sheet import Sheet, Token

_GROUPS = frozenset(["groep", "groepen", "klas", "de_groep", "lokaal", "team", "school"])
_PLACES = frozenset(["in", "te", "naar", "vanuit", "uit", "bus", "station"])
_STREET = re.compile(
    r"(?:straat|laan|weg|plein|dijk|dreef|kade|gracht|college|school|zorg|lijst|formulier)$"
)
SHOUTED = 4  # from so many letters, one word in capitals may be a name
PASSED_BY = 0.7  # the score of a name that is on the lists, and that the model passed by
Mark = tuple[int, int, float]  # half-open span and score
Tagged = tuple[list[str], list[float]]  # the tag of every token, and its chance of a name


class NameFinder:
    """The trained model and a little tidying; threads may share it, one tags at a time."""

    def __init__(self, tagger: pycrfsuite.Tagger) -> None:
        self._tagger = tagger
        self._lock = threading.Lock()

    def find(self, sheet: Sheet) -> Iterator[Mark]:
        """Names with their half-open spans and scores."""
        tokens = sheet.tokens
        if not tokens:
            return
        taken: list[tuple[int, int]] = []
        for first, last, score in _runs(self.tagged(sheet)):
            for begin, end in pieces(tokens, sheet.text, first, last):
                begin, end = shortened(tokens, begin, end)
                span = tidied(tokens, begin, end)
                if span and _believable(tokens, sheet.text, begin, span, score):
                    taken.append(span)
                    yield span[0], name_end(sheet.text, *span), score
        yield from _listed(tokens, sheet.text, taken)

    def tagged(self, sheet: Sheet) -> Tagged:
        """The tag of every token and its chance of being in a name, found once."""
        return sheet.once("tagged", lambda: self._tagged(features(sheet.tokens, sheet.text)))

    def _tagged(self, rows: list[list[str]]) -> Tagged:
        with self._lock:
            tags = self._tagger.tag(rows)
            return tags, [1 - self._tagger.marginal("O", place) for place in range(len(tags))]


def _runs(tagged: Tagged) -> Iterator[Mark]:
    """Runs of tokens tagged as names, half-open, with the chance that one begins there."""
    tags, chances = tagged
    place = 0
    while place < len(tags):
        end = place + 1
        if tags[place] != "O":
            while end < len(tags) and tags[end] == "I":
                end += 1
            yield place, end, chances[place]
        place = end


def _listed(
    tokens: Sequence[Token], text: str, taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, float]]:
    """Capitalised first names of the lists that are no word, wherever the model passed them by."""
    for place, token in enumerate(tokens):
        low = token.lower
        if not token.text[0].isupper() or low not in first_names() or len(low) < 3:
            continue
        if is_word(low) or low in AMBIGUOUS or low in NOT_NAMES:
            continue
        if token.text.isupper() and len(low) < SHOUTED:
            continue
        span = (token.start, token.end)
        if any(s < span[1] and span[0] < e for s, e in taken):
            continue
        if _believable(tokens, text, place, span, PASSED_BY):
            yield *span, PASSED_BY


def compound(low: str) -> bool:
    """Whether an unknown word is two ordinary ones written as one, as Dutch does."""
    for cut in range(3, len(low) - 3):
        head, tail = low[:cut], low[cut:]
        if is_word(tail) and (is_word(head) or (head[-1] in "s-" and is_word(head[:-1]))):
            return True
    return False


def _believable(
    tokens: Sequence[Token], text: str, place: int, span: tuple[int, int], score: float
) -> bool:
    """Whether the place of a name is one where names stand, for words the lists do not know."""
    head = next(t for t in tokens[place:] if t.start == span[0])
    before = tokens[place - 1].lower if place else ""
    around = text[max(0, span[0] - 1) : span[0]] + text[span[1] : span[1] + 1]
    if re.search(r"[\d_/]|\w@", around) or re.match(r"@|\.\w", text[span[1] :]):
        return False
    if before == "@" and text[span[0] - 2 : span[0] - 1].isalnum():
        return False
    if head.lower in NOT_NAMES and (before not in TITLES or before == "."):
        return False
    if head.text[0].islower() and (head.lower in AMBIGUOUS or is_word(head.lower)) and score < 0.8:
        return False
    if before in _GROUPS or (before in _PLACES and head.lower not in first_names()):
        return False
    if before not in TITLES and nowhere_a_name(text[span[0] : span[1]].lower()):
        return False
    return _known(head, place, tokens, before)


def _known(head: Token, place: int, tokens: Sequence[Token], before: str) -> bool:
    low = head.lower
    if len(low) == 1:
        return head.text.isupper()
    if low in first_names() or low in last_names() or low in PARTICLES:
        return True
    if head.text[0].isupper() and _STREET.search(low):
        return False
    if head.text[0].islower():
        return before in TITLES and not is_word(low)
    if is_proper(low) and not head.text.isupper():
        return True
    opens = not place or tokens[place - 1].text in ".!?:>-"
    bare = low.removesuffix("s")
    if compound(low) and before not in TITLES:
        return False
    if is_word(low) and (opens or before not in TITLES) and bare not in first_names():
        return False
    return not (head.text.isupper() and len(head.text) > 1 and before not in TITLES)


@cache
def default_finder() -> NameFinder:
    """The finder every recognizer shares, with the model that comes with the package."""
    tagger = pycrfsuite.Tagger()
    with as_file(files("bot.detection.names").joinpath("names.crfsuite")) as path:
        tagger.open(str(path))
    return NameFinder(tagger)
