"""Names of pupils, parents and colleagues, without titles and without the genitive."""

from collections.abc import Iterator

from bot.detection.encoder.readings import readings
from bot.detection.names.finder import Mark, NameFinder, default_finder
from bot.detection.names.fused import fused
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet


class PersonNlRecognizer(DutchRecognizer):
    """First names, surnames, initials and nicknames, capitalised or not."""

    ENTITIES = ("PERSON",)

    def __init__(self, finder: NameFinder | None = None) -> None:
        super().__init__()
        self._finder = finder

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """The names, each as far as it goes and no further."""
        finder = self._finder or default_finder()
        for start, end, score in person_marks(sheet, finder):
            yield Hit("PERSON", start, end, score)


def person_marks(sheet: Sheet, finder: NameFinder | None = None) -> tuple[Mark, ...]:
    """The names in a sheet with their scores, found once."""

    def find() -> tuple[Mark, ...]:
        listed = tuple((finder or default_finder()).find(sheet))
        return fused(listed, readings(sheet), sheet.text)

    return sheet.once("persons", find)


def person_spans(sheet: Sheet) -> tuple[tuple[int, int], ...]:
    """The half-open spans of the names in a sheet."""
    return tuple((start, end) for start, end, _ in person_marks(sheet))
