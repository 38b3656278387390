"""Fixtures for every test: our own settings out of the way, real services where they are given."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.settings import SETTINGS
from xiaoxiao.training import latest_model

ROOT = Path(__file__).parents[1]

_NEEDS = {"postgres": "TEST_DATABASE_URL", "redis": "TEST_REDIS_URL", "browser": "TEST_CHROMIUM"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what has no service, unless TEST_REQUIRE_ALL says that everything must run."""
    if os.environ.get("TEST_CHROMIUM") is None and os.path.exists("/usr/bin/chromium"):
        os.environ["TEST_CHROMIUM"] = "/usr/bin/chromium"
    for item in items:
        for marker, variable in _NEEDS.items():
            if item.get_closest_marker(marker) and not os.environ.get(variable):
                item.add_marker(pytest.mark.skip(reason=f"{variable} is not set"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("TEST_REQUIRE_ALL"):
        terminalreporter.write_line(
            f"{len(skipped)} tests were skipped although TEST_REQUIRE_ALL is set", red=True
        )


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("TEST_REQUIRE_ALL") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own environment must not decide a test."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)


@pytest.fixture(scope="session")
def trained() -> None:
    """The tests of the real server need a model; `make test` trains it first."""
    try:
        latest_model(ROOT / "models")
    except ConfigurationError:
        pytest.skip("no model in models/: run xiaoxiao train")
