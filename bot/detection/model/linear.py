"""Eight logistic regressions over hashed features: confidential at all, and of which kind."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import chain

import numpy as np
import numpy.typing as npt

from bot.detection.labels import LINEAR_OUTPUTS
from bot.detection.model.features import (
    JOINED,
    Passage,
    joined_slots,
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

    def logits(self, passages: Sequence[Passage]) -> list[dict[str, float]]:
        """How much speaks for each kind of content in each passage; none may be empty."""
        if not passages:
            return []
        words = [self._word(shape) for p in passages for shape in p.shapes]
        joined = [slots for p in passages for slots in joined_slots(p.shapes)]
        others = [[*(f for _, f in term_features(p)), *passage_features(p)] for p in passages]
        lengths = [len(p.tokens) for p in passages]
        scale = np.array([[p.scale] for p in passages], np.float32)
        found = (
            self.bias
            + _summed(_rows(words), lengths) * scale
            + _summed(self._together(joined), lengths) * scale
            + _summed(self._weighed(chain.from_iterable(others)), list(map(len, others)))
        )
        return [dict(zip(LINEAR_OUTPUTS, map(float, one), strict=True)) for one in found]

    def _together(self, joined: Sequence[tuple[int, ...]]) -> Floats:
        """What each word weighs with those before it."""
        worth = np.array([w for slots in joined for w in JOINED[: len(slots)]], np.float32)
        rows = self.weights[list(chain.from_iterable(joined))] * worth[:, None]
        return _summed(rows, list(map(len, joined)))

    def _weighed(self, features: Iterable[tuple[int, float]]) -> Floats:
        slots, values = zip(*features, strict=True)
        found: Floats = self.weights[list(slots)] * np.array(values, np.float32)[:, None]
        return found

    def _word_weight(self, shape: str) -> Floats:
        return self._weight(word_features(shape))

    def _weight(self, features: Sequence[tuple[int, float]]) -> Floats:
        found: Floats = self._weighed(features).sum(axis=0)
        return found

    def shares(self, passage: Passage) -> Floats:
        """What every token of a passage adds to each kind (tokens x kinds)."""
        by_token = token_features(passage)
        shares = np.zeros((len(by_token), len(LINEAR_OUTPUTS)), np.float32)
        for place, features in enumerate(by_token):
            shares[place] = self._weight(features)
        return shares


def _rows(each: Sequence[Floats]) -> Floats:
    """One array of many short ones; much faster than `np.array` of them."""
    return np.concatenate(each).reshape(len(each), -1)


def _summed(rows: Floats, counts: Sequence[int]) -> Floats:
    """Rows added up, so many at a time."""
    begins = np.cumsum([0, *counts[:-1]])
    found: Floats = np.add.reduceat(rows, begins, axis=0)
    return found


@cache
def shipped_model() -> LinearModel:
    """The weights that come with the package."""
    raw = files("bot.detection.model").joinpath("weights.npz").read_bytes()
    with np.load(BytesIO(raw)) as stored:
        scale = stored["scale"].astype(np.float32)
        return LinearModel(stored["weights"].astype(np.float32) * scale, stored["bias"])
