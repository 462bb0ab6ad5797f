"""How the logits of both models make one chance, fitted on rows kept out of training."""

import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from math import exp
from pathlib import Path

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the two logits and a bias; `act` the agreement from which it may go."""

    encoder: float
    linear: float
    bias: float
    act: float

    def chance(self, encoder: float, linear: float) -> float:
        """The chance that a message is confidential, from the logits of both models."""
        return chance_of(self.encoder * encoder + self.linear * linear + self.bias)

    def save(self, target: Path) -> None:
        """Write it as JSON."""
        target.write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")


def chance_of(logit: float) -> float:
    """A logit as a chance."""
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, logit))))


@cache
def shipped_calibration() -> Calibration:
    """The calibration that comes with the package."""
    return Calibration(**json.loads(files("bot.detection.model").joinpath(FILE).read_text("utf-8")))
