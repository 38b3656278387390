"""Telephone numbers, dates and addresses as citizens write them; pure regular expressions on a normal form.

`\\b` is no help in Chinese text (汉字 are word characters): the ends are guarded by look-arounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    value: str


_PHONE = re.compile(
    r"(?<![\dA-Za-z])(?:\+?86[\s-]?)?(?:1[3-9]\d(?:[\s-]?\d{4}){2}|0\d{2,3}[\s-]?\d{7,8})(?![\dA-Za-z])"
)
_DAY = (
    r"(?:今天|明天|后天|大后天|昨天|前天|今晚|今早|明早|明晚|昨晚|刚才|刚刚|现在|此刻|当前"
    r"|(?:上|下|这|本)?(?:个)?(?:周|星期|礼拜)[一二三四五六日天末]"
    r"|(?:\d{4}[年./-])?\d{1,2}(?:月|[./-])\d{1,2}(?:日|号)?|\d{1,2}号(?![楼院线台馆门]))"
)
_TIME = (
    r"(?:凌晨|早上|上午|中午|下午|傍晚|晚上|夜里)?"
    r"(?:[0-2]?\d|[一二三四五六七八九十两]{1,3})(?:点半?|时)(?:[0-5]?\d分)?"
)
_DATE = re.compile(rf"(?<!\d){_DAY}(?:{_TIME})?|(?<!\d){_TIME}(?!数)")
_SUFFIX = r"(?:自治区|自治州|新区|开发区|街道|小区|社区|大道|广场|公园|[区县市镇乡村路街弄])"
_PLACE = re.compile(rf"[一-鿿]{{1,8}}?{_SUFFIX}(?:\d+[号弄])?")
#: Words that stand before a name without belonging to it, and names that are none.
_BEFORE = re.compile(
    r"^.*(?:我们|你们|咱们|他们|我家|我妈|我爸|我在|就在|住在|我住|去|到|在|住|是|从|离|给|查|看看|附近|这边|那边|有没有|今天|明天|现在"
    r"|订阅|取消|请问|帮我|刚才|昨天|晚上|位于|地址|的|这个|那个|哪个|一个|和|跟|把|往|问|我)"
)
_NOT_PLACES = re.compile(
    r"^(?:这|那|哪|本|全|灾|景|小|社|城|郊|山|地|校|市|县|区|乡|农|整|各|每|一|几|道|公|马|铁|网|走|上|迷|半|过|修|堵|问|带|出|"
    r"高速公|避难|应急|超|菜|楼|股|城中|十字|步行|人行)?"
    rf"{_SUFFIX}$"
)


def find_phones(text: str) -> Iterator[Span]:
    """Mobile and fixed numbers; the value has digits only."""
    for match in _PHONE.finditer(text):
        digits = re.sub(r"[\s-]", "", match.group()).removeprefix("+86")
        yield Span(*match.span(), digits.removeprefix("86") if len(digits) == 13 else digits)


def find_dates(text: str) -> Iterator[Span]:
    """Days and times of day, as said: what they mean depends on when it was said."""
    for match in _DATE.finditer(text):
        yield Span(*match.span(), match.group())


def find_places(text: str) -> Iterator[Span]:
    """Names that end in 区, 县, 路 …; a few characters before a name may belong to the sentence."""
    for match in _PLACE.finditer(text):
        name = match.group()
        lead = _BEFORE.match(name)
        start = match.start() + (lead.end() if lead else 0)
        value = text[start : match.end()]
        if len(value) > 1 and not _NOT_PLACES.match(value):
            yield Span(start, match.end(), value)
