"""Check and measure the corpus: `python -m bot.detection.corpus.measure`.

Prints the figures as Markdown; lines that break the form come first, and then it ends with 1.
`--jsonl FILE` writes the messages as lines of JSON, `--streams FILE` the ordinary days, `--fresh
FILE` the fresh ones; `--card FILE` puts the figures between the measured-marks of the data card.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.detection.corpus.checks import doubts, faults
from bot.detection.corpus.export import lines
from bot.detection.corpus.figures import Text, counts, files_counted, likeness, texts, variety
from bot.detection.corpus.rows import FILES, FRESH, STREAMS, Row, rows

DEV = Path(__file__).parents[4] / "shared" / "corpus" / "dev.jsonl"
BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"


def development(path: Path) -> list[Text]:
    """Id and text of the development corpus; nothing where it is not at hand."""
    if not path.is_file():
        return []
    read = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line)
    return [(one["id"], one["text"]) for one in read]


def report(
    labelled: Sequence[Row], streams: Sequence[Row], fresh: Sequence[Row], dev: Sequence[Text]
) -> Iterator[str]:
    """All figures, in Markdown."""
    sets = (("messages", labelled), ("ordinary days", streams), ("fresh", fresh))
    every = (*labelled, *streams, *fresh)
    yield from ("### How many", "", *counts(sets), "", *files_counted(every), "")
    yield from ("### How varied", "", *variety([(name, texts(rows)) for name, rows in sets]), "")
    table, listed = likeness(labelled, streams, fresh, dev)
    yield from (*table, "", "### Places half alike or more", *listed, "")
    yield from ("### To look at by eye", "", *(f"- {doubt}" for doubt in doubts(every)))


def with_figures(card: str, figures: str) -> str:
    """The card with other figures between its marks; raises `ValueError` where it has none."""
    before, begin, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The card has no {BEGIN} and {END} to put the figures between.")
    return f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}"


def _sets() -> tuple[list[Row], list[Row], list[Row]]:
    return [*rows()], [*rows(STREAMS)], [*rows(FRESH)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, then print, write or both; 1 where a line breaks the form."""
    asked = argparse.ArgumentParser(prog="python -m bot.detection.corpus.measure")
    asked.add_argument("--jsonl", type=Path, metavar="FILE")
    asked.add_argument("--streams", type=Path, metavar="FILE")
    asked.add_argument("--fresh", type=Path, metavar="FILE")
    asked.add_argument("--card", type=Path, metavar="FILE")
    asked.add_argument("--dev", type=Path, default=DEV, metavar="FILE")
    chosen = asked.parse_args(arguments)
    broken = list(faults())
    if broken:
        sys.stderr.write("\n".join((*broken, f"{len(broken)} lines to mend", "")))
        return 1
    for path, names in ((chosen.jsonl, FILES), (chosen.streams, STREAMS), (chosen.fresh, FRESH)):
        if path is not None:
            path.write_text("".join(f"{line}\n" for line in lines(rows(names))), "utf-8")
    if chosen.card is not None or not (chosen.jsonl or chosen.streams or chosen.fresh):
        found = "\n".join(report(*_sets(), development(chosen.dev))).strip()
        if chosen.card is not None:
            card = with_figures(chosen.card.read_text("utf-8"), found)
            chosen.card.write_text(card, "utf-8")
        else:
            sys.stdout.write(f"{found}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
