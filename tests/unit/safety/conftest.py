from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.safety.answers import Answers
from xiaoxiao.safety.detector import Detector

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="session")
def detector() -> Detector:
    return Detector.load(DATA / "lexicon" / "danger", DATA.parent / "var")


@pytest.fixture(scope="session")
def answers() -> Answers:
    return Answers.load(DATA / "safety")
