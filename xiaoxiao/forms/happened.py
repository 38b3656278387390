"""When it happened, in plain words: 昨晚八点, 11月23号, 上周三, 一直这样."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from xiaoxiao.clock import CHINA

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_DAY = (
    rf"(?:(?:20\d\d年)?{_NUMBER}月{_NUMBER}[日号]?"
    r"|大前天|前天|昨天|昨日|今天|今日|前儿个?|昨儿个?|今儿个?|今早|今晚|今晨|昨晚|昨夜|前晚"
    r"|上个?(?:周|星期|礼拜)[一二三四五六日天]?|这个?(?:周|星期|礼拜)[一二三四五六日天]|(?:周|星期|礼拜)[一二三四五六日天]"
    r"|上个?月[底初中]?|这个月|去年[春夏秋冬]?天?|今年[春夏秋冬]?天?)"
)
_HOUR = (
    r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|晚|早)?"
    rf"(?:{_NUMBER}(?:点半?|时|:\d\d)(?:{_NUMBER}分|多|左右|钟)*)?"
)
_SINCE = rf"(?:{_NUMBER}|好几|几|半)个?(?:分钟|小时|钟头|天|周|星期|礼拜|月|年)(?:前|以前|之前|了|多)"
_NOW = r"刚才|刚刚|刚拍的|现在|此刻|正在|眼下|目前"
_ALWAYS = r"一直(?:这样|都有|在)?|每天|天天|每晚|长期|经常|很久了?|好久了?|总是|从早到晚"
_SAID = re.compile(rf"(?:{_DAY}的?{_HOUR}|{_SINCE}|{_NOW}|{_ALWAYS})")
#: an answer to the question itself may be vaguer
_VAGUE = re.compile(
    r"[年月日号天周点早晚夜晨午春夏秋冬节今昨前刚现]|星期|礼拜|小时|分钟|一直|经常|每|长|久|总"
)
_LONGEST = 30
_BACK = {"大前": 3, "前": 2, "昨": 1, "今": 0}
_WEEK = "一二三四五六"


def find_when(text: str) -> str | None:
    """The words of `text` that say when."""
    found = [match.group() for match in _SAID.finditer(text)]
    return max(found, key=len) if found else None


def read_when(text: str) -> str | None:
    """What she answers to "when"; None: that says nothing about a time."""
    said = text.strip(" ,。.!")
    if len(said) <= _LONGEST and _VAGUE.search(said):
        return said
    return find_when(text)


def moment_of(said: str, now: datetime) -> datetime | None:
    """The moment it means, if it means one (a day: at noon), never in the future; in China's time."""
    local = now.astimezone(CHINA)
    if re.search(_NOW, said):
        return now
    day = _day_of(said, local.date())
    if day is None:
        return None
    hour = _hour_of(said)
    at = datetime.combine(day, time(12 if hour is None else hour), CHINA)
    return min(at, now) if at.date() <= local.date() else None


def _day_of(said: str, today: date) -> date | None:
    if found := re.search(rf"(?:(20\d\d)年)?({_NUMBER})月({_NUMBER})", said):
        return _date(found, today)
    if found := re.search(r"(大前|前|昨|今)(?:天|日|儿|早|晚|晨|夜)", said):
        return today - timedelta(days=_BACK[found.group(1)])
    if found := re.search(rf"({_NUMBER})天(?:前|以前|之前)", said):
        return today - timedelta(days=_number(found.group(1)))
    if found := re.search(r"(上个?)?(?:周|星期|礼拜)([一二三四五六日天])", said):
        weekday = _WEEK.find(found.group(2)) if found.group(2) in _WEEK else 6
        back = (today.weekday() - weekday) % 7
        monday = today - timedelta(days=today.weekday() + 7)
        return monday + timedelta(days=weekday) if found.group(1) else today - timedelta(days=back)
    return None


def _date(found: re.Match[str], today: date) -> date | None:
    month, day = _number(found.group(2)), _number(found.group(3))
    try:
        if found.group(1):
            return date(int(found.group(1)), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year <= today else date(today.year - 1, month, day)
    except ValueError:
        return None


def _hour_of(said: str) -> int | None:
    found = re.search(rf"({_NUMBER})(?:点|时|:)", said)
    if found is None:
        return None
    hour = _number(found.group(1))
    late = re.search(r"下午|傍晚|晚|夜(?!里[一二三四五1-5]点)", said)
    hour += 12 if late and hour < 12 and not re.search(r"凌晨|半夜", said) else 0
    return hour if hour < 24 else None


def _number(said: str) -> int:
    if said.isdecimal():
        return int(said)
    tens, ten, ones = said.partition("十")
    if not ten:
        return _DIGITS.get(said[-1], 0)
    return _DIGITS.get(tens, 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
