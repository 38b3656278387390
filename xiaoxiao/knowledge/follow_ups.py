"""Messages that lean on what was said before (那老人呢, 多久, 没有湿毛巾呢): their forms, edited by trainers.

data/lexicon/follow_ups.csv has a kind a line: how she asks (`said`), and which words in a card's sentences answer it
(`passages`). #分钟 is a number followed by 分钟; @背景, @余下 and @电话 stand for the background, what was not said yet
and the card's numbers. The lines @虚词 and @问句 list words without meaning of their own and words of a question.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.normal_form import normalise

#: Characters; longer messages say themselves what they are about. 那如果家里还有瘫痪的老人呢 has 13.
LONGEST = 16
SPECIAL = ("@背景", "@余下", "@电话")
_FILLERS, _QUESTIONS = "@虚词", "@问句"
_COLUMNS = ["kind", "said", "passages"]
_MARKS = re.compile(r"[\s,.!?;:~]+")
_VERB = 1  #: 要冲多久, 孕妇能打吗: a single character beside a kind names no other subject
_OPENING = re.compile(r"那么?|要是|如果|假如|万一")
_TO_US = re.compile("你|您")  #: 你多大, 你呢: about 小小 herself
_PREDICATE = re.compile(r"怎|咋|什么|啥|哪|谁|为何|几|多少|多大|能不能|要不要|你|您")


class Form(Enum):
    """How plainly a message leans, the plainest first."""

    FIXED = "fixed"  #: nothing but a kind of the list: 多久, 那老人呢
    NOUN = "noun"  #: something named, nothing said of it: 那猫呢, 要是没有湿毛巾呢
    QUESTION = "question"  #: a short question without a subject: 能喝水吗
    STATEMENT = "statement"  #: a few words: 起泡了


@dataclass(frozen=True)
class Kind:
    name: str
    said: tuple[str, ...]
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Leaning:
    """What a message asks for, if it leans on a card."""

    form: Form
    kinds: tuple[str, ...]  #: names of the kinds it speaks of
    sought: tuple[str, ...]  #: their `passages`
    content: str  #: what is left without fillers and without what the kinds said
    swaps: bool = (
        False  #: puts something in the place of what was spoken of (那猫呢, 小孩呢): maybe another card's
    )


@dataclass(frozen=True)
class FollowUps:
    kinds: tuple[Kind, ...]
    fillers: tuple[str, ...]
    questions: tuple[str, ...]

    @classmethod
    def read(cls, text: str, name: str = "follow_ups.csv") -> FollowUps:
        """Raises ConfigurationError naming file and line."""
        lists: dict[str, tuple[str, ...]] = {_FILLERS: (), _QUESTIONS: ()}
        kinds: list[Kind] = []
        for number, kind in _rows(text, name):
            if kind.name in lists:
                lists[kind.name] = kind.said
            elif kind.name in (known.name for known in kinds):
                raise ConfigurationError(f"{name} 第 {number} 行:「{kind.name}」前面已经有了。")
            else:
                kinds.append(kind)
        return cls(tuple(kinds), lists[_FILLERS], lists[_QUESTIONS])

    def leaning(self, text: str) -> Leaning | None:
        """How a message leans on what was said before; None when it is too long to."""
        if len(text) > 2 * LONGEST:
            return None
        whole = normalise(text).text
        plain = _MARKS.sub("", whole)
        if not plain or len(plain) > LONGEST:
            return None
        asks = any(mark in whole for mark in self.questions)
        rest, said = self._without_kinds(plain)
        content = self._without_fillers(rest)
        swaps = _swaps(plain, asks)
        form = Form.NOUN if swaps and content else Form.QUESTION if asks else Form.STATEMENT
        if said and len(content) <= _VERB:
            form = Form.FIXED
        if form not in (Form.FIXED, Form.NOUN) and _TO_US.search(plain):
            return None
        sought = tuple(dict.fromkeys(word for kind in said for word in kind.passages))
        return Leaning(form, tuple(kind.name for kind in said), sought, content, swaps)

    def _without_kinds(self, plain: str) -> tuple[str, list[Kind]]:
        found: list[Kind] = []
        for word, kind in self._said:
            if word in plain:
                plain = plain.replace(word, "\n")
                found.append(kind)
        return plain, list(dict.fromkeys(found))

    def _without_fillers(self, plain: str) -> str:
        return "".join(self._filler.sub("\n", plain).split())

    @cached_property
    def _said(self) -> list[tuple[str, Kind]]:
        """Longest first: 小宝宝 before 宝宝."""
        pairs = [(normalise(word).text, kind) for kind in self.kinds for word in kind.said]
        return sorted(pairs, key=lambda pair: -len(pair[0]))

    @cached_property
    def _filler(self) -> re.Pattern[str]:
        words = sorted(self.fillers, key=len, reverse=True) or ["\n"]
        return re.compile("|".join(map(re.escape, words)))


def _swaps(plain: str, asks: bool) -> bool:
    """呢 with nothing asked before it, or 那… with nothing asked: only what was said before gives it a meaning."""
    return not _PREDICATE.search(plain) and (plain.endswith("呢") or bool(_OPENING.match(plain) and asks))


def _rows(text: str, name: str) -> Iterator[tuple[int, Kind]]:
    reader = csv.reader(text.lstrip("\ufeff").splitlines())
    if next(reader, None) != _COLUMNS:
        raise ConfigurationError(f"{name} 的表头应为:{','.join(_COLUMNS)}。")
    for row in reader:
        if not any(row):
            continue
        if len(row) != len(_COLUMNS) or not row[0].strip() or not _words(row[1]):
            raise ConfigurationError(f"{name} 第 {reader.line_num} 行:应有三列,前两列不能空。")
        kind = Kind(row[0].strip(), _words(row[1]), _words(row[2]))
        wrong = [word for word in kind.passages if word.startswith("@") and word not in SPECIAL]
        if wrong or (kind.name.startswith("@") and kind.name not in (_FILLERS, _QUESTIONS)):
            known = "、".join((*SPECIAL, _FILLERS, _QUESTIONS))
            raise ConfigurationError(
                f"{name} 第 {reader.line_num} 行:不认识「{[*wrong, kind.name][0]}」,可用:{known}。"
            )
        yield reader.line_num, kind


def _words(cell: str) -> tuple[str, ...]:
    return tuple(_filled(word.strip() for word in cell.split("|")))


def _filled(words: Iterable[str]) -> Iterator[str]:
    return (word for word in words if word)
