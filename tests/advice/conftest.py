from pathlib import Path

import pytest

from bot.detection.engine import build_detector
from bot.policies import load_policy


@pytest.fixture(scope="session")
def policy():
    return load_policy(Path(__file__).parents[2] / "policies" / "matthijsje.yaml")


@pytest.fixture(scope="session")
def detect():
    return build_detector().detect
