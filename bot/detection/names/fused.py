"""Two finders of names made one: the model with its lists, and the encoder that reads the sentence."""  # noqa: E501

from collections.abc import Iterator, Sequence

from bot.detection.encoder.reader import Reading
from bot.detection.names.edges import tidy
from bot.detection.names.finder import Mark
from bot.detection.names.lists import is_listed, nowhere_a_name

# Chances of the encoder, picked on rows kept out of training: below these it denies a name that
# is on a list, on none, or in small letters; from those it names somebody on its own.
_LISTED, _UNLISTED, _SMALL = 0.01, 0.6, 0.05
_ALONE_LISTED, _ALONE, _NEVER = 0.9, 0.985, 2.0


def encoder_marks(read: Sequence[Reading], text: str) -> Iterator[Mark]:
    """The names the encoder sees, tidied like those of the lists; later readings overlap earlier."""  # noqa: E501
    seen = -1
    for reading in read:
        for first, last, score in _runs(reading):
            token = reading.tokens[first]
            if token.start > seen:
                span = tidy(reading.tokens, text, first, last)
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


def fused(listed: Sequence[Mark], read: Sequence[Reading], text: str) -> tuple[Mark, ...]:
    """The names both agree on, and those that one is sure of and the other does not deny."""
    kept = [mark for mark in listed if chance_of(read, *mark[:2]) >= _denied(text, mark)]
    for mark in encoder_marks(read, text):
        over = any(start < mark[1] and mark[0] < end for start, end, _ in kept)
        if not over and mark[2] >= _sure(text, mark):
            kept.append(mark)
    return tuple(sorted(kept))


def _denied(text: str, mark: Mark) -> float:
    """Below this chance, what lists and words around show is no name here."""
    if text[mark[0]].islower():
        return _SMALL
    return _LISTED if is_listed(text[mark[0] : mark[1]]) else _UNLISTED


def _sure(text: str, mark: Mark) -> float:
    """From this chance, the encoder names somebody on its own."""
    name = text[mark[0] : mark[1]]
    if nowhere_a_name(name.lower()):
        return _NEVER
    return _ALONE_LISTED if is_listed(name) else _ALONE
