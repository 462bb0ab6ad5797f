"""The labelled messages of our own: `labels|voice|text` with marks, see CARD.md for the form."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from zlib import crc32

from bot.detection.labels import KIND_LETTERS, KINDS

FILES = (
    "dorp.txt", "stad.txt", "speciaal.txt", "paren.txt", "gymnasium.txt", "waarden.txt",
    "eerder.txt", "grens.txt", "bijlagen.txt", "stroom_basisschool.txt", "stroom_stad.txt",
    "team.txt", "cijfers.txt", "gezin.txt", "personeel.txt", "voorvallen.txt", "naast.txt",
    "schijn.txt", "gelezen.txt", "herfst.txt", "winter.txt", "lente.txt",
)  # fmt: skip
STREAMS = (
    "stroom_voortgezet.txt", "stroom_gemengd.txt", "stroom_dorp.txt", "stroom_appgroep.txt",
)  # fmt: skip
FRESH = ("vers.txt", "nieuw.txt")  # written apart; never trained on, nor read to learn from
CATEGORIES = {
    "h": "health", "y": "youth_care", "f": "family_situation", "p": "performance", "a": "absence",
    "r": "hr", "i": "pupil_identity_with_detail", "d": "identifier", "c": "credentials",
    "g": "image", "o": "confidential_document",
}  # fmt: skip
_HELD = 7  # one row in so many is kept apart from training
_LABELS = re.compile(
    r"(?:(p\d+)=)?(?:([hyfparidcgo]+)|n:(\w+))(\?)?((?:\+(?:photo|document|voice))*)"
)
_MARK = re.compile(r"\[([^\[\]]*)\]|\{([A-Za-z_]+):|(\})")
_BEFORE = " >> "


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of code points and its type."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message as people write it, with its spans; `before` is what was said just before."""

    text: str
    names: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()
    values: tuple[Span, ...] = ()
    before: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the corpus: what it is, and its text with the marks still in it."""

    place: str
    letters: str
    topic: str
    voice: str
    marked: str
    before: str = ""
    attachment: str = ""
    pair: str = ""
    doubtful: bool = False

    @property
    def flag(self) -> bool:
        """Whether the message is confidential."""
        return bool(self.letters)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of content in it."""
        return frozenset(KIND_LETTERS[one] for one in self.letters if one in KIND_LETTERS)

    @property
    def held_out(self) -> bool:
        """Whether it is kept apart from training; both of a pair are or are not."""
        key = f"{self.place.partition(':')[0]} {self.pair}" if self.pair else self.marked
        return crc32(key.encode()) % _HELD == 0

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories in the labelling norm's words, the main one first."""
        return tuple(CATEGORIES[letter] for letter in self.letters)


class MarkError(ValueError):
    """A line that does not follow the form; names file and line only."""


def row(line: str, place: str) -> Row:
    """A line read; raises `MarkError` naming the place."""
    labels, _, rest = line.partition("|")
    voice, _, marked = rest.partition("|")
    match = _LABELS.fullmatch(labels)
    if match is None or not marked:
        raise MarkError(f"{place}: expected labels|voice|text")
    pair, letters, topic, doubt, attached = match.groups()
    before, arrow, reply = marked.replace("\\n", "\n").rpartition(_BEFORE)
    return Row(
        place, letters or "", topic or "", voice, reply, _plain(before) if arrow else "",
        attached.rpartition("+")[2] if attached else "", pair or "", doubt is not None,
    )  # fmt: skip


def _plain(marked: str) -> str:
    return render(marked).text


def rows(names: tuple[str, ...] = FILES) -> Iterator[Row]:
    """All rows of the corpus, or of some of its files; files that are absent are left out."""
    for name in names:
        source = files("bot.detection.corpus").joinpath(name)
        if not source.is_file():
            continue
        for number, line in enumerate(source.read_text("utf-8").splitlines(), 1):
            if line and not line.startswith("#"):
                yield row(line, f"{name}:{number}")


def render(marked: str, rename: Callable[[str], str] = str, before: str = "") -> Message:
    """The message without its marks, its names put through `rename`."""
    out: list[str] = []
    names: list[Span] = []
    spans: list[Span] = []
    opened: list[tuple[int, str]] = []
    position = length = 0

    def put(text: str) -> None:
        nonlocal length
        out.append(text)
        length += len(text)

    for match in _MARK.finditer(marked):
        put(marked[position : match.start()])
        position = match.end()
        if match.group(1) is not None:
            start = length
            put(rename(match.group(1)))
            names.append(Span(start, length, "PERSON"))
        elif match.group(2) is not None:
            opened.append((length, match.group(2)))
        elif opened:
            start, kind = opened.pop()
            spans.append(Span(start, length, KIND_LETTERS.get(kind, kind)))
    put(marked[position:])
    content = tuple(s for s in spans if s.type in KINDS)
    values = tuple(s for s in spans if s.type not in KINDS)
    return Message("".join(out), tuple(names), content, values, before)
