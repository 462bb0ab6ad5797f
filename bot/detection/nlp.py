"""A Presidio NLP engine for Dutch that needs no model: a blank spaCy pipeline with lemmas."""

from collections.abc import Iterable, Iterator
from typing import Any

import spacy
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from spacy.language import Language
from spacy.tokens import Doc

_LEMMA = "fluister_lower_lemma"


@Language.component(_LEMMA)
def lower_as_lemma(doc: Doc) -> Doc:
    """Presidio compares context words with lemmas, and a blank pipeline leaves those empty."""
    for token in doc:
        token.lemma_ = token.lower_
    return doc


class BlankDutchNlpEngine(NlpEngine):
    """Tokens and lower-case lemmas for `nl`; downloads nothing and finds no entities itself."""

    def __init__(self) -> None:
        self._nlp: Language | None = None

    def load(self) -> None:
        """Build the pipeline from spaCy's own Dutch rules."""
        pipeline = spacy.blank("nl")
        pipeline.add_pipe(_LEMMA)
        pipeline.max_length = 2_000_000
        self._nlp = pipeline

    def is_loaded(self) -> bool:
        """Whether `load` has been called."""
        return self._nlp is not None

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """The tokens and lemmas of one text."""
        doc = self._pipeline(text.encode("utf-8", "replace").decode("utf-8"))
        return NlpArtifacts(
            entities=[],
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=[token.lemma_ for token in doc],
            nlp_engine=self,
            language=language,
        )

    def process_batch(
        self,
        texts: Iterable[str],
        language: str,
        batch_size: int = 1,
        n_process: int = 1,
        **kwargs: Any,  # noqa: ANN401  the base class's signature
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """The texts one by one, with their artifacts."""
        del batch_size, n_process, kwargs
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        """Whether spaCy calls the word a Dutch stop word."""
        del language
        return bool(self._pipeline.vocab[word].is_stop)

    def is_punct(self, word: str, language: str) -> bool:
        """Whether the word is only punctuation."""
        del language
        return bool(self._pipeline.vocab[word].is_punct)

    def get_supported_entities(self) -> list[str]:
        """None: recognizers do that."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Dutch only."""
        return ["nl"]

    @property
    def _pipeline(self) -> Language:
        if self._nlp is None:
            self.load()
        assert self._nlp is not None  # noqa: S101  load() sets it
        return self._nlp
