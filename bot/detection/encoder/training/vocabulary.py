"""Which pieces of the published vocabulary stay: those that Dutch school talk and names need."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.detection.corpus.rows import render, rows
from bot.detection.encoder.pieces import Pieces
from bot.detection.encoder.training.source import Source
from bot.detection.names.lists import first_names, last_names
from bot.detection.sheet import tokens

_SPECIAL, _FILE = 4, "pieces.json"
_USUAL = re.compile(r"[\u0000-\u024f▁€’‘“”–…\u2600-\u27bf\U0001f300-\U0001faff]*")
_WORDS = 60_000


def kept(source: Source) -> list[int]:
    """The numbers of the pieces that stay, the special ones first."""
    whole = Pieces(source.pieces, source.scores)
    uses: Counter[int] = Counter()
    for word, times in _spoken():
        for piece in whole.word("▁" + word):
            uses[piece] += times
        for piece in whole.word(word):
            uses[piece] += times // 2
    single = {
        number for number, piece in enumerate(source.pieces)
        if len(piece.removeprefix("▁")) == 1
    }  # fmt: skip
    chosen = {n for n, times in uses.items() if times >= 3} | single
    usual = sorted(n for n in chosen if n >= _SPECIAL and _USUAL.fullmatch(source.pieces[n]))
    return [*range(_SPECIAL), *usual]


def named(source: Source, chosen: Sequence[int]) -> tuple[list[str], list[float]]:
    """The chosen pieces and their scores."""
    return [source.pieces[i] for i in chosen], [source.scores[i] for i in chosen]


def saved(source: Source, chosen: Sequence[int], folder: Path) -> None:
    """Keep the choice beside the network that was trained on it."""
    pieces, scores = named(source, chosen)
    stored = json.dumps({"pieces": pieces, "scores": scores})
    (folder / _FILE).write_text(stored, "utf-8")


def stored(source: Source, folder: Path) -> list[int]:
    """The choice of an earlier run."""
    numbers = {piece: number for number, piece in enumerate(source.pieces)}
    kept_then = json.loads((folder / _FILE).read_text("utf-8"))["pieces"]
    return [numbers[piece] for piece in kept_then]


def _spoken() -> Iterable[tuple[str, int]]:
    for row in rows():
        for token in tokens(render(row.marked).text):
            yield token.text, 3
            yield token.lower, 3
    for name in (*first_names(), *last_names()):
        yield name, 1
        yield name.title(), 1
    from wordfreq import top_n_list  # training only

    for word in top_n_list("nl", _WORDS):
        yield word, 2
        yield word.capitalize(), 1
    for word in top_n_list("en", 8_000):
        yield word, 2
