"""Finds names by lists, capitals and the words around them."""

import re
from collections.abc import Iterator
from functools import cache

from bot.detection.names.lists import AMBIGUOUS, PARTICLES, first_names, is_word, last_names
from bot.detection.sheet import Sheet, Token

_TITLE = frozenset(
    "juf juffrouw meester mevrouw mevr mw dhr meneer mijnheer collega fam familie gezin opa oma tante oom".split()
)
_BEFORE = frozenset("moeder vader ouders van met over voor bij door aan en is heeft dat @".split())


class NameFinder:
    """A name is a listed or unknown capitalised word, or a listed one in small letters."""

    def find(self, sheet: Sheet) -> Iterator[tuple[int, int, float]]:
        """Names with their half-open spans and scores."""
        tokens = sheet.tokens
        index = 0
        while index < len(tokens):
            end = self._name_end(tokens, index)
            if end is None:
                index += 1
                continue
            yield tokens[index].start, tokens[end].end, 0.85
            index = end + 1

    def _name_end(self, tokens: tuple[Token, ...], index: int) -> int | None:
        if not _starts(tokens, index):
            return None
        end = index
        position = index + 1
        while position < len(tokens) and position <= index + 4:
            low = tokens[position].lower
            if low in last_names() and (tokens[position].text[0].isupper() or low not in AMBIGUOUS):
                end = position
            elif low not in PARTICLES:
                break
            position += 1
        return end


def _starts(tokens: tuple[Token, ...], index: int) -> bool:
    token = tokens[index]
    low = token.lower
    if not token.text[0].isalpha() or len(low) < 2:
        return False
    before = tokens[index - 1].lower if index else ""
    if low in first_names():
        if low not in AMBIGUOUS and not is_word(low):
            return True
        return before in _TITLE or (
            token.text[0].isupper() and bool(index) and before not in ".!?\n"
        )
    return bool(token.text[0].isupper() and before in _TITLE) or bool(
        token.text[0].isupper()
        and before in _BEFORE
        and not is_word(low)
        and re.fullmatch(r"\w{3,}", low)
    )


@cache
def default_finder() -> NameFinder:
    """The finder every recognizer shares."""
    return NameFinder()
