"""A sheet as the encoder reads it: in one reading, or in overlapping stretches when it is long."""

from collections.abc import Iterator

from bot.detection.encoder.reader import Encoder, Reading, shipped_encoder
from bot.detection.sheet import Sheet

_STRETCH, _OVERLAP = 60, 15  # tokens of one reading of a long text
_WHOLE = 75  # tokens that are read in one go
_REPLY = 25  # tokens; a longer message speaks for itself
_MOST = 30  # readings of one sheet; what lies behind them is for the linear model alone


def readings(sheet: Sheet, encoder: Encoder | None = None) -> tuple[Reading, ...]:
    """The readings of a sheet on its own, made once."""
    return sheet.once("readings", lambda: tuple(_read(sheet, encoder or shipped_encoder())))


def reply(sheet: Sheet, encoder: Encoder | None = None) -> Reading | None:
    """A short message read after the one before it; none when it is long or opens the talk."""
    if not sheet.context or not 0 < len(sheet.tokens) <= _REPLY:
        return None
    chosen = encoder or shipped_encoder()
    return chosen.read(sheet.tokens, sheet.text, sheet.context[-1], sheet.attachment)


def _read(sheet: Sheet, encoder: Encoder) -> Iterator[Reading]:
    tokens = sheet.tokens
    if len(tokens) <= _WHOLE:
        if tokens:
            yield encoder.read(tokens, sheet.text, "", sheet.attachment)
        return
    step = _STRETCH - _OVERLAP
    for start in range(0, min(len(tokens), _MOST * step), step):
        part = tokens[start : start + _STRETCH]
        yield encoder.read(part, sheet.text, "", sheet.attachment)
        if start + _STRETCH >= len(tokens):
            return
