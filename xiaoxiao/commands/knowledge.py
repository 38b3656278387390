"""`xiaoxiao knowledge`: check the cards, list them, show one as a citizen gets it, take one out of use and back."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import yaml

from xiaoxiao.commands.actor import actor, add_by
from xiaoxiao.commands.orders import readable
from xiaoxiao.desk.orders import Orders
from xiaoxiao.errors import InvalidRequest, NotFound
from xiaoxiao.knowledge.cards import Card
from xiaoxiao.knowledge.check import check_folder
from xiaoxiao.knowledge.contradictions import contradictions
from xiaoxiao.knowledge.facts import Facts
from xiaoxiao.knowledge.render import render_text
from xiaoxiao.knowledge.topics import find_label, title
from xiaoxiao.safety.detector import KINDS
from xiaoxiao.services import Services, build_services
from xiaoxiao.store.memory import MemoryStore

_ORDERS = ("disable", "enable", "disabled")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    actions.add_parser("check", help="检查全部卡片")
    actions.add_parser("list", help="列出全部卡片")
    show = actions.add_parser("show", help="看一张卡片,市民读到的样子")
    show.add_argument("card", nargs="?", help="卡片编号")
    for name, summary in (("disable", "停用:马上不再回答,也不再列为选项"), ("enable", "恢复")):
        order = actions.add_parser(name, help=summary)
        order.add_argument("card", help="卡片编号,或任务的意图名(如 query_violation)")
        order.add_argument("--reason", default="", help="为什么;会留痕")
        add_by(order)
    disabled = actions.add_parser("disabled", help="停用了哪些:谁、何时、为什么")
    disabled.add_argument("--history", action="store_true", help="历次停用和恢复")


def execute(options: argparse.Namespace) -> int:
    if options.action in _ORDERS:
        return _order(build_services(), options)
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


def _order(services: Services, options: argparse.Namespace) -> int:
    orders = services.orders
    if options.action == "disabled":
        return _disabled(orders, history=options.history)
    if options.action == "disable":
        label = find_label(options.card, services.cards, services.titles)
        orders.close(label, by=actor(options.by), note=options.reason)
        done = "已停用,从市民的下一句话起生效"
    else:
        label = _closed(options.card, orders) or find_label(options.card, services.cards, services.titles)
        orders.open(label, by=actor(options.by), note=options.reason)
        done = "已恢复"
    print(f"  {done}:{label} {title(label, services.cards, services.titles) or ''}".rstrip())
    return 0


def _closed(word: str, orders: Orders) -> str | None:
    """A closed topic can be opened again even when its card is gone."""
    closed = orders.standing().closed
    return next((label for label in (word, f"faq/{word}") if label in closed), None)


def _disabled(orders: Orders, *, history: bool) -> int:
    shown = [o for o in orders.log() if o.topic] if history else list(orders.standing().closed.values())
    for order in shown:
        print(readable(order))
    if not shown:
        print("没有停用过。" if history else "没有停用的。")
    return 0


def _check(services: Services) -> int:
    data = services.root / "data"
    findings = check_folder(
        data / "knowledge", services.hotlines, KINDS, tasks=dict(_task_examples(data / "nlu"))
    )
    facts = Facts.load(data / "lexicon" / "facts.csv")
    findings += contradictions(services.cards.values(), facts, _fixed_answers(services))
    for finding in findings:
        print(finding)
    print(f"检查了 {len(services.cards)} 张卡片,{len(findings)} 处要改。")
    return 1 if findings else 0


def _fixed_answers(services: Services) -> Iterator[tuple[str, str, Card]]:
    """(name, text, card that tells more) of what is said in danger."""
    for fixed in services.fixed.all.values():
        if card := services.cards.get(fixed.card):
            yield f"data/safety/{'_'.join(filter(None, (fixed.kind, fixed.variant)))}.md", fixed.body, card


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
