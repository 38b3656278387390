"""The same training data as a stock Rasa project. A process of its own, for it imports Rasa:

python -m bench.peer_project OUT --examples 2000
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

#: Rasa's way for Chinese, every value as its documentation suggests
CONFIG = """\
recipe: default.v1
assistant_id: stock
language: zh
pipeline:
  - name: JiebaTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: 100
  - name: ResponseSelector
    epochs: 100
  - name: FallbackClassifier
    threshold: 0.3
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
  - name: TEDPolicy
    epochs: 100
"""

#: Least number of examples of an intent, however small the sample
_LEAST = 2


def export(out: Path, limit: int) -> None:
    """Write config, domain, rules and about `limit` examples (0: all); their texts also as examples.json."""
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.shared.nlu.training_data.training_data import TrainingData

    importer = TrainingDataImporter.load_from_config("config.yml", "domain.yml", ["data"])
    nlu, domain = importer.get_nlu_data(), importer.get_domain()
    examples = sample(nlu.training_examples, limit)
    shutil.rmtree(out, ignore_errors=True)
    (out / "data").mkdir(parents=True)
    (out / "config.yml").write_text(CONFIG, encoding="utf-8")
    written = TrainingData(examples, responses=nlu.responses).nlu_as_yaml()
    (out / "data" / "nlu.yml").write_text(written, encoding="utf-8")
    domain.persist(out / "domain.yml")
    plain = _without_placeholders((out / "domain.yml").read_text(encoding="utf-8"))
    (out / "domain.yml").write_text(plain, encoding="utf-8")
    for folder in ("rules", "stories"):
        if Path("data", folder).is_dir():
            shutil.copytree(Path("data", folder), out / "data" / folder)
    texts = [text for example in examples if (text := example.get("text"))]
    (out / "examples.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")


def sample(examples: list[Any], limit: int) -> list[Any]:
    """The same share of every intent and every card, chosen the same way each time."""
    if not limit or len(examples) <= limit:
        return examples
    groups: dict[str, list[Any]] = defaultdict(list)
    for example in examples:
        groups[str(example.get("intent_response_key") or example.get("intent"))].append(example)
    share, chance = limit / len(examples), random.Random(3)
    kept = []
    for _, group in sorted(groups.items()):
        kept += chance.sample(group, min(len(group), max(_LEAST, round(len(group) * share))))
    return kept


def _without_placeholders(text: str) -> str:
    """Stock Rasa logs an error for each {name} that our response generator would have filled."""
    return re.sub(r"\{[a-z_]+\}", "12345", text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--examples", type=int, default=0)
    arguments = parser.parse_args()
    export(arguments.out, arguments.examples)


if __name__ == "__main__":
    main()
