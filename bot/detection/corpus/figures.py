"""The figures of the corpus, as the Markdown that stands in CARD.md."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from bot.detection.corpus.checks import TOPICS, VOICES, pairs
from bot.detection.corpus.likeness import Neighbour, grams, nearest, words
from bot.detection.corpus.rows import CATEGORIES, FILES, Row, render

ALIKE, FEW_WORDS = 0.5, 4
Text = tuple[str, str]  # a place or id, and its text


def texts(rows: Iterable[Row]) -> list[Text]:
    """Place and text without marks."""
    return [(row.place, render(row.marked).text) for row in rows]


def counts(sets: Sequence[tuple[str, Sequence[Row]]]) -> Iterator[str]:
    """How many there are of what, a column for each set."""
    yield from ("| | " + " | ".join(name for name, _ in sets) + " |", "|--|" + "--|" * len(sets))
    sides = [Counter(what for row in rows for what in _said_of(row)) for _, rows in sets]
    for what in _ORDER:
        yield _line(what, (f"{side[what]:,}" for side in sides))
    yield _line("near-miss pairs", (f"{len(pairs(rows)):,}" for _, rows in sets))
    marks = (np.quantile(_lengths(rows), (0.05, 0.5, 0.95)) for _, rows in sets)
    cells = (" ".join(f"{mark:.0f}" for mark in three) for three in marks)
    yield _line("characters: 5 %, half, 95 % stay under", cells)


def _line(what: str, cells: Iterable[str]) -> str:
    return f"| {what} | {' | '.join(cells)} |"


def _lengths(rows: Sequence[Row]) -> list[int]:
    return [len(render(row.marked).text) for row in rows] or [0]


def _category(letter: str) -> str:
    return f"first category {CATEGORIES[letter]} (`{letter}`)"


def _school(voice: str) -> str:
    return f"school: {VOICES[voice]} (`{voice}`)"


def _said_of(row: Row) -> Iterator[str]:
    """Every line of the table in which the row counts."""
    yield "all"
    yield _category(row.letters[0]) if row.flag else f"topic {row.topic}"
    yield _school(row.voice)
    yield "**confidential**" if row.flag else "**harmless**"
    if row.attachment:
        yield f"with a {row.attachment}"
    kept_apart = row.held_out and row.place.partition(":")[0] in FILES
    others = (len(row.letters) > 1, bool(row.before), row.doubtful, kept_apart)
    yield from (what for what, true in zip(_OTHERS, others, strict=True) if true)


_OTHERS = (
    "more than one category", "with what was said just before", "doubtful",
    "left out of training by checksum (days and fresh ones always are)",
)  # fmt: skip
_ORDER = (
    "all", "**confidential**", *map(_category, CATEGORIES), "**harmless**",
    *(f"topic {topic}" for topic in TOPICS), *map(_school, VOICES),
    *(f"with a {kind}" for kind in ("photo", "document", "voice")), *_OTHERS,
)  # fmt: skip


def files_counted(rows: Iterable[Row]) -> Iterator[str]:
    """Rows of each file."""
    yield from ("| file | rows | confidential |", "|--|--|--|")
    every, flagged = Counter[str](), Counter[str]()
    for row in rows:
        name = row.place.partition(":")[0]
        every[name] += 1
        flagged[name] += row.flag
    for name in every:
        yield f"| `{name}` | {every[name]:,} | {flagged[name]:,} |"


def variety(sets: Sequence[tuple[str, Sequence[Text]]]) -> Iterator[str]:
    """Distinct runs of one to four words, and their share of all."""
    yield from (_line("distinct", (name for name, _ in sets)), "|--|" + "--|" * len(sets))
    for size in (1, 2, 3, 4):
        cells = []
        for _, found in sets:
            every = [gram for _, text in found for gram in grams(text, size)]
            distinct = len(set(every))
            cells.append(f"{distinct:,} of {len(every):,} ({distinct / max(1, len(every)):.0%})")
        yield _line(f"runs of {size}", cells)


def partners(rows: Sequence[Row]) -> dict[int, set[int]]:
    """By row number: itself, and the other of its pair, which is meant to be alike."""
    places = {row.place: number for number, row in enumerate(rows)}
    apart = {number: {number} for number in range(len(rows))}
    for both in pairs(rows).values():
        numbers = {places[row.place] for row in both}
        for number in numbers:
            apart[number] |= numbers
    return apart


def alike(found: Sequence[Text], near: Sequence[Neighbour]) -> list[tuple[Text, Neighbour]]:
    """Texts of at least four different words that share half or more with their nearest."""
    both = zip(found, near, strict=True)
    return [(one, n) for one, n in both if n.likeness >= ALIKE and not very_short(one[1])]


def very_short(text: str) -> bool:
    """Under four different words: such messages are alike by nature."""
    return len(set(words(text))) < FEW_WORDS


def likeness_row(name: str, found: Sequence[Text], near: Sequence[Neighbour]) -> str:
    """Maximum, 99 % and median of the nearest likeness, very short messages left out."""
    both = zip(found, near, strict=True)
    marks = [n.likeness for one, n in both if not very_short(one[1])] or [0.0]
    high, middle = np.quantile(marks, (0.99, 0.5))
    many = len(alike(found, near))
    return f"| {name} | {max(marks):.2f} | {high:.2f} | {middle:.2f} | {many} |"


def likeness(
    labelled: Sequence[Row], streams: Sequence[Row], fresh: Sequence[Row], dev: Sequence[Text]
) -> tuple[list[str], list[str]]:
    """The table of likenesses, and the places that are half alike or more.

    Ordinary days are full of "doe ik" and "wie heeft de sleutel": how often they are like the
    messages is counted, not listed.
    """
    own, days, new = texts(labelled), texts(streams), texts(fresh)
    table = ["| nearest | max | 99 % | half | ≥ 0.5 |", "|--|--|--|--|--|"]
    listed: list[str] = []
    for name, ones, others, apart, told in (
        ("messages, among themselves", own, own, partners(labelled), True),
        ("ordinary days, to messages", days, own, {}, False),
        ("fresh, to messages", new, own, {}, True),
        ("messages, to the development corpus", own, dev, {}, True),
        ("ordinary days, to the development corpus", days, dev, {}, True),
        ("fresh, to the development corpus", new, dev, {}, True),
    ):
        if not ones or not others:
            continue
        for size, what in ((1, "words"), (2, "word pairs")):
            near = nearest([t for _, t in ones], [t for _, t in others], size, apart)
            table.append(likeness_row(f"{name}: {what}", ones, near))
            if size == 1 and told:
                listed += ["", f"{name[0].upper()}{name[1:]}:", "", *_listed(ones, others, near)]
    return table, listed


def _listed(
    ones: Sequence[Text], others: Sequence[Text], near: Sequence[Neighbour]
) -> Iterator[str]:
    seen: set[frozenset[str]] = set()
    for (place, _), found in sorted(alike(ones, near), key=lambda a: -a[1].likeness):
        both = frozenset((place, others[found.index][0]))
        if both not in seen:
            seen.add(both)
            yield f"- {found.likeness:.2f} {place} – {others[found.index][0]}"
