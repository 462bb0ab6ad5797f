"""A quick look that lets the plainest messages pass, so that the whole detector reads the others.

It may only be wrong in one way: what it is not sure of goes the whole way.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.core.findings import Assessment, Detection

SLOTS = 1 << 16
LONGEST = 160  # code points
_LEEWAY = 1.5  # a part of a message may look graver by so much than a whole one
PLAIN = Detection(assessment=Assessment(probability=0.001))
_WORD = re.compile(r"[^\W_]+|\?")
_NUMBER = re.compile(r"\d{4}|\d\D?\d\D?\d\D?\d|[\dA-Z]{1,3}-[\dA-Z]{1,3}-[\dA-Z]")
_PART = re.compile(r"[^.!?;,\n]+")
_PLAIN = re.compile(r"[\w\s.,!?'’()/&+:;%€\"“”–-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuickLook:
    """Weights of hashed words, word pairs and word parts, and the score under which all is plain."""  # noqa: E501

    weights: npt.NDArray[np.float32] = field(repr=False)
    limit: float

    def plain(self, text: str) -> bool:
        """Whether a message surely holds nothing confidential."""
        if not eligible(text) or self.score(text) >= self.limit:
            return False
        return all(self.score(part) < self.limit + _LEEWAY for part in _PART.findall(text))

    def score(self, text: str) -> float:
        """How much a text looks confidential; a log odds, not calibrated."""
        slots = slots_of(text)
        return float(self.weights[slots].sum() / max(1.0, len(slots)) ** 0.5)


def eligible(text: str) -> bool:
    """Whether a text is short, in plain letters and without longer numbers."""
    if len(text) > LONGEST or not _PLAIN.fullmatch(text):
        return False
    return _NUMBER.search(text) is None


def slots_of(text: str) -> list[int]:
    """The slots of a text: its words, neighbouring pairs, and the beginnings and ends of words."""
    words = _WORD.findall(text.lower())
    found = {crc32(word.encode("utf-8", "replace")) & (SLOTS - 1) for word in words}
    for one, two in zip(["^", *words], [*words, "$"], strict=True):
        found.add(crc32(f"{one} {two}".encode("utf-8", "replace")) & (SLOTS - 1))
    for word in words:
        if len(word) > 4:
            found.add(crc32(f"^{word[:4]}".encode("utf-8", "replace")) & (SLOTS - 1))
            found.add(crc32(f"{word[-4:]}$".encode("utf-8", "replace")) & (SLOTS - 1))
    return sorted(found)


@cache
def shipped_look() -> QuickLook:
    """The quick look that comes with the package."""
    raw = files("bot.detection.model").joinpath("quick.npz").read_bytes()
    with np.load(BytesIO(raw)) as stored:
        weights = stored["weights"].astype(np.float32) * stored["scale"]
        return QuickLook(weights, float(stored["limit"]))
