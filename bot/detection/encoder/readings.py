"""A sheet as the encoder reads it: in one reading, or in overlapping stretches when it is long."""

from collections.abc import Iterator

from bot.detection.encoder.reader import Encoder, Reading, shipped_encoder
from bot.detection.sheet import Sheet

_STRETCH, _OVERLAP = 60, 15  # tokens of one reading of a long text
_WHOLE = 75  # tokens that are read in one go
_MOST = 40  # readings of one sheet; what lies behind them is for the linear model alone


def readings(sheet: Sheet, encoder: Encoder | None = None) -> tuple[Reading, ...]:
    """The readings of a sheet, made once; what was said before goes with the first."""
    return sheet.once("readings", lambda: tuple(_read(sheet, encoder or shipped_encoder())))


def _read(sheet: Sheet, encoder: Encoder) -> Iterator[Reading]:
    tokens = sheet.tokens
    before = sheet.context[-1] if sheet.context else ""
    if len(tokens) <= _WHOLE:
        if tokens:
            yield encoder.read(tokens, sheet.text, before, sheet.attachment)
        return
    step = _STRETCH - _OVERLAP
    for start in range(0, min(len(tokens), _MOST * step), step):
        part = tokens[start : start + _STRETCH]
        yield encoder.read(part, sheet.text, "" if start else before, sheet.attachment)
        if start + _STRETCH >= len(tokens):
            return
