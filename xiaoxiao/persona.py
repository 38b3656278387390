"""Who 小小 is and for whom she speaks: persona.yml, the only file that differs between two cities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from xiaoxiao.errors import ConfigurationError

_LINKS = ("government_service", "complaint", "website", "violation", "privacy", "winners")


@dataclass(frozen=True)
class LocalHotline:
    """A number of this city: replaces or adds to data/hotlines.csv. `number` is never empty."""

    key: str
    name: str
    number: str


@dataclass(frozen=True)
class Persona:
    name: str
    office: str
    office_short: str
    city: str
    region: str  #: administrative division code (GB/T 2260), 6 digits
    staff_hours: str  #: shown to citizens as written
    weekdays: tuple[int, ...]  #: ISO weekdays, Monday is 1
    open: str  #: "09:00", local time
    close: str
    answer_within_hours: int
    claim_within_days: int = 60  #: to come for a reward after it was approved
    holidays: tuple[str, ...] = ()  #: "2026-10-01": weekdays on which nobody works
    workdays: tuple[str, ...] = ()  #: weekend days that are worked instead (调休)
    hotlines: tuple[LocalHotline, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)

    def placeholders(self) -> dict[str, str]:
        """What {name}, {office}, {link_website} … in responses and cards stand for; "" for a link not set."""
        links = {f"link_{key}": self.links.get(key, "") for key in _LINKS}
        return {
            "name": self.name,
            "office": self.office,
            "office_short": self.office_short,
            "city": self.city,
            "staff_hours": self.staff_hours,
            "answer_within_hours": str(self.answer_within_hours),
            **links,
        }


def load_persona(path: Path) -> Persona:
    """Read persona.yml. Raises ConfigurationError naming the key and the fix."""
    data = _read(path)
    assistant, office, hours = (_section(data, name, path) for name in ("assistant", "office", "hours"))
    return Persona(
        name=_text(assistant, "assistant.name", path),
        office=_text(office, "office.name", path),
        office_short=_text(office, "office.short", path),
        city=_text(office, "office.city", path),
        region=_matching(office, "office.region", r"\d{6}", "6 位行政区划代码", path),
        staff_hours=_text(hours, "hours.staff", path),
        weekdays=_weekdays(hours, path),
        open=_matching(hours, "hours.open", r"\d\d:\d\d", "09:00 这样的时间", path),
        close=_matching(hours, "hours.close", r"\d\d:\d\d", "17:30 这样的时间", path),
        answer_within_hours=_whole(hours, "answer_within_hours", 1, 720, path),
        claim_within_days=_whole({"claim_within_days": 60, **hours}, "claim_within_days", 7, 730, path),
        holidays=_dates(hours, "holidays", path),
        workdays=_dates(hours, "workdays", path),
        hotlines=_hotlines(data, path),
        links=_links(data, path),
    )


def _read(path: Path) -> Mapping[str, Any]:
    import yaml

    if not path.is_file():
        raise ConfigurationError(f"找不到 {path}:请从项目根目录启动,或从示例复制一份 persona.yml。")
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path.name} 不是正确的 YAML:{error}") from error
    except ValueError as error:  # YAML reads 2026-13-01 as a date
        raise ConfigurationError(f"{path.name} 里有不存在的日期,或写错的数字:{error}") from error
    if not isinstance(data, Mapping):
        raise ConfigurationError(f"{path.name} 是空的或格式不对:应有 assistant、office、hours 几节。")
    return data


def _section(data: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    section = data.get(name)
    if not isinstance(section, Mapping):
        raise ConfigurationError(f"{path.name} 缺少 {name} 一节。")
    return section


def _text(section: Mapping[str, Any], key: str, path: Path) -> str:
    value = section.get(key.split(".")[-1])
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f"{path.name} 的 {key} 没有填写,或不是文字(数字请加引号)。")
    return value.strip()


def _matching(section: Mapping[str, Any], key: str, pattern: str, meaning: str, path: Path) -> str:
    value = _text(section, key, path)
    if not re.fullmatch(pattern, value):
        raise ConfigurationError(f"{path.name} 的 {key} 应为{meaning},现在是 {value}。")
    return value


def _weekdays(hours: Mapping[str, Any], path: Path) -> tuple[int, ...]:
    days = hours.get("weekdays")
    if not isinstance(days, list) or not days or any(d not in range(1, 8) for d in days):
        raise ConfigurationError(f"{path.name} 的 hours.weekdays 应为 1 到 7 的列表,例如 [1, 2, 3, 4, 5]。")
    return tuple(days)


def _whole(hours: Mapping[str, Any], key: str, least: int, most: int, path: Path) -> int:
    value = hours.get(key)
    if type(value) is not int or not least <= value <= most:
        raise ConfigurationError(f"{path.name} 的 hours.{key} 应为 {least} 到 {most} 的整数。")
    return value


def _dates(hours: Mapping[str, Any], name: str, path: Path) -> tuple[str, ...]:
    """YAML makes a date of 2026-10-01 without quotes."""
    written = hours.get(name) or []
    try:
        return tuple(date.fromisoformat(str(day)).isoformat() for day in written)
    except (TypeError, ValueError) as problem:
        raise ConfigurationError(
            f"{path.name} 的 hours.{name} 应为日期的列表,例如 [2026-10-01, 2026-10-02]。"
        ) from problem


def _hotlines(data: Mapping[str, Any], path: Path) -> tuple[LocalHotline, ...]:
    found = []
    for key, entry in (data.get("hotlines") or {}).items():
        if not isinstance(entry, Mapping) or "name" not in entry:
            raise ConfigurationError(
                f'{path.name} 的 hotlines.{key} 应写成 {{ name: 名称, number: "号码" }}。'
            )
        number = str(entry.get("number") or "").strip()
        if number and not re.fullmatch(r"\+?[\d-]{3,20}", number):
            raise ConfigurationError(f"{path.name} 的 hotlines.{key}.number 不像电话号码:{number}。")
        if number:
            found.append(LocalHotline(key, str(entry["name"]), number))
    return tuple(found)


def _links(data: Mapping[str, Any], path: Path) -> dict[str, str]:
    links = {key: str(value or "").strip() for key, value in (data.get("links") or {}).items()}
    for key, link in links.items():
        if key not in _LINKS:
            raise ConfigurationError(f"{path.name} 的 links 里没有 {key} 这一项,可用:{'、'.join(_LINKS)}。")
        if link and not link.startswith(("https://", "http://")):
            raise ConfigurationError(f"{path.name} 的 links.{key} 应以 https:// 开头。")
    return links
