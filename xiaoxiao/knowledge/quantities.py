"""Numbers with a unit in a Chinese sentence, in one form: 半小时 = 30 分钟 = 30分钟, 5-10 = 5～10 = 五到十."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = r"(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)"
#: unit → (what is measured, how much of it); 按30次 and 按30下 are the same, so are 吹2口 and 吹2次
_UNITS: dict[str, tuple[str, float]] = {
    "秒钟": ("时间", 1),
    "秒": ("时间", 1),
    "分钟": ("时间", 60),
    "个小时": ("时间", 3600),
    "小时": ("时间", 3600),
    "天": ("时间", 86400),
    "日": ("时间", 86400),
    "周": ("时间", 7 * 86400),
    "星期": ("时间", 7 * 86400),
    "个月": ("月", 1),
    "年": ("年", 1),
    "毫米": ("长度", 0.001),
    "厘米": ("长度", 0.01),
    "公里": ("长度", 1000),
    "米": ("长度", 1),
    "毫克": ("重量", 0.001),
    "公斤": ("重量", 1000),
    "克": ("重量", 1),
    "毫升": ("容量", 0.001),
    "升": ("容量", 1),
    "万元": ("钱", 10_000),
    "元": ("钱", 1),
    "℃": ("温度", 1),
    "次": ("次数", 1),
    "下": ("次数", 1),
    "口": ("次数", 1),
    "层": ("层", 1),
    "步": ("步", 1),
    "岁": ("岁", 1),
    "%": ("比例", 1),
}
_RANGE = r"\s*(?:[-–—~～]|到|至)\s*"
UNIT = "|".join(_UNITS)  #: each before the shorter one it begins with: 秒钟, 秒
#: A number with its unit as people write it, for patterns of others.
WRITTEN = rf"{_NUMBER}(?:(?:{UNIT})?{_RANGE}{_NUMBER})?\s*(?:{UNIT})"
#: 第二天 and 一下子 measure nothing, nor does the day of a date
_QUANTITY = re.compile(
    rf"(?<![第\d.月+-])(?P<low>{_NUMBER})(?:(?:{UNIT})?{_RANGE}(?P<high>{_NUMBER}))?\s*(?P<unit>{UNIT})(?![子起罩令])"
)
_HALF = re.compile(r"半个?(分钟|小时|天)")
_HALVES = {"分钟": "30秒", "小时": "30分钟", "天": "12小时"}
_UNCOUNTED = frozenset({"一次", "一下", "一口", "一步", "一层", "一年", "一天", "一日", "1日"})


@dataclass(frozen=True)
class Quantity:
    measure: str  #: 时间, 长度, 次数 …: only what measures the same is compared
    low: float
    high: float  #: the same as low when it is one number; in seconds, metres, grams, litres, yuan
    text: str  #: as written
    start: int
    end: int

    @property
    def value(self) -> tuple[str, float, float]:
        return self.measure, self.low, self.high


def plain(text: str) -> str:
    """Halves of a minute, an hour and a day in numbers; the other characters keep their order."""
    return _HALF.sub(lambda match: _HALVES[match.group(1)], text)


def quantities(text: str) -> Iterator[Quantity]:
    """Every number with a unit in `text` (already plain())."""
    for match in _QUANTITY.finditer(text):
        if match.group() in _UNCOUNTED or (match["unit"] == "年" and len(match["low"]) == 4):
            continue
        measure, factor = _UNITS[match["unit"]]
        low = number(match["low"]) * factor
        high = number(match["high"]) * factor if match["high"] else low
        yield Quantity(measure, round(low, 6), round(high, 6), match.group(), *match.span())


def number(text: str) -> float:
    """30, 三十, 一百二十 → its value."""
    if text[0].isdigit():
        return float(text)
    total = current = 0
    for char in text:
        if char in _TENS:
            total, current = total + (current or 1) * _TENS[char], 0
        else:
            current = _DIGITS[char]
    return float(total + current)
