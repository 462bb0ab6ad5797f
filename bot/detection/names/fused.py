"""Two finders of names made one: the model with its lists, and the encoder that reads the sentence."""  # noqa: E501

from collections.abc import Iterator, Sequence

from bot.detection.encoder.reader import Reading
from bot.detection.names.finder import Mark, tidy

_ALONE = 0.97  # what the encoder must be sure of to name somebody on its own
_DENIED = 0.01  # below this chance a name of the lists is no name here


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
    """The names both agree on, those of the lists the encoder does not deny, and its own sure ones."""  # noqa: E501
    kept = [
        (start, end, score)
        for start, end, score in listed
        if chance_of(read, start, end) >= _DENIED
    ]
    for mark in encoder_marks(read, text):
        over = [k for k in kept if k[0] < mark[1] and mark[0] < k[1]]
        if not over and mark[2] >= _ALONE:
            kept.append(mark)
    return tuple(sorted(kept))
