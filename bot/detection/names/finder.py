"""Finds names with a conditional random field over lists, capitals and the words around them."""

import re
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files

import pycrfsuite

from bot.detection.names.features import features
from bot.detection.names.lists import (
    AMBIGUOUS,
    NOT_NAMES,
    PARTICLES,
    first_names,
    is_proper,
    is_word,
    last_names,
    nowhere_a_name,
)
from bot.detection.sheet import Sheet, Token

_TITLES = frozenset(
    [
        "juf",
        "meester",
        "mevrouw",
        "mevr",
        "mw",
        "dhr",
        "meneer",
        "heer",
        "fam",
        "familie",
        "gezin",
        "@",
        ".",
        "moeder",
        "vader",
        "ouders",
    ]
)
_GROUPS = frozenset(["groep", "groepen", "klas", "de_groep", "lokaal", "team", "school"])
_PLACES = frozenset(["in", "te", "naar", "vanuit", "uit", "bus", "station"])
_STREET = re.compile(
    r"(?:straat|laan|weg|plein|dijk|dreef|kade|gracht|college|school|zorg|lijst|formulier)$"
)
# "Noor B", "Sam v/d L.", not "Noor I" in English
_INITIAL = re.compile(
    r"(?: (?:v/d|v\.d\.|vd|van der|van den|van|de))? (?!I\b)[A-Z](?:\.(?!\w))?(?![\w'’&/-])"
)

Mark = tuple[int, int, float]  # half-open span and score


class NameFinder:
    """The trained model and a little tidying; threads may share it, one tags at a time."""

    def __init__(self, tagger: pycrfsuite.Tagger) -> None:
        self._tagger = tagger
        self._lock = threading.Lock()

    def find(self, sheet: Sheet) -> Iterator[tuple[int, int, float]]:
        """Names with their half-open spans and scores."""
        tokens = sheet.tokens
        if not tokens:
            return
        taken: list[tuple[int, int]] = []
        for first, last, score in self._runs(features(tokens, sheet.text)):
            for begin, end in _pieces(tokens, sheet.text, first, last):
                begin, end = _shortened(tokens, begin, end)
                span = _tidied(tokens, begin, end)
                if span and _believable(tokens, sheet.text, begin, span, score):
                    taken.append(span)
                    yield span[0], _end(sheet.text, *span), score
        yield from _listed(tokens, sheet.text, taken)

    def _runs(self, rows: list[list[str]]) -> list[tuple[int, int, float]]:
        """Runs of tokens tagged as names, half-open, with the mean chance of being one."""
        runs: list[tuple[int, int, float]] = []
        with self._lock:
            tags = self._tagger.tag(rows)
            place = 0
            while place < len(tags):
                end = place + 1
                if tags[place] != "O":
                    while end < len(tags) and tags[end] == "I":
                        end += 1
                    runs.append((place, end, 1 - self._tagger.marginal("O", place)))
                place = end
        return runs


def _pieces(tokens: Sequence[Token], text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """A run cut where a sentence ends inside it; a full stop behind an initial ends nothing."""
    begin = first
    for place in range(first, last):
        ends = tokens[place].text in ".!?:," and not (
            tokens[place].text == "." and place > first and len(tokens[place - 1].text) <= 1
        )
        broken = place > begin and "\n" in text[tokens[place - 1].end : tokens[place].start]
        if ends or broken:
            if place > begin:
                yield begin, place
            begin = place + 1 if ends else place
    if begin < last:
        yield begin, last


def _shortened(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    """A run without the small-letter words before and behind its capitalised ones."""
    capitals = [i for i in range(first, last) if tokens[i].text[0].isupper()]
    if not capitals:
        return first, last
    while first < capitals[0] and tokens[first].lower not in PARTICLES:
        first += 1
    for place in range(first, last - 1):
        if tokens[place].lower in _TITLES and tokens[place].text.isalpha():
            first = place + 1
    end = last
    while end - 1 > capitals[-1] and tokens[end - 1].lower not in last_names():
        if tokens[end - 1].text == "." or (len(tokens[end - 1].text) == 1 and end - 1 > first):
            break
        end -= 1
    return first, max(end, first)


def _listed(
    tokens: Sequence[Token], text: str, taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, float]]:
    """Capitalised first names of the lists that are no word, wherever the model passed them by."""
    for place, token in enumerate(tokens):
        low = token.lower
        if not token.text[0].isupper() or low not in first_names() or len(low) < 3:
            continue
        if is_word(low) or low in AMBIGUOUS or low in NOT_NAMES or token.text.isupper():
            continue
        span = (token.start, token.end)
        if any(s < span[1] and span[0] < e for s, e in taken):
            continue
        if _believable(tokens, text, place, span, 0.7):
            yield *span, 0.7


def _compound(low: str) -> bool:
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
    if head.lower in NOT_NAMES and (before not in _TITLES or before == "."):
        return False
    if head.text[0].islower() and (head.lower in AMBIGUOUS or is_word(head.lower)) and score < 0.8:
        return False
    if before in _GROUPS or (before in _PLACES and head.lower not in first_names()):
        return False
    if before not in _TITLES and nowhere_a_name(text[span[0] : span[1]].lower()):
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
        return before in _TITLES and not is_word(low)
    if is_proper(low) and not head.text.isupper():
        return True
    opens = not place or tokens[place - 1].text in ".!?:>-"
    bare = low.removesuffix("s")
    if _compound(low) and before not in _TITLES:
        return False
    if is_word(low) and (opens or before not in _TITLES) and bare not in first_names():
        return False
    return not (head.text.isupper() and len(head.text) > 1 and before not in _TITLES)


def _tidied(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int] | None:
    """The characters of a run without signs and loose particles at its edges."""
    while last > first and not _may_end(tokens, last - 1, first):
        last -= 1
    while first < last and not tokens[first].text[0].isalpha():
        first += 1
    if first >= last:
        return None
    if not any(
        len(t.text) > 1 or t.text.isupper() for t in tokens[first:last] if t.text[0].isalpha()
    ):
        return None
    return tokens[first].start, tokens[last - 1].end


def tidy(tokens: Sequence[Token], text: str, first: int, last: int) -> tuple[int, int] | None:
    """The characters of a run without loose signs, particles and the genitive."""
    span = _tidied(tokens, first, last)
    return (span[0], _end(text, *span)) if span else None


def _may_end(tokens: Sequence[Token], place: int, first: int) -> bool:
    token = tokens[place]
    if token.text == ".":
        return place > first and len(tokens[place - 1].text) == 1
    if not token.text[0].isalpha():
        return False
    return not (
        token.lower in PARTICLES and place > first and len(token.text) > 1 and token.text.islower()
    )


def _end(text: str, start: int, end: int) -> int:
    """Where a name ends: behind the initial of a surname, before the genitive."""
    initial = _INITIAL.match(text, end)
    return initial.end() if initial else _without_genitive(text, start, end)


def _without_genitive(text: str, start: int, end: int) -> int:
    """Where a name ends when its genitive is taken off: "Kim" of "Kims tante"."""
    name = text[start:end]
    if name.endswith("'s") and len(name) > 3:
        return end - 2
    after = re.match(r" [a-z]+", text[end:])
    low = name.lower().split(" ")[-1]
    if (
        after
        and low.endswith("s")
        and low not in first_names()
        and low[:-1] in first_names()
        and len(low) > 3
        and not is_word(low)
    ):
        return end - 1
    return end


@cache
def default_finder() -> NameFinder:
    """The finder every recognizer shares, with the model that comes with the package."""
    tagger = pycrfsuite.Tagger()
    with as_file(files("bot.detection.names").joinpath("names.crfsuite")) as path:
        tagger.open(str(path))
    return NameFinder(tagger)
