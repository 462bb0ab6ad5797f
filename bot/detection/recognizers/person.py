"""Names of pupils, parents and colleagues, without titles and without the genitive."""

from collections.abc import Iterable, Iterator

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


def listed_marks(sheet: Sheet, finder: NameFinder | None = None) -> tuple[Mark, ...]:
    """The names that the lists and the words around show, found once; the encoder is not asked."""
    return sheet.once("listed", lambda: tuple((finder or default_finder()).find(sheet)))


def person_marks(sheet: Sheet, finder: NameFinder | None = None) -> tuple[Mark, ...]:
    """The names in a sheet with their scores, found once."""
    return sheet.once("persons", lambda: _fused(sheet, finder or default_finder()))


def _fused(sheet: Sheet, finder: NameFinder) -> tuple[Mark, ...]:
    listed = listed_marks(sheet, finder)
    return fused(listed, readings(sheet), sheet, finder.tagged(sheet)[1] if sheet.tokens else ())


def spans_of(marks: Iterable[Mark]) -> tuple[tuple[int, int], ...]:
    """The half-open spans of names."""
    return tuple((start, end) for start, end, _ in marks)


def person_spans(sheet: Sheet) -> tuple[tuple[int, int], ...]:
    """The half-open spans of the names in a sheet."""
    return spans_of(person_marks(sheet))
