from __future__ import annotations

import os
from pathlib import Path

import pytest

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.training import TrainingFailed, fingerprint, fitting_model, latest_model, train

INGREDIENTS = [
    "config.yml",
    "domain.yml",
    "persona.yml",
    "data/nlu/alerts.yml",
    "data/knowledge/health/rabies.md",
    "data/lexicon/jieba.txt",
    "data/lexicon/entities.jsonl",
    "data/hotlines.csv",
    "xiaoxiao/language/encoder.py",
    "xiaoxiao/knowledge/normal_form.py",
]
OTHERS = [
    "data/evaluation/cards.jsonl",
    "data/evaluation/README.md",
    "data/notices.yml",
    "data/notices/forms.yml",
    "data/lexicon/form_commands.csv",
    "data/lexicon/facts.csv",
    "xiaoxiao/turn.py",
    "tests/test.py",
    "data/.x.swp",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (*INGREDIENTS, *OTHERS):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", INGREDIENTS)
def test_a_changed_ingredient_asks_for_a_new_model(root: Path, name: str) -> None:
    before = fingerprint(root)
    (root / name).write_text("b", encoding="utf-8")
    assert before != fingerprint(root)


@pytest.mark.parametrize("name", OTHERS)
def test_what_training_does_not_read_asks_for_none(root: Path, name: str) -> None:
    before = fingerprint(root)
    (root / name).write_text("b", encoding="utf-8")
    assert before == fingerprint(root)


def test_a_new_and_a_removed_file_count(root: Path) -> None:
    before = fingerprint(root)
    (root / "data/nlu/new.yml").write_text("", encoding="utf-8")
    added = fingerprint(root)
    (root / "data/nlu/new.yml").unlink()
    assert (before, False) == (fingerprint(root), before == added)


def test_a_model_fits_by_its_name_and_training_is_skipped(root: Path) -> None:
    models = root / "models"
    models.mkdir()
    assert None is fitting_model(root, models)
    path = models / f"xiaoxiao-{fingerprint(root)}.tar.gz"
    path.touch()
    other = models / "other.tar.gz"
    other.touch()
    os.utime(path, (1, 1))
    assert other == latest_model(models)
    assert path == train(root, models)
    assert path == latest_model(models)
    assert other == latest_model(other)


@pytest.mark.parametrize("name", ["models", "nowhere.tar.gz"])
def test_no_model_is_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="make train"):
        latest_model(tmp_path / name)


def test_a_training_that_makes_no_model_fails(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(TrainingFailed):
        train(root, root / "models")
