"""How much messages are alike: shared words or word pairs over all of them (Jaccard)."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Gram = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The most alike of the others: how alike, 0 to 1, and which; -1 where nothing is shared."""

    likeness: float
    index: int


def words(text: str) -> list[str]:
    """The words in small letters, without signs."""
    return re.findall(r"\w+", text.lower())


def grams(text: str, size: int) -> list[Gram]:
    """Every run of so many words."""
    said = words(text)
    return [tuple(said[i : i + size]) for i in range(len(said) - size + 1)]


def nearest(
    ones: Sequence[str],
    others: Sequence[str],
    size: int,
    apart: Mapping[int, Collection[int]] | None = None,
) -> list[Neighbour]:
    """For each text the most alike of the others; `apart` says which it is not compared with."""
    sets = [set(grams(text, size)) for text in others]
    lengths = np.array([len(found) for found in sets])
    holders = _holders(sets)
    answer = []
    for number, text in enumerate(ones):
        own = set(grams(text, size))
        held = [holders[gram] for gram in own if gram in holders]
        shared = np.bincount(np.concatenate(held), minlength=len(sets)) if held else None
        if shared is None:
            answer.append(Neighbour(0.0, -1))
            continue
        alike = shared / (len(own) + lengths - shared)
        alike[list((apart or {}).get(number, ()))] = 0
        best = int(alike.argmax())
        answer.append(Neighbour(float(alike[best]), best if alike[best] > 0 else -1))
    return answer


def _holders(sets: Sequence[set[Gram]]) -> dict[Gram, npt.NDArray[np.int64]]:
    holders: dict[Gram, list[int]] = defaultdict(list)
    for number, found in enumerate(sets):
        for gram in found:
            holders[gram].append(number)
    return {gram: np.array(numbers, dtype=np.int64) for gram, numbers in holders.items()}
