from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.public_sets import read_set

PAIR = [("打开空调", "appliance"), ("讲个笑话", "chat")]


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "smp2017.json",
            json.dumps(
                {
                    "0": {"query": PAIR[0][0], "label": PAIR[0][1]},
                    "1": {"query": PAIR[1][0], "label": PAIR[1][1]},
                }
            ),
        ),
        ("smp2019.json", json.dumps([{"text": text, "intent": label} for text, label in PAIR])),
        (
            "lines.jsonl",
            "\n".join(json.dumps({"sentence": text, "label_desc": label}) for text, label in PAIR),
        ),
        ("head.csv", "text,label\n" + "\n".join(",".join(pair) for pair in PAIR)),
        ("bare.tsv", "\n".join("\t".join(pair) for pair in PAIR)),
    ],
)
def test_every_published_form_is_read(name: str, content: str, tmp_path: Path) -> None:
    assert PAIR == read_set(write(tmp_path, name, content))


@pytest.mark.parametrize("content", ["[]", '[{"text": "打开空调"}]'])
def test_what_cannot_be_used_is_named(content: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"odd\.json"):
        read_set(write(tmp_path, "odd.json", content))
