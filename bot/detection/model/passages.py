"""A message in the stretches the model reads: whole when short, pairs of sentences when long."""

import re
from itertools import pairwise

from bot.detection.model.features import Passage
from bot.detection.quoted import parts
from bot.detection.recognizers.person import person_spans
from bot.detection.sheet import Sheet, Token

Spans = tuple[tuple[int, int], ...]
_LONG = 45  # tokens; longer messages are read sentence by sentence as well
_NOT_LONG, _VERY_LONG = 75, 600
# Addresses, account numbers, plates and the like: other recognizers judge those, they say nothing.
_CODE = re.compile(
    r"\S+@\S+|\S+://\S+|www\.\S+|(?<!\w)[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){3,7}(?: ?\d{1,3})?(?!\w)|"
    r"(?<![\w-])(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9-]{6,}(?![\w-])|\+?\d(?:[ .-]?\d){7,}"
)
_ENDS = frozenset(".!?\n")


def whole(sheet: Sheet) -> Passage:
    """The whole message as one passage."""
    return _passage(sheet, sheet.tokens, person_spans(sheet))


def passages(sheet: Sheet, names: Spans | None = None) -> list[Passage]:
    """The passages of a message, each of its sentences with the one before it.

    `names` are what counts as names, where those are not the ones that both finders see.
    """
    spans = person_spans(sheet) if names is None else names
    found = [_passage(sheet, part, spans) for part in _stretches(sheet)]
    return found or [_passage(sheet, sheet.tokens, spans)]


def apart(sheet: Sheet) -> list[Passage]:
    """The sentences of a message, each by itself; none of a long one, or of a single one."""
    if len(sheet.tokens) > _NOT_LONG:
        return []
    sentences = [part for part in _sentences(sheet) if len(part) > 1]
    spans = person_spans(sheet)
    return [_passage(sheet, part, spans) for part in sentences] if len(sentences) > 1 else []


def _stretches(sheet: Sheet) -> list[tuple[Token, ...]]:
    if len(sheet.tokens) <= _LONG:
        found = parts(sheet)
        return [part for part in (found.quote, found.own) if part]
    sentences = _sentences(sheet)
    if len(sheet.tokens) > _VERY_LONG:
        return [a + b for a, b in _couples(sentences)]
    return [*(s for s in sentences if len(s) > 2), *(a + b for a, b in pairwise(sentences))]


def _couples(
    sentences: list[tuple[Token, ...]],
) -> list[tuple[tuple[Token, ...], tuple[Token, ...]]]:
    """Neighbouring sentences two by two, each in one couple: enough for very long texts."""
    padded = [*sentences, ()]
    return [(padded[i], padded[i + 1]) for i in range(0, len(sentences), 2)]


def _sentences(sheet: Sheet) -> list[tuple[Token, ...]]:
    found: list[tuple[Token, ...]] = []
    current: list[Token] = []
    for token, after in zip(sheet.tokens, (*sheet.tokens[1:], None), strict=True):
        current.append(token)
        gap = sheet.text[token.end : after.start] if after else "\n"
        if "\n" in gap or (token.text in _ENDS and gap) or len(current) >= 60:
            found.append(tuple(current))
            current = []
    return found


def _passage(sheet: Sheet, tokens: tuple[Token, ...], names: Spans) -> Passage:
    if not tokens:
        return Passage((), (), "")
    codes = sheet.once("codes", lambda: tuple(m.span() for m in _CODE.finditer(sheet.text)))
    if codes:
        tokens = tuple(t for t in tokens if not any(s <= t.start < e for s, e in codes))
    if not tokens:
        return Passage((), (), "")
    low, high = tokens[0].start, tokens[-1].end
    spans = tuple((s, e) for s, e in names if s < high and low < e)
    named = tuple(any(s <= t.start < e for s, e in spans) for t in tokens)
    return Passage(tokens, named, sheet.text[tokens[0].start : tokens[-1].end])
