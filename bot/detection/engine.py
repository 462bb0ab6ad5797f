"""The detector: every recognizer on one normalised text, overlaps settled, one judgement."""

import contextlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from presidio_analyzer import EntityRecognizer

from bot.core.findings import Assessment, Category, Detection, FailedCheck, Finding
from bot.detection import attachments as attached
from bot.detection.allow import NOTHING_ALLOWED, AllowList
from bot.detection.encoder.readings import begin
from bot.detection.hints import weighed
from bot.detection.judge import Sign, assess
from bot.detection.labels import KINDS
from bot.detection.normal import normalise
from bot.detection.pack import nl_recognizers
from bot.detection.recognizers.around import Mask
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.recognizers.content import ContentRecognizer
from bot.detection.recognizers.person import PersonNlRecognizer
from bot.detection.recognizers.told import ToldValueRecognizer
from bot.detection.sheet import Hit, Sheet
from bot.detection.windows import windows

__all__ = ["AllowList", "Detector", "build_detector"]

_CONTEXT_MESSAGES, _CONTEXT_LENGTH = 4, 1200
_NO_ARTIFACTS: Any = None  # Presidio allows none where a recognizer reads only the text
_READ_LIMIT = 24_000  # code points; names and content behind them count as not checked
_READERS = (PersonNlRecognizer, ContentRecognizer, ToldValueRecognizer)
_HINTS, _TOLD = "Hints", ToldValueRecognizer.__name__
_RANK = (
    "IBAN_CODE", "PHONE_NUMBER", "NL_BSN", "EMAIL_ADDRESS", "CREDENTIAL", "ID_DOCUMENT",
    "DATE_OF_BIRTH", "NL_LICENSE_PLATE", "NL_POSTCODE_ADDRESS", "PERSON",
)  # fmt: skip


@dataclass(slots=True)
class _Tally:
    """What the pieces of one text have yielded so far."""

    findings: dict[tuple[str, int, int], Finding] = field(default_factory=dict)
    judgements: list[Assessment] = field(default_factory=list)
    failed: dict[str, FailedCheck] = field(default_factory=dict)


class Detector:
    """Examines messages; holds no state of them, so threads may share it."""

    def __init__(self, recognizers: Sequence[EntityRecognizer]) -> None:
        self._recognizers = tuple(recognizers)

    def detect(
        self,
        text: str,
        *,
        attachments: tuple[str, ...] = (),
        file_names: tuple[str, ...] = (),
        context: tuple[str, ...] = (),
        allow: AllowList = NOTHING_ALLOWED,
    ) -> Detection:
        """Everything found in one message.

        `attachments` are kinds ("photo", "document", "voice", "video", "other"), `context` is what
        was said just before, oldest first. A recognizer that fails is reported in `failed`.
        """
        tally = _Tally()
        before = tuple(c[-_CONTEXT_LENGTH:] for c in context[-_CONTEXT_MESSAGES:])
        for offset, piece in windows(text):
            sheet = Sheet(normalise(piece), allow, before, attachments[0] if attachments else "")
            self._examine(sheet, offset, tally, attachments, file_names)
            before = ()
        return Detection(
            findings=tuple(sorted(tally.findings.values(), key=lambda f: (f.start, f.end))),
            assessment=_together(tally.judgements),
            failed=tuple(tally.failed.values()),
            unchecked=attached.unchecked(attachments, text),
        )

    def _examine(
        self,
        sheet: Sheet,
        offset: int,
        tally: _Tally,
        attachments: tuple[str, ...],
        file_names: tuple[str, ...],
    ) -> None:
        kept = _settled(self._gather(sheet, tally, far=offset > _READ_LIMIT), sheet.text)
        for name, hit in kept:
            start, end = sheet.normal.original(hit.start, hit.end)
            key = (hit.entity_type, offset + start, offset + end)
            tally.findings.setdefault(
                key, Finding(hit.entity_type, key[1], key[2], min(1.0, hit.score), name)
            )
        hits = [hit for _, hit in kept]
        person = any(hit.entity_type == "PERSON" for hit in hits)
        rules = tuple(attached.signs(sheet, attachments, file_names, person)) if not offset else ()
        signs = _hinted(sheet, attachments, rules, tally) if attachments and not offset else rules
        tally.judgements.append(assess(sheet, hits, signs))

    def _gather(self, sheet: Sheet, tally: _Tally, *, far: bool) -> list[tuple[str, Hit]]:
        """What every recognizer finds, with its name; failures go into the tally."""
        named: list[tuple[str, Hit]] = []
        if far:
            sheet.once("persons", tuple)
        else:
            self._begin(sheet)
        for recognizer in self._recognizers:
            name = _name(recognizer)
            if far and isinstance(recognizer, _READERS):
                tally.failed[name] = FailedCheck(name, "TooLong")
                continue
            try:
                named.extend((name, hit) for hit in _ask(recognizer, sheet))
            except Exception as error:  # noqa: BLE001  a failed check must not stop the others
                tally.failed[name] = FailedCheck(name, type(error).__name__)
        return named

    def _begin(self, sheet: Sheet) -> None:
        """Let the encoder read while the patterns are looked for, where anybody wants to know."""
        if any(isinstance(recognizer, _READERS) for recognizer in self._recognizers):
            with contextlib.suppress(Exception):  # who wants to know meets it again, and reports it
                begin(sheet)


def _hinted(
    sheet: Sheet, attachments: tuple[str, ...], rules: tuple[Sign, ...], tally: _Tally
) -> tuple[Sign, ...]:
    """The signs of the rules and of the encoder; those of the rules alone when it fails."""
    try:
        return tuple(weighed(sheet, attachments, rules))
    except Exception as error:  # noqa: BLE001  a failed check must not stop the others
        tally.failed[_HINTS] = FailedCheck(_HINTS, type(error).__name__)
        return rules


def _name(recognizer: EntityRecognizer) -> str:
    return str(recognizer.name)  # type: ignore[has-type]


def _ask(recognizer: EntityRecognizer, sheet: Sheet) -> Iterator[Hit]:
    if isinstance(recognizer, DutchRecognizer):
        yield from recognizer.spans(sheet)
        return
    for result in (
        recognizer.analyze(sheet.text, recognizer.supported_entities, _NO_ARTIFACTS) or ()
    ):
        if 0 <= result.start < result.end <= len(sheet.text):
            yield Hit(result.entity_type, result.start, result.end, result.score)


def _settled(named: Iterable[tuple[str, Hit]], text: str) -> list[tuple[str, Hit]]:
    """Overlapping values settled: patterns by rank, then what the encoder reads, then names."""
    kept: list[tuple[str, Hit]] = []
    taken = Mask(len(text))
    for name, hit in sorted(named, key=_order):
        if hit.entity_type in KINDS:
            kept.append((name, hit))
        elif (free := _free(hit, taken, text)) is not None:
            taken.take(free.start, free.end)
            kept.append((name, free))
    return kept


def _free(hit: Hit, taken: Mask, text: str) -> Hit | None:
    """A hit where nothing was found yet; of a name what stands before a value, or nothing."""
    first = taken.first(hit.start, hit.end)
    if first < 0:
        return hit
    if hit.entity_type != "PERSON" or not text[first - 1 : first].isspace() or first == hit.start:
        return None
    return replace(hit, end=hit.start + len(text[hit.start : first].rstrip()))


def _order(found: tuple[str, Hit]) -> tuple[bool, bool, int, float]:
    name, hit = found
    place = _RANK.index(hit.entity_type) if hit.entity_type in _RANK else len(_RANK)
    return hit.entity_type == "PERSON", name == _TOLD, place, -hit.score


def _together(judgements: Sequence[Assessment]) -> Assessment:
    """One judgement over the pieces: the gravest leads, the categories of all count."""
    if len(judgements) == 1:
        return judgements[0]
    ordered = sorted(judgements, key=lambda j: -j.probability)
    categories: dict[Category, None] = {}
    reasons: dict[str, None] = {}
    for judgement in ordered:
        categories |= dict.fromkeys(judgement.categories)
        reasons |= dict.fromkeys(judgement.reasons)
    return Assessment(
        probability=ordered[0].probability if ordered else 0.0,
        categories=tuple(categories),
        reasons=tuple(reasons),
        unsure=not categories and any(j.unsure for j in judgements),
        certain=any(j.certain and j.categories for j in judgements),
    )


def build_detector(recognizers: Sequence[EntityRecognizer] | None = None) -> Detector:
    """The detector with our own recognizers, or with others; loads lists and weights, no network."""  # noqa: E501
    logging.getLogger("presidio-analyzer").setLevel(logging.WARNING)
    detector = Detector(nl_recognizers() if recognizers is None else recognizers)
    detector.detect("Warm: juf Anna belt 0612345678 over Bram.")
    return detector
