"""Counting what detection got right against labelled messages."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from bot.detection.engine import Detector
from bot.detection.jsonl import Conversations, detect_line


@dataclass
class Score:
    right: int = 0
    extra: int = 0
    missed: int = 0
    clean: int = 0
    kinds: dict[str, list[int]] = field(default_factory=dict)

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.extra + self.missed)

    @property
    def false_alarms(self) -> float:
        return self.extra / (self.extra + self.clean)

    def kind_f1(self, kind: str) -> float:
        right, extra, missed = self.kinds[kind]
        return 2 * right / (2 * right + extra + missed)


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def score(detector: Detector, records: list[dict]) -> Score:
    total = Score()
    for record in records:
        answer = detect_line(detector, record, Conversations())
        match bool(answer["flag"]), record["flag"]:
            case True, True:
                total.right += 1
            case True, False:
                total.extra += 1
            case False, True:
                total.missed += 1
            case _:
                total.clean += 1
        _count(total, record["spans"], answer["spans"])
    return total


def _count(total: Score, wanted: list[dict], found: list[dict]) -> None:
    def spans(rows: list[dict]) -> set[tuple]:
        return {(r["type"], r["start"], r["end"]) for r in rows}

    gold, got = spans(wanted), spans(found)
    for kind in {k for k, _, _ in gold | got}:
        row = total.kinds.setdefault(kind, [0, 0, 0])
        row[0] += sum(s[0] == kind for s in gold & got)
        row[1] += sum(s[0] == kind for s in got - gold)
        row[2] += sum(s[0] == kind for s in gold - got)
