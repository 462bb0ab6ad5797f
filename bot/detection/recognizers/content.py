"""What is said about somebody: health, care, family, performance, work, absence, incidents."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.detection.encoder.reader import Reading
from bot.detection.encoder.readings import alone, readings, reply
from bot.detection.labels import KINDS, LINEAR_OUTPUTS, OUTPUTS
from bot.detection.model.calibration import chance_of, shipped_calibration
from bot.detection.model.features import Passage
from bot.detection.model.linear import LinearModel, shipped_model
from bot.detection.model.passages import apart, passages
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.recognizers.person import listed_marks, spans_of
from bot.detection.sheet import Hit, Sheet

Logits = dict[str, float]
# Chances from which something is reported, where of a name and a term of the lexicon none stands,
# one or both. On rows kept out of training these tell most of all that leave about one in a hundred
# plain messages of ordinary days under suspicion.
_BARS = (0.9, 0.75, 0.5)
_APART = (0.96, 0.96, 0.9)  # the same for the gravest sentence by itself
_SUSPECT = -2.0  # a logit of its words, from which a sentence is looked at by itself
_JOINED = 0.9  # a reply read together with the message before it
_PLAIN = {"ALONE": 0.75, "YOUTH_CARE": 0.75, "HEALTH": 0.95}  # bars for what is told plainly
_FIRST, _SECOND = 0.15, 0.4  # a kind counts from here; below it, it is a number or a picture
_MARKED = 0.3  # a token of a phrase


class ContentRecognizer(DutchRecognizer):
    """Two models read the message, words and sentence; its span is the phrase that weighed most."""

    ENTITIES = KINDS

    def __init__(self, model: LinearModel | None = None) -> None:
        super().__init__()
        self._model = model

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """The phrases that carry sensitive content, the likeliest kind first."""
        model = self._model or shipped_model()
        foreseen = weighed(passages(sheet, spans_of(listed_marks(sheet))), model, {})
        read = readings(sheet)
        found = gravest(passages(sheet), model, foreseen)
        if found is None or not read:
            return
        worst = max(read, key=graveness)
        chances = _chances(found.logits, worst)
        chance = chances["ANY"]
        bar = _BARS[_grounds(found.passage)]
        sheet.once("chance", lambda: min(chance, bar - 0.01))
        sheet.once("agreement", lambda: agreement(found.logits, worst))
        sheet.once("told_plainly", lambda: told_plainly(found.passage, chance))
        if chance >= bar:
            yield from _hits(chances, found, read, model)
            return
        for said, again, least in _read_again(sheet, found, model, foreseen):
            chances = _chances(said.logits, again)
            if chances["ANY"] >= least:
                yield from _hits(chances, said, (again,), model)
                return


@dataclass(frozen=True, slots=True)
class Found:
    passage: Passage
    logits: Logits


def graveness(reading: Reading) -> float:
    return reading.logit("ANY")


def weighed(
    read: Iterable[Passage], model: LinearModel, foreseen: Mapping[Passage, Logits]
) -> dict[Passage, Logits]:
    """What the words of each passage say; `foreseen` is what was weighed before."""
    there = dict.fromkeys(p for p in read if p.tokens)
    new = [p for p in there if p not in foreseen]
    found = dict(zip(new, model.logits(new), strict=True))
    return {p: found.get(p) or foreseen[p] for p in there}


def gravest(
    read: Iterable[Passage], model: LinearModel, foreseen: Mapping[Passage, Logits]
) -> Found | None:
    """The passage whose words are gravest.

    Most of them are `foreseen`, weighed while the encoder reads: few names change by what it sees.
    """
    found = [Found(*both) for both in weighed(read, model, foreseen).items()]
    return max(found, key=lambda f: f.logits["ANY"], default=None)


def _chances(linear: Logits, reading: Reading) -> dict[str, float]:
    """The chance of every kind, from the logits of both models."""
    found = {kind: chance_of((reading.logit(kind) + linear[kind]) / 2) for kind in KINDS}
    return {"ANY": shipped_calibration().chance(reading.logit("ANY"), linear["ANY"]), **found}


def agreement(linear: Logits, reading: Reading) -> float:
    """How far both models agree that it is confidential, and of which kind: a sum of logits."""
    kind = max(reading.logit(kind) + linear[kind] for kind in KINDS)
    return reading.logit("ANY") + linear["ANY"] + kind


def told_plainly(passage: Passage, chance: float) -> bool:
    """Whether somebody is named beside a term of the lexicon that, so likely, says enough."""
    said = {
        _PLAIN["ALONE"] if m.term.alone else _PLAIN.get(m.term.kind, 2.0)
        for m in passage.mentions
        if m.term.kind in KINDS
    }
    return any(passage.named) and chance >= min(said, default=2.0)


def _read_again(
    sheet: Sheet, found: Found, model: LinearModel, foreseen: Mapping[Passage, Logits]
) -> Iterator[tuple[Found, Reading, float]]:
    """Its gravest sentence alone, and a reply behind what it answers; each with a bar of its own.

    Harmless sentences around a grave one hide it from who reads them all together.
    """
    worst = gravest(apart(sheet), model, foreseen)
    if worst is not None and worst.logits["ANY"] >= _SUSPECT:
        read = alone(sheet, worst.passage.tokens)
        yield worst, read, _APART[_grounds(worst.passage)]
    behind = reply(sheet)
    if behind is not None:
        yield found, behind, _JOINED


def _grounds(passage: Passage) -> int:
    """How many there are of a name and a term of the lexicon."""
    return any(passage.named) + any(m.term.kind in KINDS for m in passage.mentions)


def _hits(
    chances: dict[str, float], found: Found, read: Sequence[Reading], model: LinearModel
) -> Iterator[Hit]:
    ranked = sorted(KINDS, key=lambda kind: -chances[kind])
    reading = max(read, key=graveness)
    if chances[ranked[0]] < _FIRST and _of_another_kind(reading):
        return
    for place, kind in enumerate(ranked):
        if place and chances[kind] < _SECOND:
            break
        start, end = _phrase(reading, kind) or _words(found.passage, kind, model)
        score = chances["ANY"] if not place else min(chances["ANY"], max(chances[kind], 0.5))
        yield Hit(kind, start, end, score)


def _of_another_kind(reading: Reading) -> bool:
    """Whether it is grave for a number, a secret, a picture or a paper, which others judge."""
    others = set(OUTPUTS) - set(LINEAR_OUTPUTS)
    return max(map(reading.logit, others)) > max(map(reading.logit, KINDS))


def _phrase(reading: Reading, kind: str) -> tuple[int, int] | None:
    """The stretch the encoder marks as content, of this kind where it marks one."""
    own = reading.tagged(kind)
    if own.max(initial=0.0) < _MARKED:
        own = sum((reading.tagged(k) for k in KINDS), np.zeros_like(own))
    if own.max(initial=0.0) < _MARKED:
        return None
    start, end = _heaviest(own - _MARKED)
    return reading.tokens[start].start, reading.tokens[end - 1].end


def _words(passage: Passage, kind: str, model: LinearModel) -> tuple[int, int]:
    """The stretch of words that weighed most in the linear model."""
    shares = model.shares(passage)[:, LINEAR_OUTPUTS.index(kind)]
    start, end = _heaviest(shares - max(0.0, float(shares.mean())))
    return passage.tokens[start].start, passage.tokens[end - 1].end


def _heaviest(level: npt.NDArray[np.float32]) -> tuple[int, int]:
    """The stretch of tokens that together weigh most, half-open."""
    best, best_span, total, start = -np.inf, (0, 1), 0.0, 0
    for place, share in enumerate(level):
        if total <= 0:
            total, start = 0.0, place
        total += float(share)
        if total > best:
            best, best_span = total, (start, place + 1)
    return best_span
