"""The edges of a name where its two finders draw them differently, or both too narrow."""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.detection.names.edges import name_end
from bot.detection.names.finder import Mark
from bot.detection.names.lists import (
    GREETINGS,
    NOT_NAMES,
    PARTICLE,
    TITLES,
    first_names,
    is_place,
    is_word,
    last_names,
)

_BARE = re.compile(r"[A-Z]\.?")
_WORD = r"[^\W\d_]+(?:['-][^\W\d_]+)*"
_CAPITAL = r"[^\W\d_a-z][^\W\d_]*(?:['-][^\W\d_]+)*"
# What may come behind a first name: particles and words with a capital.
_REST = re.compile(rf"(?: {PARTICLE})*(?: {_CAPITAL})+")
_WHOLE = re.compile(rf"{_CAPITAL}(?:(?: {PARTICLE})*(?: {_CAPITAL}))+")
_SURNAME = re.compile(rf"(?P<particle> {PARTICLE})? (?P<last>{_WORD})(?![\w@'-])")
_DOUBLE = re.compile(rf"(?<![\w@'\"-])({_CAPITAL}) $")
_ROW = re.compile(r",? ?(?:(?:en|of|&|\+) )?|/|(?:,| \d{1,2})?\n[-*\d.:) ]*")
_UNDER, _SIGNED, _GAP = re.compile(r"[.!?\n] ?x* ?$"), re.compile(r"[ x.!]*$"), 12
# Chances of the encoder: of a longer name, of a first name before another, of one that is a word.
_SURE, _SEEN, _SEEN_WORD = 0.9, 0.3, 0.5


def joined(text: str, mark: Mark, seen: Sequence[Mark]) -> tuple[Mark, ...]:
    """A name of the lists as far as the encoder sees it go, or the two that it sees in it."""
    beside = [other for other in seen if other[0] < mark[1] and mark[0] < other[1]]
    if len(beside) == 2 and text[mark[0] - 1 : mark[0]] == "@" and _two(text, mark, beside):
        return tuple(beside)
    if len(beside) != 1:
        return (mark,)
    start, end, chance = beside[0]
    if start == mark[0] and end > mark[1] and _is_surname(text[mark[1] : end]):
        return ((start, end, mark[2]),)
    if start >= mark[0] or end < mark[1]:
        return (mark,)
    bare = end == mark[1] and _BARE.fullmatch(text[mark[0] : end])
    if bare or (chance >= _SURE and _is_whole(text[start:end])):
        return ((start, end, mark[2]),)
    return (mark,)


def grown(text: str, mark: Mark) -> Mark:
    """A first name with the surname behind it that is on the lists, whatever was seen of it."""
    start, end, score = mark
    match = _SURNAME.match(text, end)
    if match is None or text[start:end].lower() not in first_names():
        return mark
    last = match["last"]
    low = last.lower()
    if last[0].isupper() != text[start].isupper() or (last.isupper() and len(last) > 1):
        return mark
    if low in NOT_NAMES or low not in last_names() or (is_word(low) and not match["particle"]):
        return mark
    if last.islower() and not match["particle"]:
        return mark
    return start, name_end(text, start, match.end()), score


def doubled(text: str, marks: Sequence[Mark], read: Callable[[int, int], float]) -> Iterator[Mark]:
    """Names, each with the first name before it that the encoder half sees: "Jan Willem"."""
    for start, end, score in marks:
        match = _DOUBLE.search(text, max(0, start - 20), start)
        if match and _is_first(match[1].lower()) and read(*match.span(1)) >= _seen(match[1]):
            yield match.start(1), end, score
        else:
            yield start, end, score


def expected(text: str, mark: Mark, others: Sequence[Mark]) -> bool:
    """Whether a name stands where one does: in a row with others, or under a message."""
    start, end, _ = mark
    if _SIGNED.match(text, end) and _UNDER.search(text, max(0, start - 4), start):
        return True
    between = (text[a:b] for one, two, _ in others for a, b in ((two, start), (end, one)) if a < b)
    return any(len(gap) < _GAP and _ROW.fullmatch(gap) for gap in between)


def _seen(name: str) -> float:
    return _SEEN_WORD if is_word(name.lower()) else _SEEN


def _is_first(low: str) -> bool:
    return low in first_names() and low not in TITLES and low not in GREETINGS


def _two(text: str, mark: Mark, beside: Sequence[Mark]) -> bool:
    """Whether one who is called by name is followed by another person: "@Wendy Joey is ziek"."""
    names = [text[start:end].lower() for start, end, _ in beside]
    whole = beside[0][0] == mark[0] and beside[1][1] == mark[1]
    return whole and all(name in first_names() for name in names)


def _is_surname(rest: str) -> bool:
    """Whether what the encoder sees behind a name is its surname, and no department."""
    low = rest.split()[-1].lower()
    return _REST.fullmatch(rest) is not None and (low in last_names() or not is_word(low))


def _is_whole(name: str) -> bool:
    """Whether a longer name that the encoder sees is nothing but a name."""
    first = name.split()[0].lower()
    plain = first in TITLES or first in NOT_NAMES or first in GREETINGS or is_place(first)
    return not plain and _WHOLE.fullmatch(name) is not None
