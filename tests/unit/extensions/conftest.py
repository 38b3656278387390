"""The toy bot, trained once a run (seconds, no network) and opened once a module."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from extensions.agent import load_agent

ROOT = Path(__file__).parents[3]
TOY_BOT = ROOT / "tests" / "fixtures" / "toy_bot"


@pytest.fixture(scope="session")
def toy_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained by the plain rasa command, which must know nothing of ours."""
    project = tmp_path_factory.mktemp("toy") / "bot"
    shutil.copytree(TOY_BOT, project)
    command = [str(Path(sys.executable).with_name("rasa")), "train", "--fixed-model-name", "toy"]
    environment = {"PATH": "/usr/bin:/bin", "RASA_TELEMETRY_ENABLED": "false", "HOME": str(project)}
    trained = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=240
    )
    assert trained.returncode == 0, trained.stderr[-2000:]
    return project / "models" / "toy.tar.gz"


@pytest.fixture(scope="module")
def toy_agent(toy_model: Path) -> Any:
    return load_agent(toy_model, TOY_BOT / "endpoints.yml")
