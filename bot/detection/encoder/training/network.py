"""The encoder and its three heads, for training (torch); at run time ONNX does the same."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bot.detection.encoder.pieces import PAD
from bot.detection.encoder.training.source import Source
from bot.detection.labels import CONTENT_TAGS, NAME_TAGS, OUTPUTS

WIDTH, HEADS, INNER, POSITIONS = 384, 12, 1536, 130
_SCALE, _UNSEEN = (WIDTH // HEADS) ** 0.5, -1e4


class Layer(nn.Module):
    """One transformer layer, normalised behind each half."""

    def __init__(self, source: Source, number: int) -> None:
        super().__init__()
        sizes = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH),
                 "ao": (WIDTH, WIDTH), "fi": (WIDTH, INNER), "fo": (INNER, WIDTH)}  # fmt: skip
        for name, (into, out) in sizes.items():
            linear = nn.Linear(into, out)
            linear.weight.data = _tensor(source, f"l{number}.{name}.w", out, into)
            linear.bias.data = _tensor(source, f"l{number}.{name}.b", out)
            self.add_module(name, linear)
        for name in ("aln", "oln"):
            self.add_module(name, _norm(source, f"l{number}.{name}"))
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """The next state of every piece; `seen` masks the padding."""
        batch, length, _ = x.shape

        def split(t: torch.Tensor) -> torch.Tensor:
            return t.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        # torch's own attention takes a quarter of a training in sixteen bits; these lines a tenth
        alike = split(self.q(x)) @ split(self.k(x)).transpose(-1, -2) / _SCALE
        mixed = alike.masked_fill(~seen, _UNSEEN).softmax(-1) @ split(self.v(x))
        mixed = mixed.transpose(1, 2).reshape(batch, length, WIDTH)
        x = self.aln(x + self.drop(self.ao(mixed)))
        out: torch.Tensor = self.oln(x + self.drop(self.fo(functional.gelu(self.fi(x)))))
        return out


class Network(nn.Module):
    """Pieces in; name tags and content tags of every piece and the outputs of the text out."""

    def __init__(self, source: Source, kept: Sequence[int], layers: Sequence[int]) -> None:
        super().__init__()
        words = source.tensor("emb.word", -1, WIDTH)[list(kept)]
        self.words = nn.Embedding.from_pretrained(torch.tensor(words), freeze=False)
        places = source.tensor("emb.pos", -1, WIDTH)[:POSITIONS]
        self.places = nn.Parameter(torch.tensor(places + source.tensor("emb.type", -1, WIDTH)[0]))
        self.first = _norm(source, "emb.ln")
        self.layers = nn.ModuleList([Layer(source, number) for number in layers])
        self.drop = nn.Dropout(0.1)
        self.names = nn.Linear(WIDTH, len(NAME_TAGS))
        self.content = nn.Linear(WIDTH, len(CONTENT_TAGS))
        self.outputs = nn.Linear(2 * WIDTH, len(OUTPUTS))

    def forward(self, pieces: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Logits: names (batch, length, 3), content (batch, length, 17), outputs (batch, 12)."""
        there = pieces != PAD
        x = self.drop(self.first(self.words(pieces) + self.places[: pieces.shape[1]]))
        for layer in self.layers:
            x = layer(x, there[:, None, None, :])
        weight = there.unsqueeze(-1).to(x.dtype)
        mean = (x * weight).sum(1) / weight.sum(1)
        top = (x + (weight - 1) * 1e4).max(1).values
        return self.names(x), self.content(x), self.outputs(torch.cat([mean, top], -1))


def _tensor(source: Source, name: str, *shape: int) -> torch.Tensor:
    return torch.tensor(np.ascontiguousarray(source.tensor(name, *shape)))


def _norm(source: Source, name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(WIDTH, 1e-12)
    norm.weight.data = _tensor(source, f"{name}.w", WIDTH)
    norm.bias.data = _tensor(source, f"{name}.b", WIDTH)
    return norm
