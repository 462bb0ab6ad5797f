"""Two finders of names made one: the model with its lists, and the encoder that reads the sentence."""  # noqa: E501

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from math import log

from bot.detection.encoder.reader import Reading
from bot.detection.names.called import called
from bot.detection.names.edges import name_end, pieces, shortened, tidy
from bot.detection.names.finder import PASSED_BY, SHOUTED, Mark, compound
from bot.detection.names.joined import doubled, expected, grown, joined
from bot.detection.names.known import is_known
from bot.detection.names.lists import (
    NOT_NAMES,
    TITLES,
    first_names,
    is_listed,
    is_place,
    is_word,
    nowhere_a_name,
)
from bot.detection.names.nobody import is_nobody, is_staged
from bot.detection.sheet import Sheet

# Chances of the encoder, picked on rows kept out of training: below these it denies a name that
# is on a list, that is on one but that the model passed by, or that is on none; and that is on one
# in a message of a play or a book.
_LISTED, _PASSED_BY, _UNLISTED, _STAGED = 0.01, 0.4, 0.4, 0.55
_SMALL_FIRST, _SMALL = 0.05, 0.5  # in small letters: a first name that is no word, and others
# From these it names somebody on its own: a first name, one that is a word too, a surname.
_FIRST, _FIRST_WORD, _SURNAME, _ALONE_SMALL = 0.7, 0.8, 0.95, 0.9
# Else the odds of both together must be these (logarithms), for a word or a place more.
_BOTH, _BOTH_PLAIN, _LEAST = 2.4, 4.5, 1e-4
_BESIDE = 0.6  # from this chance a new name is one where a name is expected
_CALLED = 0.75  # the score of a name behind a title that both passed by
_PART = re.compile(r"[ -]")
_FROM = re.compile(r"(?<!\w)(?:uit|in|te|vanuit) $")


def encoder_marks(read: Sequence[Reading], text: str) -> Iterator[Mark]:
    """The names the encoder sees, tidied like those of the lists; later readings overlap earlier."""  # noqa: E501
    seen = -1
    for reading in read:
        for first, last, score in _runs(reading):
            if reading.tokens[first].start <= seen:
                continue
            for begin, end in pieces(reading.tokens, text, first, last):
                span = tidy(reading.tokens, text, *shortened(reading.tokens, begin, end))
                if span is not None:
                    seen = span[1]
                    yield span[0], span[1], score


def _runs(reading: Reading) -> Iterator[tuple[int, int, float]]:
    """Runs of tokens that are a name, half-open, with the mean chance."""
    tags = reading.names.argmax(-1)
    chance = 1.0 - reading.names[:, 0]
    place = 0
    while place < len(tags):
        end = place + 1
        if tags[place]:
            while end < len(tags) and tags[end] == 2:
                end += 1
            yield place, end, float(chance[place:end].mean())
        place = end


def chance_of(read: Sequence[Reading], start: int, end: int) -> float:
    """The best chance the encoder gives a name within a span; 1 where it did not read."""
    found = [
        float(1.0 - reading.names[place, 0])
        for reading in read
        for place, token in enumerate(reading.tokens)
        if start <= token.start < end
    ]
    return max(found, default=1.0)


def fused(
    listed: Sequence[Mark], read: Sequence[Reading], sheet: Sheet, chances: Sequence[float]
) -> tuple[Mark, ...]:
    """The names both agree on, and those that one is sure of and the other does not deny.

    `chances` are those of the model with its lists, one for every token.
    """
    text = sheet.text
    seen = tuple(encoder_marks(read, text))
    agreed = (mark for mark in listed if not _denied(sheet, mark, chance_of(read, *mark[:2])))
    kept = [grown(text, part) for mark in agreed for part in joined(text, mark, seen)]
    beside = {t.start: c for t, c in zip(sheet.tokens, chances, strict=True)}
    for mark in seen:
        if _over(kept, mark[0], mark[1]):
            continue
        sure = _sure(text, mark, beside.get(mark[0], 0.0))
        if sure or (mark[2] >= _BESIDE and _new(text, mark) and expected(text, mark, kept)):
            kept.append(grown(text, mark))
    kept = _apart(doubled(text, kept, partial(chance_of, read)))
    for start, end in called(text):
        if all(start <= mark[0] and mark[1] <= end for mark in _over(kept, start, end)):
            kept = [mark for mark in kept if mark[1] <= start or end <= mark[0]]
            kept.append((start, name_end(text, start, end), _CALLED))
    return tuple(mark for mark in sorted(kept) if not _elsewhere(sheet, mark))


def _elsewhere(sheet: Sheet, mark: Mark) -> bool:
    """Whether a name is nobody's at school."""
    start, end, _ = mark
    return is_nobody(sheet.text, start, end) or is_known(sheet.lower, start, end)


def _apart(marks: Iterable[Mark]) -> list[Mark]:
    """Names without those that lie within another."""
    apart: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
        if not apart or mark[0] >= apart[-1][1]:
            apart.append(mark)
    return apart


def _over(marks: Iterable[Mark], start: int, end: int) -> list[Mark]:
    return [mark for mark in marks if mark[0] < end and start < mark[1]]


def _denied(sheet: Sheet, mark: Mark, read: float) -> bool:
    """Whether the encoder denies what lists and words around show."""
    text = sheet.text
    name = text[mark[0] : mark[1]]
    if name[0].islower():
        return read < (_SMALL_FIRST if _is_first(name.lower()) else _SMALL)
    if name.isupper() and len(name) >= SHOUTED and mark[2] == PASSED_BY:
        return False  # what the encoder makes of capitals says little
    if is_listed(name):
        passed_by = mark[2] == PASSED_BY
        return read < (_PASSED_BY if passed_by else _LISTED) or (
            read < _STAGED and _in_a_story(sheet, mark[0])
        )
    return read < _UNLISTED or _logit(read) + _logit(mark[2]) < _BOTH


def _in_a_story(sheet: Sheet, place: int) -> bool:
    """Whether a name stands in a play or a book, or opens a quotation."""
    quoted = sheet.text[max(0, place - 1) : place] in ("'", '"')
    return quoted or sheet.once("staged", lambda: is_staged(sheet.text))


def _sure(text: str, mark: Mark, beside: float) -> bool:
    """Whether the encoder names somebody on its own; `beside` is the chance of the model."""
    name = text[mark[0] : mark[1]]
    low = name.lower()
    if nowhere_a_name(low):
        return False
    if name[0].islower():
        return _is_first(low) and mark[2] >= _ALONE_SMALL
    if any(part in first_names() for part in _PART.split(low)):
        return mark[2] >= (_FIRST if not is_word(low) and low not in NOT_NAMES else _FIRST_WORD)
    if low in NOT_NAMES or low in TITLES:
        return False
    if not is_word(low) and is_listed(name) and mark[2] >= _SURNAME:
        return True
    plain = is_word(low) or compound(low) or _FROM.search(text, max(0, mark[0] - 8), mark[0])
    return _logit(mark[2]) + _logit(beside) >= (_BOTH_PLAIN if plain else _BOTH)


def _new(text: str, mark: Mark) -> bool:
    """Whether a name is one that no list or dictionary knows."""
    low = text[mark[0] : mark[1]].lower()
    plain = low in NOT_NAMES or low in TITLES or is_word(low) or compound(low) or is_place(low)
    return text[mark[0]].isupper() and not plain


def _is_first(low: str) -> bool:
    return low.split()[0] in first_names() and not is_word(low)


def _logit(chance: float) -> float:
    return log(max(chance, _LEAST) / max(1 - chance, _LEAST))
