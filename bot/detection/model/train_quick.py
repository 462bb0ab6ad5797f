"""Train the quick look: `python -m bot.detection.model.train_quick [quick.npz]`; fixed seed.

Its limit lies below every confidential row, each scored by weights that never saw it.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.detection.corpus.rows import render, rows
from bot.detection.quick import SLOTS, QuickLook, eligible, slots_of

SEED, EPOCHS, RATE, DECAY = 20261121, 15, 0.3, 1e-4
_GRAVE = 6.0  # how much worse it is to pass a confidential row than to look at a plain one
_FOLDS, _MARGIN = 4, 0.25
_SHORT = 60  # code points
Slots = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]


def fit(texts: Sequence[Slots], flags: Sequence[bool]) -> Weights:
    """Logistic regression by AdaGrad over hashed words, in random order."""
    chance = np.random.default_rng(SEED)
    weights = np.zeros(SLOTS, np.float32)
    squares = np.full(SLOTS, 0.1, np.float32)
    for _ in range(EPOCHS):
        for at in chance.permutation(len(texts)):
            slots = texts[at]
            scale = max(1.0, len(slots)) ** -0.5
            said = 1.0 / (1.0 + np.exp(-np.clip(weights[slots].sum() * scale, -30, 30)))
            slope = (said - flags[at]) * (_GRAVE if flags[at] else 1.0) * scale
            step = slope + DECAY * weights[slots]
            squares[slots] += step * step
            weights[slots] -= RATE * step / np.sqrt(squares[slots])
    return weights


def limit_of(messages: Sequence[str], texts: Sequence[Slots], flags: Sequence[bool]) -> float:
    """A little below the lowest score of a confidential row that its own weights never saw."""
    lowest = np.inf
    for fold in range(_FOLDS):
        apart = range(fold, len(texts), _FOLDS)
        learnt = [i for i in range(len(texts)) if i % _FOLDS != fold]
        look = QuickLook(fit([texts[i] for i in learnt], [flags[i] for i in learnt]), 0.0)
        scores = [look.score(messages[i]) for i in apart if flags[i] and eligible(messages[i])]
        lowest = min(lowest, *scores)
    return float(lowest) - _MARGIN


def joined(messages: Sequence[str], flags: Sequence[bool]) -> Iterator[str]:
    """Every confidential message before or behind a short harmless one."""
    chance = random.Random(SEED)  # noqa: S311  a fixed seed is wanted
    told = list(zip(messages, flags, strict=True))
    plain = [text for text, flag in told if not flag and len(text) <= _SHORT]
    for grave in (text for text, flag in told if flag):
        both = [grave, chance.choice(plain)]
        chance.shuffle(both)
        yield " ".join(both)


def main(target: Path) -> None:
    """Train and write the weights, in eight bits a weight."""
    chosen = [row for row in rows() if not row.attachment]
    messages = [render(row.marked).text for row in chosen]
    flags = [row.flag for row in chosen]
    messages += list(joined(messages, flags))
    flags += [True] * (len(messages) - len(flags))
    texts = [np.asarray(slots_of(text)) for text in messages]
    limit = limit_of(messages, texts, flags)
    weights = fit(texts, flags)
    scale = np.float32(np.abs(weights).max() / 127.0)
    np.savez_compressed(
        target, weights=np.round(weights / scale).astype(np.int8), scale=scale, limit=limit
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("quick.npz"))
