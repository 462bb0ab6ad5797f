"""Secrets and dates that no pattern shows: what the sentence makes them is read by the encoder."""

import re
from collections.abc import Iterator

from bot.detection.encoder.reader import Reading
from bot.detection.encoder.readings import readings
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_TAGS = ("CREDENTIAL", "DATE_OF_BIRTH", "ID_DOCUMENT")
_SURE, _INSIDE = 0.75, 0.4  # the best token of a value, and the others
_MIXED = re.compile(r"(?=\w*\d)(?=\w*[^\W\d_])\w+")
_SIGNS = ",;:!?()\"'."


class ToldValueRecognizer(DutchRecognizer):
    """Values the encoder marks in a sentence about them; patterns find the plain ones."""

    ENTITIES = _TAGS

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """The values, without the signs around them."""
        for reading in readings(sheet):
            for tag in _TAGS:
                yield from _runs(reading, tag, sheet.text)


def _runs(reading: Reading, tag: str, text: str) -> Iterator[Hit]:
    chance = reading.tagged(tag)
    place = 0
    while place < len(chance):
        end = place
        while end < len(chance) and chance[end] >= _INSIDE:
            end += 1
        if end > place and chance[place:end].max() >= _SURE:
            hit = _trimmed(reading, text, (place, end), tag, float(chance[place:end].max()))
            if hit is not None and _likely(text[hit.start : hit.end], tag):
                yield hit
        place = end + 1


def _trimmed(
    reading: Reading, text: str, place: tuple[int, int], tag: str, score: float
) -> Hit | None:
    first, last = place
    while first < last and reading.tokens[first].text in _SIGNS:
        first += 1
    while last > first and reading.tokens[last - 1].text in _SIGNS.replace("!", ""):
        last -= 1
    if first >= last:
        return None
    start, end = reading.tokens[first].start, reading.tokens[last - 1].end
    return Hit(tag, start, end + _ending(text, start, end, tag), score)


def _ending(text: str, start: int, end: int, tag: str) -> int:
    """One where a secret of letters and digits has an exclamation mark right behind it."""
    secret = tag == "CREDENTIAL" and _MIXED.fullmatch(text, start, end) is not None
    return int(secret and text.startswith("!", end))


def _likely(value: str, tag: str) -> bool:
    """A date and a document have digits; a secret has, or is one word or a few."""
    digits = any(c.isdigit() for c in value)
    return digits or (tag == "CREDENTIAL" and 4 <= len(value) <= 60)
