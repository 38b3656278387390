"""The pipeline on public Chinese intent benchmarks, from files that the user drops into a folder.

    python -m bench.public_sets FOLDER

Each benchmark is a pair `<name>.train.<ext>` and `<name>.test.<ext>`; ext is json, jsonl, csv or tsv. Read are the
forms in which SMP2017 ({"0": {"query", "label"}}), SMP2019 ([{"text", "intent", "domain"}]) and most others come
({"text", "label"} a line, or two columns). None of them may be passed on with this project, so none is.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from extensions.intent_classifier import Decision
from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.language.encoder import shared_encoder
from xiaoxiao.language.kernel_model import Shape

_TEXT = ("text", "query", "sentence", "utterance")
_LABEL = ("label", "intent", "domain", "label_desc", "class")
Example = tuple[str, str]


def read_set(path: Path) -> list[Example]:
    """(text, label) of every row. Raises ValueError naming the file where neither is to be found."""
    rows = list(_rows(path))
    found = [_example(row, path) for row in rows]
    if not found:
        raise ValueError(f"{path} 里没有例句。")
    return found


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix in (".csv", ".tsv"):
        yield from _columns(text.splitlines(), "," if path.suffix == ".csv" else "\t")
    elif path.suffix == ".jsonl":
        yield from (json.loads(line) for line in text.splitlines() if line.strip())
    else:
        data = json.loads(text)
        yield from data.values() if isinstance(data, dict) else data


def _columns(lines: Iterable[str], delimiter: str) -> Iterator[Mapping[str, str]]:
    for row in csv.reader(lines, delimiter=delimiter):
        if len(row) >= 2 and row[0] not in _TEXT:
            yield {"text": row[0], "label": row[1]}


def _example(row: Mapping[str, Any], path: Path) -> Example:
    text = next((row[key] for key in _TEXT if row.get(key)), None)
    label = next((row[key] for key in _LABEL if row.get(key)), None)
    if text is None or label is None:
        raise ValueError(f"{path}:每条要有 {'/'.join(_TEXT)} 之一和 {'/'.join(_LABEL)} 之一,这条没有:{row}")
    return normalise(str(text)).text, str(label)


def accuracy(learn: list[Example], unseen: list[Example]) -> tuple[float, float]:
    """Share of unseen texts whose first label is right, macro F1."""
    texts, labels = zip(*learn, strict=True)
    encoder = shared_encoder("use")
    encoder.reserve(len(learn) + len(unseen))
    encoder.prepare([text for text, _ in unseen])
    decision = Decision.train(texts, labels, encoder=encoder, shape=Shape())
    said = np.array([decision.rank(text)[0][0] for text, _ in unseen])
    meant = np.array([label for _, label in unseen])
    return float((said == meant).mean()), _macro_f1(meant, said)


def _macro_f1(meant: np.ndarray, said: np.ndarray) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(meant, said, average="macro", labels=np.unique(meant), zero_division=0))


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) == 2 else None
    pairs = sorted(folder.glob("*.train.*")) if folder else []
    if not pairs:
        sys.exit(
            "用法:python -m bench.public_sets 文件夹;里面放 <名字>.train.json 和 <名字>.test.json(或 jsonl、csv、tsv)。"
        )
    for train in pairs:
        name = train.name.partition(".train.")[0]
        test = next(iter(sorted(train.parent.glob(f"{name}.test.*"))), None)
        if test is None:
            print(f"{name}:少了 {name}.test{train.suffix}")
            continue
        started = time.perf_counter()
        right, f1 = accuracy(read_set(train), read_set(test))
        print(
            f"{name:20} 听对 {100 * right:5.2f} %  宏平均 F1 {100 * f1:5.2f} %  {time.perf_counter() - started:.0f} 秒"
        )


if __name__ == "__main__":
    main()
