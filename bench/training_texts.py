"""What the model learns, read without Rasa: (normalised text, label), the label an intent or faq/<card id>."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from xiaoxiao.knowledge.cards import load_cards
from xiaoxiao.knowledge.normal_form import normalise


def examples(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                yield normalise(line.removeprefix("- ")).text, block["intent"]
    for card in load_cards(root / "knowledge").values():
        for question in dict.fromkeys((card.title, *card.questions)):
            yield normalise(question).text, f"faq/{card.id}"


def sentences(root: Path) -> list[tuple[str, str]]:
    cards = load_cards(root / "knowledge").values()
    return [(normalise(t).text, f"faq/{c.id}") for c in cards for t in (c.lead, *c.steps, *c.donts)]


def groups(root: Path) -> dict[str, str]:
    """Label → what it belongs to: the category of a card, the file of a task (data/nlu/<file>.yml)."""
    found = {f"faq/{card.id}": card.category for card in load_cards(root / "knowledge").values()}
    for path in sorted((root / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            found[block["intent"]] = path.stem
    found["out_of_scope"] = "out_of_scope"  # no boundary like the others: it also stands for "I don't know"
    return found
