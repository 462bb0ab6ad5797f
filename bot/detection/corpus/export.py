"""The corpus as lines of JSON, keys and types as in the labelling norm."""

import json
from collections.abc import Iterable, Iterator

from bot.detection.corpus.rows import Row, Span, render


def record(row: Row) -> dict[str, object]:
    """A row as one JSON object; what was said just before it stands in `note`."""
    message = render(row.marked)
    name, _, number = row.place.partition(".txt:")
    spans = sorted(
        (*message.names, *message.content, *message.values), key=lambda s: (s.start, -s.end)
    )
    found: dict[str, object] = {
        "id": f"{name}-{int(number):04d}",
        "text": message.text,
        "chat": "team",
        "attachment": row.attachment or None,
        "flag": row.flag,
        "categories": list(row.categories),
        "spans": [_span(span, message.text) for span in spans],
        "topic": None if row.flag else row.topic,
        "note": "; ".join(_notes(row)),
    }
    if row.pair:
        found["pair"] = f"{name}-{row.pair}"
    if row.doubtful:
        found["doubtful"] = True
    return found


def _span(span: Span, text: str) -> dict[str, object]:
    return {
        "start": span.start,
        "end": span.end,
        "type": span.type,
        "surface": text[span.start : span.end],
    }


def _notes(row: Row) -> Iterator[str]:
    if row.doubtful:
        yield "either answer can be defended"
    if row.before:
        yield f"said just before: {row.before}"


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """One line of JSON a row."""
    for row in rows:
        yield json.dumps(record(row), ensure_ascii=False)
