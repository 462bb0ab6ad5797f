"""Eight logistic regressions over hashed features: confidential at all, and of which kind."""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from bot.detection.labels import LINEAR_OUTPUTS
from bot.detection.model.features import Passage, passage_features, token_features, vector


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights (slots x kinds) and one bias a kind."""

    weights: npt.NDArray[np.float32] = field(repr=False)
    bias: npt.NDArray[np.float32] = field(repr=False)

    def logits(self, passage: Passage) -> dict[str, float]:
        """How much speaks for each kind of content in a passage."""
        slots, values = vector(token_features(passage), passage_features(passage))
        found = np.asarray(values, np.float32) @ self.weights[slots] + self.bias
        return dict(zip(LINEAR_OUTPUTS, map(float, found), strict=True))

    def shares(self, passage: Passage) -> npt.NDArray[np.float32]:
        """What every token of a passage adds to each kind (tokens x kinds)."""
        by_token = token_features(passage)
        shares = np.zeros((len(by_token), len(LINEAR_OUTPUTS)), np.float32)
        for place, features in enumerate(by_token):
            slots = [slot for slot, _ in features]
            values = np.asarray([value for _, value in features], np.float32)
            shares[place] = values @ self.weights[slots]
        return shares


@cache
def shipped_model() -> LinearModel:
    """The weights that come with the package."""
    raw = files("bot.detection.model").joinpath("weights.npz").read_bytes()
    with np.load(BytesIO(raw)) as stored:
        scale = stored["scale"].astype(np.float32)
        return LinearModel(stored["weights"].astype(np.float32) * scale, stored["bias"])
