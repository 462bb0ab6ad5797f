"""Eight logistic regressions over hashed features: confidential at all, and of which kind."""

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from bot.detection.labels import LINEAR_OUTPUTS
from bot.detection.model.features import (
    Passage,
    joined_features,
    passage_features,
    term_features,
    token_features,
    word_features,
)

Floats = npt.NDArray[np.float32]


class LinearModel:
    """Weights (slots x kinds) and one bias a kind; threads may share it."""

    def __init__(self, weights: Floats, bias: Floats) -> None:
        self.weights = weights
        self.bias = bias
        self._word = lru_cache(maxsize=1 << 14)(self._word_weight)

    def logits(self, passage: Passage) -> dict[str, float]:
        """How much speaks for each kind of content in a passage."""
        shapes = passage.shapes
        words = np.array([self._word(shape) for shape in shapes]).sum(axis=0)
        signs = [feature for _, feature in term_features(passage)] + passage_features(passage)
        joined = words + self._weight(joined_features(shapes))
        found = self.bias + joined * np.float32(passage.scale) + self._weight(signs)
        return dict(zip(LINEAR_OUTPUTS, map(float, found), strict=True))

    def _word_weight(self, shape: str) -> Floats:
        return self._weight(word_features(shape))

    def _weight(self, features: Sequence[tuple[int, float]]) -> Floats:
        slots, values = zip(*features, strict=True)
        found: Floats = np.array(values, np.float32) @ self.weights[list(slots)]
        return found

    def shares(self, passage: Passage) -> Floats:
        """What every token of a passage adds to each kind (tokens x kinds)."""
        by_token = token_features(passage)
        shares = np.zeros((len(by_token), len(LINEAR_OUTPUTS)), np.float32)
        for place, features in enumerate(by_token):
            shares[place] = self._weight(features)
        return shares


@cache
def shipped_model() -> LinearModel:
    """The weights that come with the package."""
    raw = files("bot.detection.model").joinpath("weights.npz").read_bytes()
    with np.load(BytesIO(raw)) as stored:
        scale = stored["scale"].astype(np.float32)
        return LinearModel(stored["weights"].astype(np.float32) * scale, stored["bias"])
