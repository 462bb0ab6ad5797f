"""Train the content model: `python -m bot.detection.model.train [weights.npz]`; same seed, same weights."""  # noqa: E501

import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.detection.corpus.rows import Row, render, rows
from bot.detection.labels import KINDS, LINEAR_OUTPUTS
from bot.detection.lexicon.terms import lexicon
from bot.detection.model.features import SIZE, passage_features, token_features, vector
from bot.detection.model.passages import whole
from bot.detection.names.invent import NameSource
from bot.detection.sheet import Sheet

SEED, EPOCHS, RATE, DECAY = 20261121, 12, 0.25, 2e-6
_BEFORE = (
    "hoi allemaal, ",
    "goedemorgen! ",
    "ff tussendoor: ",
    "team, ",
    "beste mensen, ",
    "ter info: ",
)
_BEHIND = (
    "!",
    "!!",
    ".",
    "...",
    " groetjes",
    " fijne dag!",
    " alvast bedankt",
    " ok?",
    " gr",
    " tot morgen!",
)
Example = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32], npt.NDArray[np.float32], float]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text, the kinds of content in it (none when harmless) and how much it counts."""

    text: str
    kinds: frozenset[str]
    weight: float


def lessons(seed: int) -> list[Lesson]:
    """Every row three times, with its own names and twice with others, and terms on their own."""
    chance = random.Random(seed)  # noqa: S311  a fixed seed is wanted
    source = NameSource(chance)
    found: list[Lesson] = []
    for row in rows():
        if not row.held_out and _fit_to_learn(row):
            found.append(Lesson(render(row.marked).text, row.kinds, 1.0))
            found += [
                Lesson(_varied(_dressed(row.marked, chance), source, chance), row.kinds, 1.0)
                for _ in range(2)
            ]
    return found + _terms(source, chance)


def _fit_to_learn(row: Row) -> bool:
    """Rows about numbers, pictures and papers alone, and replies, are for the other readers."""
    return bool(row.kinds) or (not row.flag and not row.before)


def _varied(marked: str, source: NameSource, chance: random.Random) -> str:
    text = render(marked, cache(source.like)).text
    return text.lower() if chance.random() < 0.35 else text


def _dressed(marked: str, chance: random.Random) -> str:
    """A message with the greetings and signs people put around anything, grave or not."""
    if chance.random() < 0.25:
        marked = chance.choice(_BEFORE) + marked
    return marked + chance.choice(_BEHIND) if chance.random() < 0.4 else marked


def _terms(source: NameSource, chance: random.Random) -> list[Lesson]:
    frames = (
        "{1} {0}", "{0} {1}", "moeder van {1} {0}", "die jongen uit groep 5 {0}", "{1} is {0}",
        "{1} heeft {0}",
    )  # fmt: skip
    return [
        Lesson(chance.choice(frames).format(" ".join(term.words), source.full()), kinds, 0.25)
        for terms in lexicon().values()
        for term in terms
        if term.kind in KINDS and not term.cased
        for kinds in (frozenset({term.kind}),)
    ]


def examples(learnt: Iterable[Lesson]) -> list[Example]:
    """Slots, values, targets and weight of each lesson; names as the finder sees them."""
    found: list[Example] = []
    for lesson in learnt:
        passage = whole(Sheet.of(lesson.text))
        slots, values = vector(token_features(passage), passage_features(passage))
        target = [bool(lesson.kinds), *(kind in lesson.kinds for kind in KINDS)]
        found.append(
            (
                np.asarray(slots),
                np.asarray(values, np.float32),
                np.asarray(target, np.float32),
                lesson.weight,
            )
        )
    return found


def fit(
    learnt: list[Example], seed: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Weights and biases by AdaGrad over the examples in random order."""
    chance = np.random.default_rng(seed)
    weights = np.zeros((SIZE, len(LINEAR_OUTPUTS)), np.float32)
    bias = np.full(len(LINEAR_OUTPUTS), -1.0, np.float32)
    squares = np.full((SIZE, len(LINEAR_OUTPUTS)), 0.1, np.float32)
    bias_squares = np.full(len(LINEAR_OUTPUTS), 0.1, np.float32)
    for _ in range(EPOCHS):
        for at in chance.permutation(len(learnt)):
            slots, values, target, weight = learnt[at]
            logits = np.clip(values @ weights[slots] + bias, -30, 30)
            slope = (1.0 / (1.0 + np.exp(-logits)) - target) * np.float32(weight)
            step = values[:, None] * slope[None, :] + DECAY * len(learnt) * weights[slots] * 0.05
            squares[slots] += step * step
            weights[slots] -= RATE * step / np.sqrt(squares[slots])
            bias_squares += slope * slope
            bias -= RATE * slope / np.sqrt(bias_squares)
    return weights, bias


def main(target: Path) -> None:
    """Train and write the weights, in eight bits a weight."""
    weights, bias = fit(examples(lessons(SEED)), SEED)
    scale = np.abs(weights).max(axis=0) / 127.0
    np.savez_compressed(
        target,
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("weights.npz"))
