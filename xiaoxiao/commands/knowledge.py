"""`xiaoxiao knowledge`: check the cards, list them, show one as a citizen gets it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import yaml

from xiaoxiao.errors import InvalidRequest, NotFound
from xiaoxiao.knowledge.cards import Card
from xiaoxiao.knowledge.check import check_folder
from xiaoxiao.knowledge.render import render_text
from xiaoxiao.safety.detector import KINDS
from xiaoxiao.services import Services, build_services
from xiaoxiao.store.memory import MemoryStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("check", "list", "show"), metavar="check|list|show")
    parser.add_argument("card", nargs="?", help="卡片编号(show)")


def execute(options: argparse.Namespace) -> int:
    services = build_services(store=MemoryStore())
    if options.action == "check":
        return _check(services)
    if options.action == "show":
        print(render_text(_card(services, options.card), services.hotlines))
        return 0
    for card in services.cards.values():
        signed = card.reviewed.by or "待审定"
        print(f"{card.id:24} {card.category:9} {len(card.questions):3} 问  {signed}  {card.title}")
    return 0


def _check(services: Services) -> int:
    data = services.root / "data"
    findings = check_folder(
        data / "knowledge", services.hotlines, KINDS, tasks=dict(_task_examples(data / "nlu"))
    )
    for finding in findings:
        print(finding)
    print(f"检查了 {len(services.cards)} 张卡片,{len(findings)} 处要改。")
    return 1 if findings else 0


def _task_examples(folder: Path) -> Iterator[tuple[str, str]]:
    """(example, intent) of every intent in data/nlu."""
    for path in sorted(folder.glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", ()):
            for line in str(entry.get("examples", "")).splitlines():
                yield line.removeprefix("- ").strip(), str(entry.get("intent"))


def _card(services: Services, card_id: str | None) -> Card:
    if not card_id:
        raise InvalidRequest("要看哪张卡片?例如 xiaoxiao knowledge show gas_leak。")
    try:
        return services.cards[card_id]
    except KeyError:
        raise NotFound(f"没有编号为 {card_id} 的卡片。用 xiaoxiao knowledge list 看全部。") from None
