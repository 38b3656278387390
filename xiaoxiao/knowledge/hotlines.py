"""The hotline table: the only place from which 小小 takes a number. data/hotlines.csv + this city's own."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.persona import Persona

_COLUMNS = ("key", "number", "name", "purpose", "available", "callable", "checked_on", "note")
_CALLABLE = ("yes", "no", "sms", "local")


@dataclass(frozen=True)
class Hotline:
    key: str
    number: str  #: "" when this city has none
    name: str
    purpose: str
    available: str  #: opening hours in words, "" when they differ or are unknown
    callable: str  #: yes | no (only sends messages) | sms (takes messages) | local (exists per city)
    checked_on: str  #: ISO date of the last check
    note: str

    @property
    def shown(self) -> bool:
        """May be offered to a citizen as a number to call or write to."""
        return bool(self.number) and self.callable != "no"


class Hotlines(Mapping[str, Hotline]):
    def __init__(self, hotlines: Mapping[str, Hotline]) -> None:
        self._hotlines = dict(hotlines)

    def __getitem__(self, key: str) -> Hotline:
        return self._hotlines[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._hotlines)

    def __len__(self) -> int:
        return len(self._hotlines)

    def resolve(self, keys: tuple[str, ...]) -> list[Hotline]:
        """Those that have a number here, in the given order. An unknown key is left out, as is a number-less one."""
        return [self[key] for key in keys if key in self and self[key].shown]

    def numbers(self) -> set[str]:
        return {h.number for h in self.values() if h.number} | {key for key in self if key.isdigit()}


def load_hotlines(path: Path, persona: Persona | None = None) -> Hotlines:
    """Read the national table and lay the city's own numbers over it. Raises ConfigurationError."""
    hotlines = {h.key: h for h in _rows(path)}
    for own in persona.hotlines if persona else ():
        known = hotlines.get(own.key) or Hotline(own.key, "", own.name, own.name, "", "local", "", "")
        hotlines[own.key] = replace(known, number=own.number, name=own.name)
    return Hotlines(hotlines)


def _rows(path: Path) -> Iterator[Hotline]:
    if not path.is_file():
        raise ConfigurationError(f"找不到热线表 {path}。")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise ConfigurationError(f"{path.name} 的表头应为:{','.join(_COLUMNS)}。")
        for number, row in enumerate(reader, 2):
            if None in row or None in row.values() or not row["key"] or row["callable"] not in _CALLABLE:
                columns = f"应有 {len(_COLUMNS)} 列,callable 为 {'、'.join(_CALLABLE)} 之一"
                raise ConfigurationError(f"{path.name} 第 {number} 行不对:{columns}。")
            yield Hotline(**row)
