"""How far the answers of a network are from the labels, and from those of a teaching network."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch.nn import functional

from bot.detection.encoder.pieces import PAD, UNKNOWN
from bot.detection.encoder.training.examples import NONE, Example

Answer = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
_CONTENT, _KINDS = 0.5, 0.25  # what marked phrases, and each kind of content, count for


@dataclass(frozen=True)
class Batch:
    """Examples side by side, the short ones padded: what is read, and what should be answered."""

    pieces: torch.Tensor
    names: torch.Tensor
    content: torch.Tensor
    outputs: torch.Tensor
    weight: torch.Tensor
    taught: torch.Tensor


def batch_of(examples: Sequence[Example]) -> Batch:
    """The tensors of some examples."""
    longest = max(len(e.pieces) for e in examples)

    def padded(field: str, empty: int) -> torch.Tensor:
        return torch.tensor(
            [[*getattr(e, field), *[empty] * (longest - len(e.pieces))] for e in examples]
        )

    return Batch(
        padded("pieces", PAD),
        padded("names", NONE),
        padded("content", NONE),
        torch.tensor([e.outputs for e in examples]),
        torch.tensor([e.weight for e in examples]),
        torch.tensor([e.taught for e in examples]),
    )


def veiled(pieces: torch.Tensor, share: float) -> torch.Tensor:
    """The pieces with a share of them, by chance, made unknown."""
    unread = (torch.rand(pieces.shape) < share) & (pieces > UNKNOWN)
    return pieces.masked_fill(unread, UNKNOWN)


def from_labels(answer: Answer, batch: Batch) -> torch.Tensor:
    """The loss of the three heads together."""
    names, content, outputs = answer
    told = functional.binary_cross_entropy_with_logits(outputs, batch.outputs, reduction="none")
    return (
        _tags(names, batch.names)
        + _CONTENT * _tags(content, batch.content)
        + (_together(told) * batch.weight).mean()
    )


def from_teacher(answer: Answer, taught: Answer, batch: Batch) -> torch.Tensor:
    """How far the three heads are from the chances that the teacher gives."""
    there = (batch.pieces != PAD).float()
    told = functional.binary_cross_entropy_with_logits(
        answer[2], torch.sigmoid(taught[2]), reduction="none"
    )
    return (
        _apart(answer[0], taught[0], there)
        + _CONTENT * _apart(answer[1], taught[1], there)
        + (_together(told) * batch.taught).mean()
    )


def _together(told: torch.Tensor) -> torch.Tensor:
    return told[:, 0] + _KINDS * told[:, 1:].sum(1)


def _tags(logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    if not (wanted != NONE).any():
        return logits.sum() * 0
    return functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]), wanted.reshape(-1), ignore_index=NONE
    )


def _apart(own: torch.Tensor, taught: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
    apart = functional.kl_div(
        own.log_softmax(-1), taught.log_softmax(-1), log_target=True, reduction="none"
    )
    return (apart.sum(-1) * there).sum() / there.sum()
