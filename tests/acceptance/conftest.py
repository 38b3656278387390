from __future__ import annotations

import pytest

from tests.acceptance.running_office import ROOT
from xiaoxiao.errors import ConfigurationError
from xiaoxiao.training import latest_model


@pytest.fixture(scope="session")
def trained() -> None:
    """The tests of the real server need a model; `make test` trains it first."""
    try:
        latest_model(ROOT / "models")
    except ConfigurationError:
        pytest.skip("no model in models/: run xiaoxiao train")
