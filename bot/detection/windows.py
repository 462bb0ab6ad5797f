"""Long texts in overlapping pieces, so that the work stays in proportion to the length."""

from collections.abc import Iterator

WINDOW = 6000  # code points
OVERLAP = 400  # longer than any single finding


def windows(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of a text with the offset each starts at; a short text is one piece."""
    if len(text) <= WINDOW:
        yield 0, text
        return
    start = 0
    while True:
        end = _cut(text, start + WINDOW)
        yield start, text[start:end]
        if end >= len(text):
            return
        start = _cut_back(text, end - OVERLAP)


def _cut(text: str, end: int) -> int:
    """A cut at white space shortly before `end`, else at `end`."""
    if end >= len(text):
        return len(text)
    space = max(text.rfind(" ", end - 200, end), text.rfind("\n", end - 200, end))
    return space + 1 if space > 0 else end


def _cut_back(text: str, start: int) -> int:
    space = text.find(" ", start, start + 200)
    return space + 1 if space >= 0 else start
