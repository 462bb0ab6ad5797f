"""The shipped encoder at run time: one reading gives names, content and chances of a text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from bot.detection.encoder.layout import stretch
from bot.detection.encoder.pieces import Pieces
from bot.detection.labels import CONTENT_TAGS, OUTPUTS
from bot.detection.sheet import Token

Floats = npt.NDArray[np.float32]
Cut = tuple[int, ...]  # the pieces of one token
_SLOWER = ["SkipLayerNormFusion"]  # joined, the two steps take a tenth of a reading longer here


@dataclass(frozen=True, slots=True)
class Reading:
    """What the encoder says of some tokens; rows follow the tokens that fitted.

    `names` (tokens x 3: O, B, I) and `content` (tokens x tags) are chances, `logits` (12) are not.
    """

    tokens: tuple[Token, ...] = field(repr=False)
    names: Floats = field(repr=False)
    content: Floats = field(repr=False)
    logits: Floats = field(repr=False)

    def tagged(self, tag: str) -> Floats:
        """The chance of one content tag, a token each."""
        found: Floats = self.content[:, CONTENT_TAGS.index(tag)]
        return found

    def logit(self, output: str) -> float:
        """The logit of one output, of the text as a whole."""
        return float(self.logits[OUTPUTS.index(output)])


class Encoder:
    """A session and its vocabulary; threads may share it."""

    def __init__(self, session: onnxruntime.InferenceSession, pieces: Pieces) -> None:
        self._session = session
        self._pieces = pieces

    def read(
        self, parts: Sequence[Token], text: str, before: str = "", attachment: str = ""
    ) -> Reading:
        """Read some tokens of a text, after what was said before and with its attachment."""
        return self.prepared(parts, self.cut(parts, text), before, attachment)()

    def cut(self, parts: Sequence[Token], text: str) -> list[Cut]:
        """The pieces of each token of a text."""
        return self._pieces.cut(parts, text)

    def prepared(
        self, parts: Sequence[Token], cuts: Sequence[Cut], before: str = "", attachment: str = ""
    ) -> Callable[[], Reading]:
        """A reading that is laid out, and yet to be done; that leaves Python's lock to others."""
        layout = stretch(cuts, self._pieces, before, attachment)
        firsts = list(layout.firsts)
        read = {"pieces": np.asarray(layout.pieces, np.int64)}

        def reading() -> Reading:
            names, content, outputs = self._session.run(None, read)
            fitting = tuple(parts[: len(firsts)])
            return Reading(fitting, names[firsts], content[firsts], outputs)

        return reading


def opened(model: Path, vocabulary: str) -> Encoder:
    """An encoder from its two files, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(model), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )
    lines = [line.rpartition("\t") for line in vocabulary.split("\n") if line]
    return Encoder(session, Pieces([p for p, _, _ in lines], [float(s) for _, _, s in lines]))


@cache
def shipped_encoder() -> Encoder:
    """The encoder that comes with the package."""
    here = files("bot.detection.encoder")
    with as_file(here.joinpath("encoder.onnx")) as model:
        return opened(model, here.joinpath("pieces.txt").read_text("utf-8"))
