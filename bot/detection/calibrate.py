"""Fit the calibration on rows kept out of training: `python -m bot.detection.calibrate [FILE]`.

Prints how chances and outcomes agree, and what the thresholds do on the streams of ordinary days.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.detection.corpus.rows import STREAMS, Row, render, rows
from bot.detection.encoder.readings import readings
from bot.detection.model.calibration import FILE, Calibration
from bot.detection.model.linear import shipped_model
from bot.detection.model.passages import passages
from bot.detection.normal import normalise
from bot.detection.recognizers.content import agreement, graveness, gravest
from bot.detection.sheet import Sheet

_RIDGE, _ROUNDS = 1e-3, 30
_NEEDLESS = 2 / 1000  # of the clean rows kept apart, which are far harder than ordinary days
_BINS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """What both models say of a row, apart and together, and what it is."""

    encoder: float
    linear: float
    agreement: float
    flag: bool


def seen(chosen: Iterable[Row]) -> list[Seen]:
    """Both logits of rows that are about people or harmless; numbers and pictures are left out."""
    found = []
    for row in chosen:
        if row.flag and not row.kinds:
            continue
        message = render(row.marked)
        sheet = Sheet(normalise(message.text), None, (), row.attachment)
        worst = gravest(passages(sheet), shipped_model(), {})
        if worst is not None:
            read = max(readings(sheet), key=graveness)
            together = agreement(worst.logits, read)
            linear = worst.logits["ANY"]
            found.append(Seen(graveness(read), linear, together, row.flag))
    return found


def fitted(rows_seen: Sequence[Seen], act: float) -> Calibration:
    """Logistic regression by Newton's method, with shorter steps where a whole one overshoots."""
    x = np.array([(s.encoder, s.linear, 1.0) for s in rows_seen])
    y = np.array([float(s.flag) for s in rows_seen])
    weights = np.zeros(3)
    for _ in range(_ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (chance - y) + _RIDGE * weights
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + _RIDGE * np.eye(3)
        step = np.linalg.solve(bend, slope)
        while _loss(x, y, weights - step) > _loss(x, y, weights) and np.abs(step).max() > _RIDGE:
            step = step / 2
        weights = weights - step
    encoder, linear, bias = (round(float(w), 4) for w in weights)
    return Calibration(encoder, linear, bias, act)


def _loss(x: Floats, y: Floats, weights: Floats) -> float:
    logits = x @ weights
    told = np.logaddexp(0.0, logits) - y * logits
    return float(told.sum() + _RIDGE / 2 * weights @ weights)


def chances(rows_seen: Sequence[Seen], calibration: Calibration) -> Floats:
    """The calibrated chance of each row."""
    return np.array([calibration.chance(s.encoder, s.linear) for s in rows_seen])


def threshold(rows_seen: Sequence[Seen]) -> float:
    """The agreement from which hardly any clean row would go; these rows are full of traps."""
    clean = sorted((s.agreement for s in rows_seen if not s.flag), reverse=True)
    return round(clean[int(len(clean) * _NEEDLESS)] + 0.01, 2)


def _agreement(rows_seen: Sequence[Seen], calibration: Calibration) -> None:
    found = chances(rows_seen, calibration)
    flags = np.array([s.flag for s in rows_seen])
    for low, high in pairwise(_BINS):
        here = (found >= low) & (found < high) if high < 1 else found >= low
        if here.any():
            print(f"  chance {low:.2f}-{high:.2f}: {here.sum():5} rows, said {found[here].mean():.3f}, "
                  f"was {flags[here].mean():.3f}")  # fmt: skip


def _levels(rows_seen: Sequence[Seen], calibration: Calibration) -> None:
    told = chances(rows_seen, calibration) >= 0.5
    gone = np.array([s.agreement for s in rows_seen]) >= calibration.act
    flags = np.array([s.flag for s in rows_seen])
    for name, level in (("told", told), ("taken away", gone & told)):
        wrong, right = int(level[~flags].sum()), int(level[flags].sum())
        print(f"  {name}: {wrong} of {(~flags).sum()} clean, {right} of {flags.sum()} confidential")


def main(target: Path) -> None:
    """Fit, write and report."""
    held = seen(row for row in rows() if row.held_out)
    calibration = fitted(held, threshold(held))
    calibration.save(target)
    print(calibration)
    print("kept out of training, traps among them:")
    _agreement(held, calibration)
    _levels(held, calibration)
    print("ordinary days:")
    _levels(seen(rows(STREAMS)), calibration)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("model") / FILE)
