"""小小 and stock Rasa, the same messages, the same machine, one run.

python -m bench              everything; stock Rasa learns all of the data the first time (can take an hour)
python -m bench --stock-examples 2000
python -m bench --quick      small numbers, to see that it works
"""

from __future__ import annotations

import argparse
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bench import contestants
from bench.measurements import Plan, measure
from bench.messages import questions
from bench.report import machine, write

FULL = Plan(single=300, throughput=1500, sessions=(550, 5000), burst=1000)
FULL_STOCK = Plan(single=200, throughput=600, sessions=(550,), burst=1000)
QUICK = Plan(single=100, throughput=300, sessions=(550,), burst=300)
QUICK_STOCK = Plan(single=60, throughput=150, sessions=(100,), burst=0)


def main() -> None:
    arguments = _arguments()
    contestants.WORK.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": machine(),
        "quick": arguments.quick,
    }
    trained = contestants.train_ours()
    texts = questions(Path("data/evaluation"), contestants.example_texts())
    results["ours"] = _ours(arguments, trained, texts)
    if not arguments.skip_stock:
        results["stock"] = _stock(arguments, texts)
    write(results)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="small numbers")
    parser.add_argument("--stock-examples", type=int, help="train stock Rasa on about this many (0: all)")
    parser.add_argument("--skip-stock", action="store_true", help="ours alone, without ratios")
    arguments = parser.parse_args()
    if arguments.stock_examples is None:
        arguments.stock_examples = 600 if arguments.quick else 0
    return arguments


def _ours(arguments: argparse.Namespace, trained: contestants.Trained, texts: list[str]) -> dict[str, Any]:
    print(f"小小: trained on {trained.examples} examples in {trained.seconds:.0f} s", flush=True)
    plan = QUICK if arguments.quick else FULL
    with contestants.ours(trained) as running:
        measured = measure(running, texts, plan)
    measured.update(examples=trained.examples, training_seconds=trained.seconds)
    database, redis = os.environ.get("BENCH_DATABASE_URL", ""), os.environ.get("BENCH_REDIS_URL", "")
    if database and redis:
        print("小小, two chat workers on PostgreSQL and Redis", flush=True)
        two = Plan(single=50, throughput=plan.throughput, sessions=(), burst=0)
        with contestants.ours(trained, workers=2, database_url=database, redis_url=redis) as running:
            measured["two_workers"] = measure(running, texts, two)
    return measured


def _stock(arguments: argparse.Namespace, texts: list[str]) -> dict[str, Any]:
    trained = contestants.train_stock(arguments.stock_examples)
    print(f"Rasa: trained on {trained.examples} examples in {trained.seconds:.0f} s", flush=True)
    with contestants.stock(trained) as running:
        measured = measure(running, texts, QUICK_STOCK if arguments.quick else FULL_STOCK)
    measured.update(examples=trained.examples, training_seconds=trained.seconds)
    return measured


if __name__ == "__main__":
    main()
