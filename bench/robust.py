"""How steady a verdict is when only the form of a message changes: `make bench-robust`.

Every labelled message at hand and every change of `bench.changes`, and names swapped for others;
the share of messages whose verdict flips, and which way. Figures go to the screen and to
bench/results/robust.json and robust.md.
"""

import json
import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bench.changes import CHANGES, Span
from bench.detection.messages import DEVELOPMENT, Record, development
from bench.detection.score import IDENTIFIERS, share
from bench.machine import describe
from bot.detection.corpus.rows import render, rows
from bot.detection.engine import Detector, build_detector
from bot.detection.names.invent import NameSource

SEED = 20261121
RESULTS = Path(__file__).parent / "results"
SWAPPED = "every name swapped"


def main() -> None:
    detector = build_detector()
    sets = messages()
    found = {name: flips(detector, records) for name, records in sets.items()}
    RESULTS.mkdir(exist_ok=True)
    told = {"seed": SEED, "machine": describe(), "sets": found}
    (RESULTS / "robust.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    (RESULTS / "robust.md").write_text(table(found), "utf-8")
    print(table(found))


def messages() -> dict[str, list[Record]]:
    """Our own held-out messages, and the development corpus where it is at hand."""
    found = {"own": [record for record, _ in own()]}
    return {"dev": development(DEVELOPMENT), **found} if DEVELOPMENT.exists() else found


def own() -> Iterator[tuple[Record, str]]:
    """Held-out rows as records, with their marks."""
    for row in rows():
        if row.held_out:
            message = render(row.marked)
            spans = [[s.type, s.start, s.end] for s in (*message.names, *message.values)]
            before = [row.before] if row.before else []
            yield (
                {"text": message.text, "attachment": row.attachment, "before": before,
                 "spans": spans},
                row.marked,
            )  # fmt: skip


def verdict(detector: Detector, record: Record, text: str) -> bool:
    """Whether the sender would be whispered to."""
    kind = record["attachment"]
    found = detector.detect(
        text, attachments=(kind,) if kind else (), context=tuple(record["before"])
    )
    return bool(found.assessment.categories) or found.assessment.unsure


def flips(detector: Detector, records: Sequence[Record]) -> dict[str, Any]:
    """For every change: messages it touched, verdicts lost (no longer flagged) and gained."""
    verdicts = [verdict(detector, record, record["text"]) for record in records]
    found = {}
    for name in (*CHANGES, SWAPPED):
        touched = lost = gained = 0
        for record, changed, was in zip(records, variants(name, records), verdicts, strict=True):
            if changed == record["text"]:
                continue
            now = verdict(detector, record, changed)
            touched += 1
            lost += was and not now
            gained += now and not was
        found[name] = {
            "touched": touched, "lost": lost, "gained": gained,
            "flips": share(lost + gained, touched),
        }  # fmt: skip
    return found


def variants(name: str, records: Sequence[Record]) -> Iterator[str]:
    """Every message with one change; chance is drawn per message, so that parts agree with the whole."""  # noqa: E501
    for record in records:
        chance = random.Random(f"{SEED} {name} {record['text']}")
        if name == SWAPPED:
            yield swapped(record, chance)
        else:
            yield CHANGES[name](record["text"], kept(record), chance)


def kept(record: Record) -> list[Span]:
    return [(start, end) for kind, start, end in record["spans"] if kind in IDENTIFIERS]


def swapped(record: Record, chance: random.Random) -> str:
    """A message with every name another of the same make, one person the same throughout."""
    like = cache(NameSource(chance).like)
    text = record["text"]
    spans = sorted((s, e) for kind, s, e in record["spans"] if kind == "PERSON")
    for start, end in reversed(spans):
        text = text[:start] + like(text[start:end]) + text[end:]
    return text


def table(found: dict[str, Any]) -> str:
    heads = " | ".join(f"{name}: flips (lost, gained) of" for name in found)
    lines = [
        "# How steady a verdict is", "",
        "Share of verdicts that flip when only the form of a message changes.", "",
        f"| change | {heads} |", "|--" * (1 + len(found)) + "|",
    ]  # fmt: skip
    for change in (*CHANGES, SWAPPED):
        cells = [
            f"{100 * (f['flips'] or 0):.1f} % ({f['lost']}, {f['gained']}) of {f['touched']}"
            for f in (some[change] for some in found.values())
        ]
        lines.append("| " + " | ".join([change, *cells]) + " |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
