"""A card as WeChat text: the answer, the steps, what not to do, the numbers. Plain text, ≤ 600 characters."""

from __future__ import annotations

from collections.abc import Iterable

from xiaoxiao.knowledge.cards import Card
from xiaoxiao.knowledge.hotlines import Hotline, Hotlines

LIMIT = 600  #: characters of a card's text in WeChat; longer cards fail the check
HOTLINES_SHOWN = 3  #: more numbers than this slow a frightened person down


def render_text(card: Card, hotlines: Hotlines) -> str:
    """What a citizen reads. A number that does not exist in this city is not mentioned."""
    parts = [card.lead]
    if card.steps:
        parts.append("\n".join(f"{number}. {step}" for number, step in enumerate(card.steps, 1)))
    if donts := donts_line(card):
        parts.append(donts)
    if numbers := hotline_line(hotlines.resolve(card.hotlines)[:HOTLINES_SHOWN]):
        parts.append(numbers)
    return "\n\n".join(parts)


def donts_line(card: Card) -> str:
    """千万不要：开灯；点火试漏。"""
    return "千万不要：" + "；".join(item.rstrip("。；;") for item in card.donts) + "。" if card.donts else ""


def hotline_line(hotlines: Iterable[Hotline]) -> str:
    """☎ 110 报警电话 · 119 火警与救援"""
    numbers = " · ".join(f"{h.number} {h.name}" for h in hotlines)
    return f"☎ {numbers}" if numbers else ""
