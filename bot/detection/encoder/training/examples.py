"""Training examples: messages dressed anew each round, with the label of every piece."""

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.detection.corpus.rows import KINDS, Message, Row, Span, render
from bot.detection.encoder.layout import Layout, laid_out
from bot.detection.encoder.pieces import Pieces
from bot.detection.names.invent import NameSource
from bot.detection.sheet import Sheet, Token

NONE = -100  # what the loss passes over
CONTENT_TAGS = ("O", *KINDS.values())
OUTPUTS = ("ANY", *"hyfparidcgo")
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


def example(row: Row, message: Message, pieces: Pieces) -> Example | None:
    """A message as the network reads it; none where normalising moves its characters."""
    sheet = Sheet.of(message.text)
    if sheet.text != message.text or not sheet.tokens:
        return None
    layout = laid_out(sheet, pieces, message.before, row.attachment)
    names = _tagged(sheet.tokens, layout, partial(_name_tag, message.names))
    marked = bool(message.content) or not set(row.letters) & set(KINDS)
    content = _tagged(sheet.tokens, layout, partial(_content_tag, message.content))
    outputs = (float(row.flag), *(float(o in row.letters) for o in OUTPUTS[1:]))
    return Example(
        layout.pieces, names, content if marked else (NONE,) * len(content), outputs,
        0.5 if row.doubtful else 1.0,
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
    return Message(text, message.names, message.content, message.values, message.before)


def all_examples(
    rows: Iterable[Row], pieces: Pieces, chance: random.Random | None, names: NameSource
) -> list[Example]:
    """Every row as an example: dressed by chance, or as it stands when there is none."""
    found = (
        example(row, dressed(row, chance, names) if chance else render(row.marked, str, row.before),
                pieces)
        for row in rows
    )  # fmt: skip
    return [e for e in found if e is not None]
