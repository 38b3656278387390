"""The trigger words trainers edit (data/lexicon/danger/*.txt), read into rules.

Syntax of a line, explained to trainers at the head of words.txt:

    词语              the words occur
    甲|乙 + 丙|丁      one of each, at most GAP characters apart, in any order
    甲 ++ 乙          both, anywhere in the message
    甲 - 乙|丙        the first, and none of the others anywhere in the message
    ! 甲              counts even in a question of knowledge, in the past or in a joke
    ^甲$              the whole message, or its beginning (^) or end ($) only
    @人               a list of words from words.txt
    [变体]            what follows belongs to this variant of the kind; the first in the file wins
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.safety.spelling import spell

Words = frozenset[str]

_SECTION = re.compile(r"\[(\w*)\]")
_SEPARATOR = re.compile(r"\s+(\+\+|\+)\s+")
_NEGATIVE = re.compile(r"\s+-\s+")


@dataclass(frozen=True)
class Rule:
    kind: str
    variant: str
    rank: int  #: place of the variant in its file: the first wins
    parts: tuple[Words, ...]  #: parts[0] anchors the rule
    near: tuple[bool, ...]  #: for each further part: must it be near the anchor?
    unless: Words
    strong: bool


def read_sections(path: Path) -> Iterator[tuple[str, str, int]]:
    """Yields (section, line, line number); the section is "" before the first header."""
    section = ""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"读不了触发词文件 {path}:{error}") from error
    for number, raw in enumerate(lines, 1):
        line = raw.partition("#")[0].strip()
        header = _SECTION.fullmatch(line)
        if header:
            section = header.group(1)
        elif line:
            yield section, line, number


def read_words(path: Path) -> dict[str, Words]:
    """Sections of plain words: {section: words}. Raises ConfigurationError naming file and line."""
    words: dict[str, set[str]] = {}
    for section, line, number in read_sections(path):
        if not section:
            raise ConfigurationError(f"{path.name} 第 {number} 行:词语前面要先有 [小节名]。")
        words.setdefault(section, set()).update(_alternatives(line, {}, f"{path.name} 第 {number} 行"))
    return {name: frozenset(found) for name, found in words.items()}


def read_rules(path: Path, lists: Mapping[str, Words]) -> list[Rule]:
    """The rules of one kind; the file's name is the kind. Raises ConfigurationError naming file and line."""
    ranks: dict[str, int] = {}
    rules = []
    for section, line, number in read_sections(path):
        rank = ranks.setdefault(section, len(ranks))
        rules.append(_rule(path.stem, section, rank, line, lists, f"{path.name} 第 {number} 行"))
    return rules


def _rule(kind: str, variant: str, rank: int, line: str, lists: Mapping[str, Words], where: str) -> Rule:
    strong = line.startswith("!")
    positive, *negative = _NEGATIVE.split(line.lstrip("! "))
    pieces = _SEPARATOR.split(positive)
    parts = tuple(_alternatives(piece, lists, where) for piece in pieces[::2])
    unless = frozenset().union(*(_alternatives(piece, lists, where) for piece in negative))
    near = tuple(separator == "+" for separator in pieces[1::2])
    if all(near):  # the rarest part anchors the rule: fewer places to look at
        parts = tuple(sorted(parts, key=len))
    return Rule(kind, variant, rank, parts, near, unless, strong)


def _alternatives(piece: str, lists: Mapping[str, Words], where: str) -> Words:
    found: set[str] = set()
    for word in piece.split("|"):
        word = word.strip()
        if word.startswith("@"):
            if word[1:] not in lists:
                raise ConfigurationError(f"{where}:words.txt 里没有 [{word[1:]}] 这一节。")
            found |= lists[word[1:]]
        else:
            found.add(_spelled(word, where))
    return frozenset(found)


def _spelled(word: str, where: str) -> str:
    start, end = word.startswith("^"), word.endswith("$")
    spelled = spell(word.strip("^$"))
    if not spelled.strip(",。") or set(word) & set("+@!"):
        raise ConfigurationError(f"{where}:有一个空的词或写法不对:「{word}」(+ 和 - 两边要有空格)。")
    return "^" * start + spelled + "$" * end
