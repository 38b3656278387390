"""`xiaoxiao train`: make the model that fits the data, if there is none."""

from __future__ import annotations

import argparse
from pathlib import Path

from xiaoxiao.settings import Settings
from xiaoxiao.training import fitting_model, train


def execute(options: argparse.Namespace) -> int:
    root, models = Path.cwd(), _folder(Settings.read().model)
    if (model := fitting_model(root, models)) is None:
        print("▸ 训练(数据变了才需要,约五到七分钟)", flush=True)
    else:
        print(f"  模型与数据一致,不用训练:{model}")
    train(root, models)
    return 0


def _folder(model: Path) -> Path:
    return model.parent if model.suffix == ".gz" else model
