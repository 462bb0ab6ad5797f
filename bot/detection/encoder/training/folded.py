"""The trained network as it runs: one text without padding, queries, keys and values in one product.

No layer asks for the length, and the heads are one row, so that little is moved about between them.
"""  # noqa: E501

import math

import torch
from torch import nn
from torch.nn import functional

from bot.detection.encoder.training.network import HEADS, WIDTH, Layer, Network


class _Folded(nn.Module):
    """A layer with the scale of its attention inside the weights."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        scale = 1 / math.sqrt(WIDTH // HEADS)
        self.mixed = nn.Linear(WIDTH, 3 * WIDTH)
        for name in ("weight", "bias"):
            parts = [getattr(part, name).detach() for part in (layer.q, layer.k, layer.v)]
            getattr(self.mixed, name).data = torch.cat([parts[0] * scale, *parts[1:]])
        self.layer = layer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The next state of every piece (length, width)."""
        parts = self.mixed(x).view(-1, 3 * HEADS, WIDTH // HEADS).transpose(0, 1)
        q, k, v = parts.split(HEADS)
        heard = (q @ k.transpose(-1, -2)).softmax(-1) @ v
        heard = heard.transpose(0, 1).reshape(-1, WIDTH)
        x = self.layer.aln(x + self.layer.ao(heard))
        out: torch.Tensor = self.layer.oln(x + self.layer.fo(functional.gelu(self.layer.fi(x))))
        return out


class Folded(nn.Module):
    """Pieces in; chances of name tags and content tags, and the outputs as logits, out."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        self.layers = nn.ModuleList([_Folded(layer) for layer in network.layers])

    def forward(self, pieces: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """What the network says of one text (length)."""
        own = self.network
        x = own.first(own.words(pieces) + own.places[: pieces.shape[0]])
        for layer in self.layers:
            x = layer(x)
        outputs = own.outputs(torch.cat([x.mean(0), x.max(0).values]))
        return own.names(x).softmax(-1), own.content(x).softmax(-1), outputs
