"""The account's menu and QR scenes: which key means what (menu.yml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from xiaoxiao.errors import ConfigurationError


@dataclass(frozen=True)
class Entry:
    name: str
    key: str = ""  #: for click entries
    say: str = ""  #: what a click says in the citizen's place: an intent ("/help") or a sentence
    url: str = ""  #: for view entries


@dataclass(frozen=True)
class Column:
    name: str
    entries: tuple[Entry, ...]


class Menu:
    """Keys and scenes are an allow-list: only what stands here becomes an intent."""

    def __init__(self, columns: tuple[Column, ...], scenes: Mapping[str, str]) -> None:
        self.columns = columns
        self._scenes = dict(scenes)
        self._says = {e.key: e.say for column in columns for e in column.entries if e.key}

    @classmethod
    def load(cls, path: Path) -> Menu:
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
            columns = tuple(
                Column(c["name"], tuple(Entry(**entry) for entry in c["entries"])) for c in data["columns"]
            )
        except (OSError, yaml.YAMLError, KeyError, TypeError) as problem:
            raise ConfigurationError(f"{path}:{problem}") from problem
        return cls(columns, data.get("scenes") or {})

    def describe(self) -> list[dict[str, Any]]:
        """What connectors/wechat/menus.py makes menu/create's body from."""
        return [{"name": c.name, "entries": [_describe(e) for e in c.entries]} for c in self.columns]

    def clicked(self, key: str) -> str | None:
        """What a click on this key says; None for a key we don't know (an older menu still on a phone)."""
        return self._says.get(key)

    def scanned(self, scene: str) -> str | None:
        return self._scenes.get(scene)


def _describe(entry: Entry) -> dict[str, Any]:
    if entry.url:
        return {"name": entry.name, "type": "view", "url": entry.url}
    return {"name": entry.name, "type": "click", "key": entry.key}
