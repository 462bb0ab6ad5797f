"""What is said about somebody: health, care, family, performance, work, absence, incidents."""

from collections.abc import Iterator

from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.recognizers.person import person_spans
from bot.detection.sheet import Hit, Sheet


class ContentRecognizer(DutchRecognizer):
    """Terms of the lexicon that stand with a person."""

    ENTITIES = ("HEALTH", "YOUTH_CARE", "PERFORMANCE", "HR", "FAMILY", "ABSENCE", "INCIDENT")

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """The phrases that carry sensitive content."""
        person_spans(sheet)
        yield from ()
