"""How a text is laid out for the encoder: what was said before, then the attachment, then the text."""  # noqa: E501

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.detection.encoder.pieces import BEGIN, END, Pieces
from bot.detection.sheet import tokens

MOST = 128  # pieces in one reading
_BEFORE = 40  # pieces of what was said before, its last ones
ATTACHED = {"photo": "foto:", "video": "video:", "document": "bestand:"}


@dataclass(frozen=True, slots=True)
class Layout:
    """The pieces, and for each token of the text that fits the place of its first piece."""

    pieces: tuple[int, ...] = field(repr=False)
    firsts: tuple[int, ...] = field(repr=False)


def stretch(
    cuts: Iterable[tuple[int, ...]], pieces: Pieces, before: str = "", attachment: str = ""
) -> Layout:
    """The layout of some tokens of a text, cut into their pieces; cut off at `MOST` of them."""
    found = [BEGIN]
    if before:
        said = [p for cut in pieces.cut(tuple(tokens(before)), before) for p in cut]
        found += [*said[-_BEFORE:], END]
    if attachment in ATTACHED:
        word = ATTACHED[attachment]
        found += [p for cut in pieces.cut(tuple(tokens(word)), word) for p in cut]
    firsts = []
    for cut in cuts:
        if len(found) + len(cut) >= MOST:
            break
        firsts.append(len(found))
        found += cut
    return Layout((*found, END), tuple(firsts))
