"""The edges of a name where its two finders draw them differently."""

import re
from collections.abc import Sequence

from bot.detection.names.finder import Mark
from bot.detection.names.lists import first_names, is_word, last_names

_BARE = re.compile(r"[A-Z]\.?")
# What may come behind a first name: particles and words with a capital.
_REST = re.compile(
    r"(?: (?:van|de|den|der|ten|ter|te|el|al|'t|v\.?d\.?|v/d|vd|v\.?))*"
    r"(?P<last> [^\W\d_a-z][\w'-]+)+"
)


def joined(text: str, mark: Mark, seen: Sequence[Mark]) -> tuple[Mark, ...]:
    """A name of the lists as far as the encoder sees it go, or the two that it sees in it."""
    beside = [other for other in seen if other[0] < mark[1] and mark[0] < other[1]]
    if len(beside) == 2 and text[mark[0] - 1 : mark[0]] == "@" and _two(text, mark, beside):
        return tuple(beside)
    if len(beside) != 1:
        return (mark,)
    start, end, _ = beside[0]
    if start == mark[0] and end > mark[1] and _surname(text[mark[1] : end]):
        return ((start, end, mark[2]),)
    if end == mark[1] and start < mark[0] and _BARE.fullmatch(text[mark[0] : end]):
        return ((start, end, mark[2]),)
    return (mark,)


def _two(text: str, mark: Mark, beside: Sequence[Mark]) -> bool:
    """Whether one who is called by name is followed by another person: "@Wendy Joey is ziek"."""
    names = [text[start:end].lower() for start, end, _ in beside]
    whole = beside[0][0] == mark[0] and beside[1][1] == mark[1]
    return whole and all(name in first_names() for name in names)


def _surname(rest: str) -> bool:
    """Whether what the encoder sees behind a name is its surname, and no department."""
    match = _REST.fullmatch(rest)
    low = match["last"].strip().lower() if match else ""
    return match is not None and (low in last_names() or not is_word(low))
