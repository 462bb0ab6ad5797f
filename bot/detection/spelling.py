"""Slips of the thumb that hide a word: a sign in the middle, a 0 for an o, a letter too many."""

import re
from collections.abc import Iterator

from bot.detection.names.lists import first_names, is_word, last_names

Slip = tuple[int, str]

_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff"
_SPLIT = re.compile(rf"(?<![^\W\d_])[^\W\d_]+(?:[{_EMOJI}]+[^\W\d_]+)+")
_NUMBERED = re.compile(
    r"(?<![\w@./-])(?=[^\W\d_]*[0134][^\W\d_]*(?!\w))(?>[^\W_]{4,40})(?![\w@/-])"
)
_AMONG_LETTERS = re.compile(r"[^\W\d_][0134]|[0134][^\W\d_]")
_COUNTED = re.compile(r"\d*([^\W\d_]+)\d*")  # "groep4", "2x"
_SECRET = re.compile(
    r"\b(?:ww|pw|wifi|wacht|pass|code|inlog|login|account|gebruikers)", re.IGNORECASE
)
_LETTERS = {"0": "o", "1": "i", "3": "e", "4": "a"}
_DOUBLED = re.compile(r"(?<![\w@./-])(?=[^\W\d_]*?([^\W\d_])\1)(?>[^\W\d_]{6,40})(?![\w@/-])")
_SHORTEST, _LONGEST = 3, 40  # letters


def slips(text: str) -> dict[int, str]:
    """Positions of the signs to read otherwise, with the letter that is meant or nothing.

    Only where that makes a word, or a name, of what is none.
    """
    return dict([*_signs(text), *_numbers(text), *_doubles(text)])


def _signs(text: str) -> Iterator[Slip]:
    for word in _SPLIT.finditer(text):
        letters = "".join(filter(str.isalpha, word.group()))
        if _fits(letters):
            signs = (i for i, c in enumerate(word.group(), word.start()) if not c.isalpha())
            yield from ((place, "") for place in signs)


def _numbers(text: str) -> Iterator[Slip]:
    if not _AMONG_LETTERS.search(text) or _SECRET.search(text):
        return  # a number in a word is no slip there
    for word in _NUMBERED.finditer(text):
        counted = _COUNTED.fullmatch(word.group())
        if counted and _known(counted[1].lower()):
            continue
        if _fits("".join(_LETTERS.get(c, c) for c in word.group())):
            numbers = enumerate(word.group(), word.start())
            yield from ((place, _LETTERS[c]) for place, c in numbers if c in _LETTERS)


def _doubles(text: str) -> Iterator[Slip]:
    for word in _DOUBLED.finditer(text):
        same = word.group()
        if not same.islower() or _known(same):
            continue
        once = (i for i in range(1, len(same)) if same[i] == same[i - 1])
        place = next((i for i in once if is_word(same[:i] + same[i + 1 :])), None)
        if place is not None:
            yield word.start() + place, ""


def _fits(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and _known(word.lower())


def _known(lower: str) -> bool:
    return is_word(lower) or lower in first_names() or lower in last_names()
