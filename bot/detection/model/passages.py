"""A message in the stretches the model reads: whole when short, pairs of sentences when long."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice, pairwise, takewhile

from bot.detection.lexicon.terms import Mention, mentions
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
    (passage,) = _Page.of(sheet).passages([sheet.tokens], person_spans(sheet))
    return passage


def passages(sheet: Sheet, names: Spans | None = None) -> list[Passage]:
    """The passages of a message, each of its sentences with the one before it.

    `names` are what counts as names, where those are not the ones that both finders see.
    """
    spans = person_spans(sheet) if names is None else names
    return _Page.of(sheet).passages(_stretches(sheet) or [sheet.tokens], spans)


def apart(sheet: Sheet) -> list[Passage]:
    """The sentences of a message, each by itself; none of a long one, or of a single one."""
    if len(sheet.tokens) > _NOT_LONG:
        return []
    sentences = [part for part in _sentences(sheet) if len(part) > 1]
    if len(sentences) < 2:
        return []
    return _Page.of(sheet).passages(sentences, person_spans(sheet))


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
        ends = token.text in _ENDS and gap and not (after and _goes_on(current, after))
        if "\n" in gap or ends or len(current) >= 60:
            found.append(tuple(current))
            current = []
    return found


def _goes_on(said: list[Token], after: Token) -> bool:
    """Whether dots are a pause in a sentence: "hij komt... denk ik"."""
    return [token.text for token in said[-2:]] == [".", "."] and after.text[0].islower()


@dataclass(frozen=True, slots=True)
class _Page:
    """What the passages of a sheet are cut from: its tokens but for codes, and the phrases in them."""  # noqa: E501

    text: str = field(repr=False)
    tokens: tuple[Token, ...] = field(repr=False)
    starts: tuple[int, ...]
    mentions: tuple[Mention, ...] = field(repr=False)

    @staticmethod
    def of(sheet: Sheet) -> "_Page":
        """The page of a sheet, laid out once."""
        return sheet.once("page", lambda: _laid_out(sheet))

    def passages(self, parts: Iterable[tuple[Token, ...]], names: Spans) -> list[Passage]:
        """The passages that these parts of the sheet are."""
        named = [False] * len(self.starts)
        for start, end in names:
            for place in range(bisect_left(self.starts, start), bisect_left(self.starts, end)):
                named[place] = True
        flags = tuple(named)
        return [self._passage(part, flags) for part in parts]

    def _passage(self, part: tuple[Token, ...], named: tuple[bool, ...]) -> Passage:
        first = bisect_left(self.starts, part[0].start) if part else 0
        last = bisect_left(self.starts, part[-1].end) if part else 0
        if first == last:
            return Passage((), (), "", ())
        tokens = self.tokens[first:last]
        said = self.text[tokens[0].start : tokens[-1].end]
        return Passage(tokens, named[first:last], said, self._mentioned(first, last))

    def _mentioned(self, first: int, last: int) -> tuple[Mention, ...]:
        begin = bisect_left(self.mentions, first, key=lambda m: m.first)
        there = takewhile(lambda m: m.first < last, islice(self.mentions, begin, None))
        return tuple(m.moved(-first) for m in there if m.last <= last)


def _laid_out(sheet: Sheet) -> _Page:
    codes = [m.span() for m in _CODE.finditer(sheet.text)]
    tokens = tuple(t for t in sheet.tokens if not any(s <= t.start < e for s, e in codes))
    starts = tuple(token.start for token in tokens)
    return _Page(sheet.text, tokens, starts, tuple(mentions(tokens)))
