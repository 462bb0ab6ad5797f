"""What is said about somebody: health, care, family, performance, work, absence, incidents."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.detection.lexicon.terms import mentions
from bot.detection.model.features import Passage, whom
from bot.detection.model.linear import KINDS, LinearModel, shipped_model
from bot.detection.model.passages import passages, whole
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.sheet import Hit, Sheet

_KINDS = KINDS[1:]
_FLOOR = 0.5  # below this nothing is reported
_JOINED = 0.6  # a reply read together with the message before it
_SECOND = 0.4  # a second kind counts from here


@dataclass(frozen=True, slots=True)
class _Found:
    passage: Passage
    chances: dict[str, float]


class ContentRecognizer(DutchRecognizer):
    """A linear model over words, terms and signs of a person; its span is what weighed most."""

    ENTITIES = ("HEALTH", "YOUTH_CARE", "PERFORMANCE", "HR", "FAMILY", "ABSENCE", "INCIDENT")

    def __init__(self, model: LinearModel | None = None) -> None:
        super().__init__()
        self._model = model

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """The phrases that carry sensitive content, the likeliest kind first."""
        model = self._model or shipped_model()
        best: _Found | None = None
        for passage in passages(sheet):
            if passage.tokens:
                found = _Found(passage, model.read(passage))
                if best is None or found.chances["ANY"] > best.chances["ANY"]:
                    best = found
        chance = best.chances["ANY"] if best else 0.0
        sheet.once("chance", lambda: min(chance, 0.49))
        if best is not None and chance >= _FLOOR:
            yield from _hits(best, model)
        elif best is not None and sheet.context:
            yield from _in_context(sheet, best.passage, model)


def _in_context(sheet: Sheet, passage: Passage, model: LinearModel) -> Iterator[Hit]:
    """What a reply says about the person of the message before it."""
    said = [m for m in mentions(passage.tokens) if m.term.kind in _KINDS]
    before = Sheet.of(sheet.context[-1])
    if not said or not before.tokens:
        return
    someone = "someone" in whom(whole(before))
    joined = model.read(whole(Sheet.of(before.text + "\n" + sheet.text)))
    if someone and joined["ANY"] >= _JOINED:
        first, last = passage.tokens[said[0].first], passage.tokens[said[0].last - 1]
        yield Hit(said[0].term.kind, first.start, last.end, joined["ANY"])


def _hits(found: _Found, model: LinearModel) -> Iterator[Hit]:
    chances, shares = found.chances, model.shares(found.passage)
    ranked = sorted(_KINDS, key=lambda kind: -chances[kind])
    for place, kind in enumerate(ranked):
        if place and chances[kind] < _SECOND:
            break
        start, end = _heaviest(shares[:, KINDS.index(kind)])
        tokens = found.passage.tokens[start:end]
        score = chances["ANY"] if not place else min(chances["ANY"], max(chances[kind], 0.5))
        yield Hit(kind, tokens[0].start, tokens[-1].end, score)


def _heaviest(shares: npt.NDArray[np.float32]) -> tuple[int, int]:
    """The stretch of tokens that together weigh most, half-open."""
    level = shares - max(0.0, float(shares.mean()))
    best, best_span, total, start = -np.inf, (0, 1), 0.0, 0
    for place, share in enumerate(level):
        if total <= 0:
            total, start = 0.0, place
        total += float(share)
        if total > best:
            best, best_span = total, (start, place + 1)
    return best_span
