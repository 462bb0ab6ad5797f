"""A Presidio recognizer for Dutch that reads a sheet, so that a text is normalised only once."""

from abc import abstractmethod
from collections.abc import Iterable

from presidio_analyzer import EntityRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from bot.detection.sheet import Hit, Sheet


class DutchRecognizer(EntityRecognizer):
    """Works in any Presidio `AnalyzerEngine` for `nl`, and in our detector without its overhead."""

    ENTITIES: tuple[str, ...] = ()

    def __init__(self) -> None:
        super().__init__(
            supported_entities=list(self.ENTITIES),
            name=type(self).__name__,
            supported_language="nl",
            version="1.0.0",
        )

    def load(self) -> None:
        """Nothing to load: what a recognizer needs, it gets when it is built."""

    @abstractmethod
    def spans(self, sheet: Sheet) -> Iterable[Hit]:
        """The findings in the normalised text of a sheet."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Presidio's entrance: spans count code points of the text as given."""
        del nlp_artifacts
        sheet = Sheet.of(text)
        wanted = set(entities) if entities else set(self.ENTITIES)
        return [
            RecognizerResult(hit.entity_type, *sheet.normal.original(hit.start, hit.end), hit.score)
            for hit in self.spans(sheet)
            if hit.entity_type in wanted
        ]
