"""A message that repeats another one above it, line by line behind `>`, as people answer in chats."""  # noqa: E501

import re
from dataclasses import dataclass, field

from bot.detection.sheet import Sheet, Token

_LINES = re.compile(r"(?:[ \t]*>[^\n]*\n)+")
_SIGN = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parts:
    """The tokens of what is repeated and of the message itself; `said` is the former without signs."""  # noqa: E501

    quote: tuple[Token, ...] = field(repr=False)
    own: tuple[Token, ...] = field(repr=False)
    said: str = field(default="", repr=False)


def parts(sheet: Sheet) -> Parts:
    """What a message repeats and what it says itself; all is its own when nothing stands below."""
    return sheet.once("quoted parts", lambda: _parted(sheet))


def _parted(sheet: Sheet) -> Parts:
    match = _LINES.match(sheet.text)
    quote = tuple(t for t in sheet.tokens if match and t.end <= match.end())
    own = sheet.tokens[len(quote) :]
    if match is None or not own:
        return Parts((), sheet.tokens)
    return Parts(quote, own, _SIGN.sub("", match.group()).strip())
