"""Training examples: messages dressed anew each round, with the label of every piece."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.detection.corpus.rows import Message, Row, Span, render
from bot.detection.encoder.layout import Layout, stretch
from bot.detection.encoder.pieces import Pieces
from bot.detection.labels import CONTENT_TAGS, LETTERS
from bot.detection.names.invent import NameSource
from bot.detection.sheet import Sheet, Token

NONE = -100  # what the loss passes over
_BEFORE = (
    "hoi allemaal, ", "goedemorgen! ", "ff tussendoor: ", "team, ", "beste mensen, ", "ter info: ",
    "Hoi, ", "Beste collega's, ", "vraagje: ", "btw ", "oja ", "ps ", "Update: ",
)  # fmt: skip
_BEHIND = (
    "!", "!!", ".", "...", " groetjes", " fijne dag!", " alvast bedankt", " ok?", " gr",
    " 🙏", " 👍", " xx", " dank!", " groet", " fyi", " toch?", " lieve groet",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """Pieces with their name and content tags, the outputs of the text, and its weight."""

    pieces: tuple[int, ...]
    names: tuple[int, ...]
    content: tuple[int, ...]
    outputs: tuple[float, ...]
    weight: float
    taught: float = 1.0


@dataclass(frozen=True)
class Mix:
    """Shares of messages: beside a harmless one, and of the harmless those right after a grave one."""  # noqa: E501

    joined: float
    behind_grave: float = 0.0


def example(row: Row, message: Message, pieces: Pieces, taught: float = 1.0) -> Example | None:
    """A message as the network reads it; none where normalising moves its characters."""
    sheet = Sheet.of(message.text)
    if sheet.text != message.text or not sheet.tokens:
        return None
    layout = stretch(pieces.cut(sheet.tokens, sheet.text), pieces, message.before, row.attachment)
    names = _tagged(sheet.tokens, layout, partial(_name_tag, message.names))
    marked = bool(message.content) or not row.kinds
    content = _tagged(
        sheet.tokens, layout, partial(_content_tag, (*message.content, *message.values))
    )
    outputs = (float(row.flag), *(float(o in row.letters) for o in LETTERS))
    return Example(
        layout.pieces, names, content if marked else (NONE,) * len(content), outputs,
        0.5 if row.doubtful else 1.0, taught,
    )  # fmt: skip


def _tagged(tokens: Sequence[Token], layout: Layout, tag: "partial[int]") -> tuple[int, ...]:
    found = [NONE] * len(layout.pieces)
    for token, place in zip(tokens, layout.firsts, strict=False):
        found[place] = tag(token)
    return tuple(found)


def _name_tag(spans: Sequence[Span], token: Token) -> int:
    for span in spans:
        if span.start <= token.start < span.end:
            return 1 if token.start == span.start else 2
    return 0


def _content_tag(spans: Sequence[Span], token: Token) -> int:
    for span in spans:
        if span.start <= token.start < span.end:
            return CONTENT_TAGS.index(span.type)
    return 0


def dressed(row: Row, chance: random.Random, names: NameSource) -> Message:
    """A row with other names, greetings and small letters, as chance has it."""
    marked = row.marked
    if chance.random() < 0.2:
        marked = chance.choice(_BEFORE) + marked
    if chance.random() < 0.25:
        marked = re.sub(r"[.!?]?$", "", marked) + chance.choice(_BEHIND)
    chosen: dict[str, str] = {}

    def rename(name: str) -> str:
        if name not in chosen:
            chosen[name] = names.like(name) if chance.random() < 0.7 else name
        return chosen[name]

    message = render(marked, rename, row.before)
    draw = chance.random()
    if draw < 0.22:
        return _cased(message, str.lower)
    return _cased(message, str.upper) if draw < 0.24 else message


def _cased(message: Message, change: Callable[[str], str]) -> Message:
    text = change(message.text)
    if len(text) != len(message.text):
        return message
    return replace(message, text=text)


def joined_as_one(one: Message, two: Message, gap: str) -> Message:
    """Two messages as one, as people write who have more than one thing to say."""
    moved = len(one.text) + len(gap)

    def shifted(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(Span(s.start + moved, s.end + moved, s.type) for s in spans)

    return Message(
        one.text + gap + two.text,
        one.names + shifted(two.names),
        one.content + shifted(two.content),
        one.values + shifted(two.values),
        one.before,
    )


class _Mixing:
    """Puts messages beside and after others, as they stand in a chat."""

    def __init__(
        self, rows: Sequence[Row], mix: Mix, chance: random.Random, names: NameSource
    ) -> None:
        plain = [row for row in rows if not row.before and not row.attachment]
        self._harmless = [row for row in plain if not row.flag]
        self._grave = [row for row in plain if row.flag]
        self._mix, self._chance, self._names = mix, chance, names

    def mixed(self, row: Row) -> tuple[Message, float]:
        """A message as chance has it, and whether a teacher knows what to make of it.

        What is said right after something grave is judged by itself: a teacher that never read
        such a thing takes both for one.
        """
        message = dressed(row, self._chance, self._names)
        draw, joined = self._chance.random(), self._mix.joined
        if row.before or draw > joined + _AFTER + self._mix.behind_grave:
            return message, 1.0
        if draw > joined + _AFTER:
            if row.flag or len(message.text.split()) < _SAYS_SOMETHING:
                return message, 1.0
            return replace(message, before=self._other(self._grave).text), 0.0
        other = self._other(self._harmless)
        if draw > joined:
            return replace(message, before=other.text), 1.0
        gap = self._chance.choice(_GAPS)
        first, second = (message, other) if self._chance.random() < 0.5 else (other, message)
        return joined_as_one(first, second, gap), 1.0

    def _other(self, rows: Sequence[Row]) -> Message:
        return dressed(self._chance.choice(rows), self._chance, self._names)


_AFTER = 0.12  # share of messages that are read after a harmless one
_SAYS_SOMETHING = 5  # words; a shorter one is an answer
_GAPS = (" ", " ", "\n", ". ", "\n\n", ", ", " - ")


def all_examples(
    rows: Sequence[Row], pieces: Pieces, chance: random.Random, names: NameSource, mix: Mix
) -> list[Example]:
    """Every row as an example, dressed by chance, some of them beside or after others."""
    mixing = _Mixing(rows, mix, chance, names)
    found: list[Example] = []
    for row in rows:
        message, taught = mixing.mixed(row)
        made = example(row, message, pieces, taught)
        found += [made] if made is not None else []
    return found
