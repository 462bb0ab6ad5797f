"""A sheet as the encoder reads it: in one reading, or in overlapping stretches when it is long.

The encoder works outside Python's lock, so that it reads beside whatever else is done. Who waits
for the readings does those that nobody has begun: the last ones, while others read the first.
"""

import math
import os
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from threading import Semaphore

from bot.detection.encoder.reader import Encoder, Reading, shipped_encoder
from bot.detection.quoted import parts
from bot.detection.sheet import Sheet, Token

_WHOLE, _OVERLAP = 96, 11  # pieces that are read in one go, and that two readings share
_FULL = 120  # pieces in a stretch of more than that, at most: the rest is for the attachment
_SMALLER = 40  # pieces; so much smaller the last stretch is, which begins later
_REPLY = 25  # tokens; a longer message speaks for itself
_ANSWER = 66  # pieces; an answer that is no longer is read behind what it repeats
_HANDS = max(1, min(4, os.cpu_count() or 1) - 1)  # beside whoever asks
_SET_OUT = 0.002  # seconds; other messages may keep the hands busy
_MOST = 22  # readings of one sheet; what lies behind them is for the linear model alone


@dataclass(frozen=True, slots=True)
class Begun:
    """A reading that others will do, or who waits for it if they have not begun by then."""

    reading: Callable[[], Reading] = field(repr=False)
    elsewhere: Future[Reading]

    def result(self) -> Reading:
        """What was read."""
        return self.reading() if self.elsewhere.cancel() else self.elsewhere.result()


def begin(sheet: Sheet, encoder: Encoder | None = None) -> tuple[Begun, ...]:
    """Begin to read a sheet on its own, once; `readings` waits for what comes of it."""
    return sheet.once("begun", lambda: _begun(sheet, encoder or shipped_encoder()))


def readings(sheet: Sheet, encoder: Encoder | None = None) -> tuple[Reading, ...]:
    """The readings of a sheet on its own, made once."""

    def read() -> tuple[Reading, ...]:
        last_first = [begun.result() for begun in reversed(begin(sheet, encoder))]
        return tuple(reversed(last_first))

    return sheet.once("readings", read)


def reply(sheet: Sheet, encoder: Encoder | None = None) -> Reading | None:
    """A short message read after the one before it; none when it is long or opens the talk."""
    if not sheet.context or not 0 < len(sheet.tokens) <= _REPLY:
        return None
    chosen = encoder or shipped_encoder()
    return chosen.read(sheet.tokens, sheet.text, sheet.context[-1], sheet.attachment)


def alone(sheet: Sheet, tokens: tuple[Token, ...], encoder: Encoder | None = None) -> Reading:
    """A part of a message, read as if it were all."""
    return (encoder or shipped_encoder()).read(tokens, sheet.text, "", sheet.attachment)


def _begun(sheet: Sheet, encoder: Encoder) -> tuple[Begun, ...]:
    hands, started = _hands(), Semaphore(0)

    def begun(reading: Callable[[], Reading]) -> Reading:
        started.release()
        return reading()

    prepared = tuple(_prepared(sheet, encoder))
    found = tuple(Begun(reading, hands.submit(begun, reading)) for reading in prepared)
    for _ in found[:_HANDS]:  # Python's lock is theirs until the encoder has set out
        if not started.acquire(timeout=_SET_OUT):
            break
    return found


def _prepared(sheet: Sheet, encoder: Encoder) -> Iterator[Callable[[], Reading]]:
    found = parts(sheet)
    for tokens, said in ((found.quote, ""), (found.own, found.said)):
        cuts = encoder.cut(tokens, sheet.text)
        sizes = [len(cut) for cut in cuts]
        before = said if sum(sizes) <= _ANSWER else ""
        for part in _stretches(sizes):
            yield encoder.prepared(tokens[part], cuts[part], before, sheet.attachment)


def _stretches(sizes: Sequence[int]) -> Iterator[slice]:
    """Overlapping stretches of tokens of these sizes: as few as will do, the last one smaller."""
    ends = (0, *accumulate(sizes))
    size, start, end = _size(ends[-1]), 0, 0
    for _ in range(_MOST):
        if end == len(sizes):
            return
        end = max(start + 1, bisect_right(ends, ends[start] + size) - 1)
        yield slice(start, end)
        start = max(start + 1, bisect_left(ends, ends[end] - _OVERLAP))


def _size(total: int) -> int:
    """The most pieces in one stretch of a text of so many."""
    if total <= _WHOLE:
        return _WHOLE
    many = max(2, math.ceil((total - _OVERLAP) / (_FULL - _OVERLAP)))
    return min(_FULL, math.ceil((total + (many - 1) * _OVERLAP + _SMALLER) / many))


@cache  # of this process: a child has none of its threads
def _hands() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_HANDS, "stretch")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_hands.cache_clear)
