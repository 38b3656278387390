"""Deferred modules: nothing happens until they are used, then everything is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def run(code: str, *arguments: str) -> str:
    """In a process of its own: what is imported stays imported."""
    command = [sys.executable, "-W", "ignore", "-c", code, *arguments]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert finished.returncode == 0, finished.stderr[-2000:]
    return finished.stdout.strip()


def test_importing_a_deferred_module_does_not_run_it() -> None:
    code = "from extensions.lazy_imports import defer; defer(['colorsys']); import colorsys; "
    assert run(code + "import colorsys as c; print('rgb_to_hsv' in vars(c))") == "False"


def test_the_first_use_runs_it() -> None:
    code = "from extensions.lazy_imports import defer; defer(['colorsys']); import colorsys; "
    assert run(code + "print(colorsys.rgb_to_hsv(0, 0, 0))") == "(0.0, 0.0, 0)"


def test_taking_a_name_from_it_runs_it() -> None:
    code = "from extensions.lazy_imports import defer; defer(['colorsys']); from colorsys import rgb_to_hsv; "
    assert run(code + "print(type(rgb_to_hsv).__name__)") == "function"


def test_a_name_it_does_not_have_is_still_an_error() -> None:
    code = "from extensions.lazy_imports import defer; defer(['colorsys']); import colorsys; "
    assert run(code + "print(hasattr(colorsys, 'nothing'))") == "False"


def test_answering_imports_no_tensorflow_and_no_matplotlib(toy_model: Path) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path; from extensions.agent import load_agent; "
        "agent = load_agent(Path(sys.argv[1]), log_level='ERROR'); asyncio.run(agent.handle_text('你好')); "
        "print(sorted({'tensorflow', 'matplotlib', 'keras', 'jax'} & set(sys.modules)))"
    )
    assert run(code, str(toy_model)) == "[]"


def test_spacy_does_not_bring_tensorflow_in() -> None:
    code = "import sys; from extensions.agent import prepare; prepare('ERROR'); import spacy; "
    assert run(code + "print('tensorflow' in sys.modules)") == "False"


def test_others_may_still_import_what_was_hidden() -> None:
    code = "import sys; from extensions.hidden_imports import hide; hide({'colorsys': 'this'}); "
    code += "import colorsys, importlib.util as u; print('this' in sys.modules, bool(u.find_spec('this')))"
    assert run(code) == "False True"


def test_what_needs_a_training_module_still_gets_it() -> None:
    code = "from extensions.agent import prepare; prepare('ERROR'); import rasa.utils.train_utils as t; "
    assert run(code + "print(type(t.load_tf_hub_model).__name__)") == "function"
