"""Whether every line of the corpus follows the form of CARD.md, and what deserves a second look."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import combinations

from stdnum import iban
from stdnum.nl import bsn

from bot.detection.corpus.rows import (
    FILES,
    FRESH,
    STREAMS,
    MarkError,
    Message,
    Row,
    Span,
    render,
    row,
)
from bot.detection.labels import KIND_LETTERS, VALUES

TOPICS = (
    "logistics", "colleagues", "birthdays", "public_info", "contact", "class_codes",
    "lookalike_words", "generic_care", "lookalike_numbers", "short", "policy_questions",
    "languages", "fiction", "own_sick", "mixed",
)  # fmt: skip
VOICES = {
    "v": "village primary school", "p": "city primary school", "b": "big-city vmbo",
    "g": "gymnasium", "m": "mbo (vocational college)", "s": "special education",
    "x": "not recorded",
}  # fmt: skip
_BRACKETS = re.compile(r"\[|\]|\{(\w*:)?|\}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b\u200c\u200e\u200f\u2028\u2029\ufeff]")


def faults(names: Sequence[str] = (*FILES, *STREAMS, *FRESH)) -> Iterator[str]:
    """What breaks the form, as `file:line: what`; nothing where all is well."""
    for name in names:
        source = files("bot.detection.corpus").joinpath(name)
        if not source.is_file():
            yield f"{name}: the file is missing"
            continue
        yield from file_faults(name, source.read_text("utf-8"))


def file_faults(name: str, content: str) -> Iterator[str]:
    """The faults of one file, its pairs included."""
    sound = []
    for number, line in enumerate(content.split("\n"), 1):
        place = f"{name}:{number}"
        if not line or line.startswith("#"):
            continue
        try:
            sound.append(row(line, place))
        except MarkError as fault:
            yield str(fault)
            continue
        for fault_found in line_faults(line, sound[-1]):
            yield f"{place}: {fault_found}"
    yield from pair_faults(sound)


def line_faults(line: str, read: Row) -> Iterator[str]:
    """What is wrong with a line that could be read."""
    marked = line.split("|", 2)[2]
    if len(set(read.letters)) < len(read.letters):
        yield "a letter stands twice"
    if not read.flag and read.topic not in TOPICS:
        yield "unknown topic"
    if read.voice not in VOICES:
        yield "unknown voice"
    if marked != marked.strip() or read.marked != read.marked.strip():
        yield "space around the text"
    if unicodedata.normalize("NFC", line) != line:
        yield "not in Unicode form NFC"
    if _CONTROL.search(line):
        yield "a character that cannot be seen"
    yield from _mark_faults(marked)
    yield from _span_faults(render(read.marked), flag=read.flag)


def _mark_faults(marked: str) -> Iterator[str]:
    opened: list[str] = []
    for match in _BRACKETS.finditer(marked):
        found, kind = match.group(), match.group(1)
        if found[0] in "]}":
            if not opened or opened.pop() + found not in ("[]", "{}"):
                yield f"{found} closes nothing"
        elif "[" in opened:
            yield "a mark within a name"
        else:
            if found[0] == "{" and (kind or "").rstrip(":") not in (*KIND_LETTERS, *VALUES):
                yield "unknown mark"
            opened.append(found[0])
    if opened:
        yield f"{opened[-1]} is not closed"


def _span_faults(message: Message, *, flag: bool) -> Iterator[str]:
    spans = (*message.names, *message.content, *message.values)
    for span in spans:
        inside = message.text[span.start : span.end]
        if not inside or inside != inside.strip():
            yield f"{span.type}: empty, or space at its edge"
    if any(_cross(a, b) for a, b in combinations(spans, 2)):
        yield "two spans cross"
    if message.content and not flag:
        yield "content marked in a harmless message"


def _cross(a: Span, b: Span) -> bool:
    first, second = sorted((a, b), key=lambda s: (s.start, -s.end))
    return first.start < second.start < first.end < second.end


def pairs(found: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """Rows by file and pair number."""
    together: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for one in found:
        if one.pair:
            together[one.place.partition(":")[0], one.pair].append(one)
    return dict(together)


def pair_faults(found: Iterable[Row]) -> Iterator[str]:
    """Pairs that are not one confidential and one harmless message."""
    for (_, name), both in pairs(found).items():
        if sorted(one.flag for one in both) != [False, True]:
            yield f"{both[0].place}: pair {name} is not one confidential and one harmless message"


def doubts(found: Iterable[Row]) -> Iterator[str]:
    """Places to look at by eye, as `file:line: what`; not faults of form."""
    for one in found:
        message = render(one.marked)
        seen = {*_checksums(message), *_unmarked(message), *_without(one, message)}
        yield from (f"{one.place}: {what}" for what in sorted(seen))


def _checksums(message: Message) -> Iterator[str]:
    for span in message.values:
        value = re.sub(r"\W", "", message.text[span.start : span.end])
        if span.type == "BSN" and value.isdecimal() and not bsn.is_valid(value):
            yield "BSN fails the eleven test"
        if span.type == "IBAN" and re.search(r"\d{4}", value) and not iban.is_valid(value):
            yield "IBAN fails its check digits"


def _unmarked(message: Message) -> Iterator[str]:
    marked = [(s.start, s.end) for s in (*message.names, *message.values)]
    for start, end in {(s.start, s.end) for s in message.names}:
        name = re.escape(message.text[start:end])
        for again in re.finditer(rf"(?<!\w){name}(?!\w)", message.text):
            if not any(a <= again.start() and again.end() <= b for a, b in marked):
                yield "a marked name stands there unmarked too"


def _without(one: Row, message: Message) -> Iterator[str]:
    types = {span.type for span in message.values}
    if "c" in one.letters and "CREDENTIAL" not in types:
        yield "credentials without a marked one"
    if "d" in one.letters and not types - {"CREDENTIAL"} and not one.attachment:
        yield "an identifier without a marked one"
