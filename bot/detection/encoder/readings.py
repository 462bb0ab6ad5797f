"""A sheet as the encoder reads it: in one reading, or in overlapping stretches when it is long."""

import math
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from bot.detection.encoder.reader import Encoder, Reading, shipped_encoder
from bot.detection.quoted import parts
from bot.detection.sheet import Sheet, Token

_WHOLE, _OVERLAP = 75, 15  # tokens that are read in one go, and that two readings share
_REPLY = 25  # tokens; a longer message speaks for itself
_ANSWER = 50  # tokens; an answer that is no longer is read behind what it repeats
_MOST = 22  # readings of one sheet; what lies behind them is for the linear model alone


def readings(sheet: Sheet, encoder: Encoder | None = None) -> tuple[Reading, ...]:
    """The readings of a sheet on its own, made once."""
    return sheet.once("readings", lambda: tuple(_read(sheet, encoder or shipped_encoder())))


def reply(sheet: Sheet, encoder: Encoder | None = None) -> Reading | None:
    """A short message read after the one before it; none when it is long or opens the talk."""
    if not sheet.context or not 0 < len(sheet.tokens) <= _REPLY:
        return None
    chosen = encoder or shipped_encoder()
    return chosen.read(sheet.tokens, sheet.text, sheet.context[-1], sheet.attachment)


def _read(sheet: Sheet, encoder: Encoder) -> Iterator[Reading]:
    found = parts(sheet)
    yield from _stretched(sheet, encoder, found.quote, "")
    yield from _stretched(sheet, encoder, found.own, found.said)


def _stretched(
    sheet: Sheet, encoder: Encoder, tokens: Sequence[Token], said: str
) -> Iterator[Reading]:
    before = said if len(tokens) <= _ANSWER else ""

    def read(part: slice) -> Reading:
        return encoder.read(tokens[part], sheet.text, before, sheet.attachment)

    if 0 < len(tokens) <= _WHOLE:
        yield read(slice(None))
    elif tokens:
        yield from _hands().map(read, _stretches(len(tokens)))


def _stretches(count: int) -> Iterator[slice]:
    """Stretches of even length, as few as will do."""
    many = math.ceil((count - _OVERLAP) / (_WHOLE - _OVERLAP))
    step = math.ceil((count - _OVERLAP) / many)
    for start in range(0, min(many, _MOST) * step, step):
        yield slice(start, start + step + _OVERLAP)


@cache
def _hands() -> ThreadPoolExecutor:
    """The encoder works outside Python's lock, so that a long text takes little longer."""
    return ThreadPoolExecutor(min(4, os.cpu_count() or 1), "stretch")
