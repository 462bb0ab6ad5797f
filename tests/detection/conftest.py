import pytest

from bot.detection.engine import build_detector


@pytest.fixture(scope="session")
def detector():
    return build_detector()
