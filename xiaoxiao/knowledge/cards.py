"""Knowledge cards: reviewed answers in Markdown, one a file, data/knowledge/<category>/<id>.md.

Body: the first paragraph is the answer; `1.` numbered steps; `## 千万不要` with `-` items; `## 背景` free text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from xiaoxiao.errors import ConfigurationError

#: Column of the account's menu → what citizens call it. A card's folder is its category.
CATEGORIES: Mapping[str, str] = {
    "basics": "应急基础常识",
    "natural": "自然灾害防控",
    "accident": "事故灾难防控",
    "health": "公共卫生事件防控",
    "society": "社会安全事件防控",
}
_REQUIRED = ("id", "title", "category", "questions", "sources")
_OPTIONAL = ("danger", "hotlines", "reviewed", "contested")
_DONTS, _BACKGROUND = "千万不要", "背景"
_ITEM = re.compile(r"^(?:\d+[.、]|[-*])\s*(.+)$")


class CardError(ConfigurationError):
    """A knowledge card cannot be read."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"知识卡 {path.parent.name}/{path.name}:{problem}")


@dataclass(frozen=True)
class Source:
    name: str
    article: str = ""
    url: str = ""


@dataclass(frozen=True)
class Review:
    on: date | None
    by: str | None  #: None: not signed off yet, shown as 待审定 to staff


@dataclass(frozen=True)
class Card:
    id: str
    title: str
    category: str
    questions: tuple[str, ...]
    danger: str | None  #: danger kind of the safety check it belongs to
    hotlines: tuple[str, ...]  #: keys of the hotline table
    sources: tuple[Source, ...]
    reviewed: Review
    contested: str | None  #: what sources disagree on
    lead: str
    steps: tuple[str, ...]
    donts: tuple[str, ...]
    background: str


class Cards(Mapping[str, Card]):
    """All cards by id."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._cards = {card.id: card for card in cards}

    def __getitem__(self, card_id: str) -> Card:
        return self._cards[card_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cards)

    def __len__(self) -> int:
        return len(self._cards)

    @cached_property
    def _by_category(self) -> dict[str, tuple[Card, ...]]:
        return {key: tuple(c for c in self._cards.values() if c.category == key) for key in CATEGORIES}

    def of(self, category: str) -> tuple[Card, ...]:
        return self._by_category[category]


def load_cards(root: Path) -> Cards:
    """Every card below data/knowledge, by category and id. Raises CardError on the first bad one."""
    found: dict[str, Path] = {}
    cards = []
    for path in card_files(root):
        card = load_card(path)
        if card.id in found:
            raise CardError(path, f"编号 {card.id} 与 {found[card.id].name} 重复,请改名。")
        found[card.id] = path
        cards.append(card)
    return Cards(cards)


def card_files(root: Path) -> list[Path]:
    return [path for category in CATEGORIES for path in sorted((root / category).glob("*.md"))]


def load_card(path: Path) -> Card:
    """Read one card. Raises CardError with a sentence that says what to change."""
    meta, body = _read(path)
    _check_keys(meta, path)
    lead, steps, donts, background = _sections(body)
    if not lead:
        raise CardError(path, "正文第一段应是一句话的回答。")
    return Card(
        id=meta["id"],
        title=str(meta["title"]).strip(),
        category=meta["category"],
        questions=_questions(meta, path),
        danger=meta.get("danger") or None,
        hotlines=tuple(str(key) for key in meta.get("hotlines") or ()),
        sources=_sources(meta, path),
        reviewed=_review(meta, path),
        contested=meta.get("contested") or None,
        lead=lead,
        steps=steps,
        donts=donts,
        background=background,
    )


def _read(path: Path) -> tuple[dict[str, Any], str]:
    import frontmatter
    import yaml

    try:
        post = frontmatter.loads(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise CardError(path, f"开头两行 --- 之间不是正确的 YAML:{error}") from error
    except UnicodeDecodeError as error:
        raise CardError(path, "请用 UTF-8 编码保存。") from error
    return dict(post.metadata), post.content


def _check_keys(meta: Mapping[str, Any], path: Path) -> None:
    missing = [key for key in _REQUIRED if not meta.get(key)]
    if missing:
        raise CardError(path, f"开头缺少 {'、'.join(missing)}。")
    unknown = [key for key in meta if key not in _REQUIRED + _OPTIONAL]
    if unknown:
        raise CardError(path, f"不认识 {'、'.join(unknown)} 这一项,可用:{'、'.join(_REQUIRED + _OPTIONAL)}。")
    if meta["id"] != path.stem:
        raise CardError(path, f"编号 {meta['id']} 应与文件名 {path.stem} 相同。")
    if meta["category"] not in CATEGORIES:
        raise CardError(path, f"栏目 {meta['category']} 应为 {'、'.join(CATEGORIES)} 之一。")
    if meta["category"] != path.parent.name:
        raise CardError(path, f"栏目是 {meta['category']},却放在 {path.parent.name} 文件夹里。")


def _questions(meta: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    questions = meta["questions"]
    if not isinstance(questions, list) or not all(isinstance(q, str) and q.strip() for q in questions):
        raise CardError(path, "questions 应是一行一个问法的列表;含冒号、# 或只有数字的问法请加引号。")
    return tuple(q.strip() for q in questions)


def _sources(meta: Mapping[str, Any], path: Path) -> tuple[Source, ...]:
    sources = meta["sources"]
    if not isinstance(sources, list) or not all(isinstance(s, Mapping) and s.get("name") for s in sources):
        raise CardError(path, "sources 应是列表,每项至少写 name。")
    return tuple(
        Source(str(s["name"]), str(s.get("article") or ""), str(s.get("url") or "")) for s in sources
    )


def _review(meta: Mapping[str, Any], path: Path) -> Review:
    reviewed = meta.get("reviewed") or {}
    if not isinstance(reviewed, Mapping):
        raise CardError(path, "reviewed 应写成 {on: 2026-11-23, by: 姓名},没审定时 by 写 null。")
    on = reviewed.get("on", reviewed.get(True))  # YAML 1.1 reads a bare `on` as true
    if on is not None and not isinstance(on, date):
        raise CardError(path, "reviewed.on 应是 2026-11-23 这样的日期。")
    by = reviewed.get("by")
    return Review(on, str(by) if by else None)


def _sections(body: str) -> tuple[str, tuple[str, ...], tuple[str, ...], str]:
    parts = re.split(r"^##\s*(.+?)\s*$", body.strip(), flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    lead: list[str] = []
    steps: list[str] = []
    for line in (line.strip() for line in parts[0].splitlines()):
        if item := _ITEM.match(line):
            steps.append(item.group(1))
        elif line and not steps:
            lead.append(line)
        elif line:
            steps[-1] += line
    return (
        "".join(lead),
        tuple(steps),
        _items(sections.get(_DONTS, "")),
        sections.get(_BACKGROUND, "").strip(),
    )


def _items(text: str) -> tuple[str, ...]:
    matches = (_ITEM.match(line.strip()) for line in text.splitlines())
    return tuple(match.group(1) for match in matches if match)
