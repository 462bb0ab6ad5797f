"""Teach a network of fewer layers what a trained one knows: `python -m …training.lighter FROM FOLDER`.

It begins as layers of its teacher, and learns from the labels and, more, from the chances the
teacher gives. It is what ships: a third less work for a message.
"""  # noqa: E501

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import torch

from bot.detection.corpus.rows import rows
from bot.detection.encoder.training.examples import Mix
from bot.detection.encoder.training.network import Network
from bot.detection.encoder.training.source import load
from bot.detection.encoder.training.train import (
    AGAIN,
    LAYERS,
    Weights,
    fit,
    keep,
    mean,
    packed_encoder,
    prepared,
)
from bot.detection.encoder.training.vocabulary import stored

SHIPPED, ROUNDS = 8, 7  # layers, and rounds of teaching
_RATE = 1e-4
_ON = Mix(0.3, 0.25)  # going on: what is said after something grave is judged by itself


def spread(teacher: int, count: int) -> tuple[int, ...]:
    """Which layers of the teacher to begin with: the first, the last, and evenly between."""
    if count == 1:
        return (teacher - 1,)
    return tuple(round(i * (teacher - 1) / (count - 1)) for i in range(count))


def thinned(weights: Weights, layers: Sequence[int]) -> Weights:
    """The weights with only some of the layers, numbered anew."""
    found = {name: w for name, w in weights.items() if not name.startswith("layers.")}
    for place, number in enumerate(layers):
        own = f"layers.{number}."
        found |= {
            f"layers.{place}.{name.removeprefix(own)}": w
            for name, w in weights.items()
            if name.startswith(own)
        }
    return found


def main() -> None:
    """Teach, and write the network and its vocabulary for the export."""
    asked = argparse.ArgumentParser()
    asked.add_argument("teacher", type=Path, help="folder of the trained network")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--layers", type=int, default=SHIPPED)
    asked.add_argument("--of", type=int, default=LAYERS, help="layers of the teacher")
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--rate", type=float, default=_RATE)
    asked.add_argument("--start", type=Path, help="folder of an earlier run to go on from")
    asked.add_argument("--threads", type=int, default=2)
    args = asked.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(args.threads)
    source = load(packed_encoder())
    chosen = stored(source, args.teacher)
    teacher, pieces = prepared(source, args.of, chosen)
    known = torch.load(args.teacher / "network.pt", weights_only=True)
    teacher.load_state_dict(known)
    teacher.eval()
    network = Network(source, chosen, range(args.layers))
    before = torch.load(args.start / "network.pt", weights_only=True) if args.start else None
    network.load_state_dict(before or thinned(known, spread(args.of, args.layers)))
    learn = [row for row in rows() if not row.held_out]
    fit(network, learn, pieces, args.rounds, args.rate, _ON if before else AGAIN, teacher)
    if before is not None:
        network.load_state_dict(mean(before, network.state_dict()))
    keep(network, source, chosen, args.folder)


if __name__ == "__main__":
    main()
