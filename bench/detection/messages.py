"""The messages that every system gets, as plain JSON values.

A set is a list of records: text, attachment ("" for none), before (what was said just before,
oldest first), flag, doubtful, pair ("" for none) and spans, each [type, start, end].
"""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.detection.corpus.rows import FRESH, STREAMS, Row, render, rows

DEVELOPMENT = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "dev.jsonl"
BEFORE = 4  # messages of one day that the detector is told
Record = dict[str, Any]


def sets() -> dict[str, list[Record]]:
    """Every set of messages by its name; the development corpus only where it is at hand."""
    found = {
        "own": [_own(row) for row in rows() if row.held_out],
        "fresh": [_own(row) for row in rows(FRESH)],
        "days": list(_days()),
    }
    return {"dev": development(DEVELOPMENT), **found} if DEVELOPMENT.exists() else found


def development(path: Path) -> list[Record]:
    """Labelled messages of a file in the form of the development corpus."""
    return [_labelled(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def _labelled(record: Record) -> Record:
    return {
        "text": record["text"],
        "attachment": record.get("attachment") or "",
        "before": [],
        "flag": record["flag"],
        "doubtful": bool(record.get("doubtful")),
        "pair": str(record.get("pair") or ""),
        "spans": [[s["type"], s["start"], s["end"]] for s in record["spans"]],
    }


def _own(row: Row, before: Iterable[str] = ()) -> Record:
    message = render(row.marked)
    pair = f"{row.place.partition(':')[0]} {row.pair}" if row.pair else ""
    return {
        "text": message.text,
        "attachment": row.attachment,
        "before": [row.before] if row.before else list(before),
        "flag": row.flag,
        "doubtful": row.doubtful,
        "pair": pair,
        "spans": [[s.type, s.start, s.end] for s in (*message.names, *message.values)],
    }


def _days() -> Iterator[Record]:
    """The streams of ordinary days, each message with the ones before it on the same day."""
    for stream in STREAMS:
        said: list[str] = []
        found = list(rows((stream,)))
        for row, following in pairwise([*found, None]):
            if row is None:
                continue
            record = _own(row, said[-BEFORE:])
            yield record
            said.append(record["text"])
            if following is None or _line(following) != _line(row) + 1:
                said = []  # another day: a line of the file that is no message stands between


def _line(row: Row) -> int:
    return int(row.place.rpartition(":")[2])
