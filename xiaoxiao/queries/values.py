"""Single values from outside (a cell, a JSON value) → clean Python values, or a sentence saying what is wrong.

The same readers check an imported file, the rows of our own tables and what a back end answers: control characters
and markup (WeChat makes links of <a href>) never reach a citizen, from wherever they come.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from xiaoxiao.clock import CHINA

E = TypeVar("E", bound=Enum)
Reader = Callable[[Any], Any]

_CODE = re.compile(r"<(/?)(script|style)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[:时点]\s*(?:(\d{1,2})\s*分?)?(?::(\d{1,2}))?(?:\.\d+)?\s*秒?)?"
)
_ZONED = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")
_YES = {
    "是",
    "有",
    "对",
    "真",
    "1",
    "true",
    "yes",
    "y",
    "合格",
    "通过",
    "已处理",
    "开放",
    "正式测定",
    "reviewed",
}
_NO = {
    "否",
    "无",
    "没有",
    "假",
    "0",
    "false",
    "no",
    "n",
    "不合格",
    "未通过",
    "未处理",
    "关闭",
    "自动测定",
    "automatic",
}


class Unreadable(ValueError):
    """What is wrong with a value, in a few words an office reads; never the value itself."""


def clean(value: str, *, lines: bool = False) -> str:
    """Without control and invisible characters, markup and needless white space.

    >>> clean("<b>积水</b>\\u202e 2  处")
    '积水 2 处'
    """
    kept = "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    kept = _without_code(kept)
    for _ in range(3):  # a tag within a tag leaves a tag
        kept = _TAG.sub("", kept)
    if _TAG.search(kept):
        kept = re.sub("[<>]", "", kept)
    parts = (" ".join(line.split()) for line in kept.splitlines())
    return ("\n" if lines else " ").join(part for part in parts if part)


def _without_code(value: str) -> str:
    """Without what stands between <script> and </script>. In one go: a pattern would go over and over it."""
    kept: list[str] = []
    opened, end = "", 0
    for tag in _CODE.finditer(value):
        name, closes = tag[2].lower(), bool(tag[1])
        if not opened and not closes:
            kept.append(value[end : tag.start()])
            opened, end = name, tag.start()
        elif opened == name and closes:
            opened, end = "", tag.end()
    return "".join((*kept, value[end:]))


def text(limit: int, *, lines: bool = False) -> Reader:
    """At most `limit` characters. Nothing is cut: half an instruction is none."""

    def read(value: Any) -> str:
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # a spreadsheet makes 12345.0 of a telephone number
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise Unreadable("应为文字")
        written = str(value)
        said = clean(written, lines=lines) if len(written) <= 4 * limit + 200 else written
        if len(said) > limit:
            raise Unreadable(f"太长(最多 {limit} 个字)")
        if not said:
            raise Unreadable("是空的")
        return said

    return read


def listed(limit: int, *, most: int = 30) -> Reader:
    """A JSON list of texts, or one text with 、;|or line breaks in between."""
    one = text(limit)

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple, str, int, float)):
            raise Unreadable("应为文字或列表")
        parts = value if isinstance(value, (list, tuple)) else re.split(r"[、;;|\n]", str(value))
        if len(parts) > most:
            raise Unreadable(f"项数太多(最多 {most} 项)")
        return tuple(one(part) for part in parts if str(part).strip())

    return read


def moment(value: Any) -> datetime:
    """Without a zone it is China's time. 2026-11-24 08:00, 2026/11/24, 2026年11月24日8时30分, RFC 3339."""
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime.combine(value, time(), CHINA)
    else:
        found = _said_moment(value)
    if not 1990 <= found.year <= 2100:
        raise Unreadable("年份不对")
    aware = found if found.tzinfo else found.replace(tzinfo=CHINA)
    return aware.replace(microsecond=0).astimezone(CHINA)


def day(value: Any) -> date:
    return moment(value).date()


def number(least: float, most: float, *, whole: bool = False) -> Reader:
    """`least` to `most`; 元 and thousands' commas are taken off."""

    def read(value: Any) -> int | float:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise Unreadable("应为数字")
        try:
            found = float(unicodedata.normalize("NFKC", str(value)).replace(",", "").strip(" 元分人¥"))
        except ValueError:
            raise Unreadable("应为数字") from None
        if not math.isfinite(found) or not least <= found <= most:
            raise Unreadable(f"应在 {least:g} 到 {most:g} 之间")
        if whole and not found.is_integer():
            raise Unreadable("应为整数")
        return int(found) if whole else found

    return read


def yes_or_no(value: Any) -> bool:
    word = str(value).strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable("应填 是 或 否")


def choice(kind: type[E], words: Mapping[str, E]) -> Reader:
    """A value of `kind`, or one of the `words` that stand for it."""

    known = {str(member.value): member for member in kind}
    known |= {word.lower(): member for word, member in words.items()}
    shown = {member: word for word, member in reversed(list(words.items()))}

    def read(value: Any) -> E:
        said = clean(unicodedata.normalize("NFKC", str(value)[:100])).lower()
        if said not in known:
            raise Unreadable("应为:" + "、".join(shown[member] for member in kind if member in shown))
        return known[said]

    return read


def chosen(kind: type[E], words: Mapping[str, E]) -> Reader:
    """Several of them."""
    one, parts = choice(kind, words), listed(20)

    def read(value: Any) -> tuple[E, ...]:
        return tuple(dict.fromkeys(one(part) for part in parts(value)))

    return read


def link(value: Any) -> str:
    """An absolute address a citizen may be sent to."""
    address: str = text(500)(value)
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        raise Unreadable("不是网址") from None
    if (
        parts.scheme not in ("http", "https")
        or not host
        or parts.username
        or re.search(r"[\s<>\"'\\]", address)
    ):
        raise Unreadable("应是 https:// 开头的网址")
    return address


def matching(pattern: str, meaning: str, *, upper: bool = False) -> Reader:
    rule, written = re.compile(pattern), text(100)

    def read(value: Any) -> str:
        said = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(written(value))))
        said = said.upper() if upper else said
        if not rule.fullmatch(said):
            raise Unreadable(f"应为{meaning}")
        return said

    return read


def _said_moment(value: Any) -> datetime:
    said = unicodedata.normalize("NFKC", value[:60]).strip() if isinstance(value, str) else ""
    try:
        if _ZONED.search(said) and "T" in said.upper().replace(" ", "T"):
            return datetime.fromisoformat(re.sub(r"(\.\d+)?Z$", "+00:00", said, flags=re.IGNORECASE))
        if match := _DATE.fullmatch(said):
            return datetime(*(int(part or 0) for part in match.groups()), tzinfo=CHINA)  # type: ignore[arg-type,misc]
    except (ValueError, OverflowError):
        pass
    raise Unreadable("应为 2026-11-24 08:00 这样的时间")
