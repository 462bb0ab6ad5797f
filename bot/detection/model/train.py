"""Train the content model: `python -m bot.detection.model.train [weights.npz]`; same seed, same weights."""  # noqa: E501

import random
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.detection.lexicon.terms import lexicon
from bot.detection.model.corpus import Message, NameSource, lines, vary
from bot.detection.model.features import SIZE, passage_features, token_features, vector
from bot.detection.model.linear import KINDS
from bot.detection.model.passages import whole
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
Row = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32], npt.NDArray[np.float32], float]


def messages(seed: int) -> list[tuple[Message, float]]:
    """Every message three times, with its own names and twice with others, and terms on their own."""  # noqa: E501
    chance = random.Random(seed)  # noqa: S311  a fixed seed is wanted
    source = NameSource(chance)
    found: list[tuple[Message, float]] = []
    for kinds, marked in lines():
        found.append((vary(marked, kinds, None, lower=False), 1.0))
        found += [
            (vary(_dressed(marked, chance), kinds, source, lower=chance.random() < 0.35), 1.0)
            for _ in range(2)
        ]
    return found + _terms(source, chance)


def _dressed(marked: str, chance: random.Random) -> str:
    """A message with the greetings and signs people put around anything, grave or not."""
    if chance.random() < 0.25:
        marked = chance.choice(_BEFORE) + marked
    return marked + chance.choice(_BEHIND) if chance.random() < 0.4 else marked


def _terms(source: NameSource, chance: random.Random) -> list[tuple[Message, float]]:
    frames = (
        "[X] {}",
        "{} [X]",
        "moeder van [X] {}",
        "die jongen uit groep 5 {}",
        "[X] is {}",
        "[X] heeft {}",
    )
    found: list[tuple[Message, float]] = []
    for terms in lexicon().values():
        for term in terms:
            if term.kind in KINDS and not term.cased:
                marked = chance.choice(frames).format(" ".join(term.words))
                found.append((vary(marked, frozenset({term.kind}), source, lower=False), 0.25))
    return found


def rows(examples: list[tuple[Message, float]]) -> list[Row]:
    """Slots, values, targets and weight of each example; names as the finder sees them."""
    found: list[Row] = []
    for message, weight in examples:
        passage = whole(Sheet.of(message.text))
        slots, values = vector(token_features(passage), passage_features(passage))
        target = [bool(message.kinds) if kind == "ANY" else kind in message.kinds for kind in KINDS]
        found.append(
            (
                np.asarray(slots),
                np.asarray(values, np.float32),
                np.asarray(target, np.float32),
                weight,
            )
        )
    return found


def fit(examples: list[Row], seed: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Weights and biases by AdaGrad over the examples in random order."""
    chance = np.random.default_rng(seed)
    weights = np.zeros((SIZE, len(KINDS)), np.float32)
    bias = np.full(len(KINDS), -1.0, np.float32)
    squares = np.full((SIZE, len(KINDS)), 0.1, np.float32)
    bias_squares = np.full(len(KINDS), 0.1, np.float32)
    for _ in range(EPOCHS):
        for at in chance.permutation(len(examples)):
            slots, values, target, weight = examples[at]
            logits = np.clip(values @ weights[slots] + bias, -30, 30)
            slope = (1.0 / (1.0 + np.exp(-logits)) - target) * np.float32(weight)
            step = values[:, None] * slope[None, :] + DECAY * len(examples) * weights[slots] * 0.05
            squares[slots] += step * step
            weights[slots] -= RATE * step / np.sqrt(squares[slots])
            bias_squares += slope * slope
            bias -= RATE * slope / np.sqrt(bias_squares)
    return weights, bias


def main(target: Path) -> None:
    """Train and write the weights, in eight bits a weight."""
    weights, bias = fit(rows(messages(SEED)), SEED)
    scale = np.abs(weights).max(axis=0) / 127.0
    np.savez_compressed(
        target,
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("weights.npz"))
