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
            scenes = {str(scene): str(said) for scene, said in (data.get("scenes") or {}).items()}
        except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError) as problem:
            raise ConfigurationError(f"{path}:{problem}") from problem
        _check(columns, path)
        return cls(columns, scenes)

    def describe(self) -> list[dict[str, Any]]:
        """What connectors/wechat/menus.py makes menu/create's body from."""
        return [{"name": c.name, "entries": [_describe(e) for e in c.entries]} for c in self.columns]

    def clicked(self, key: str) -> str | None:
        """What a click on this key says; None for a key we don't know (an older menu still on a phone)."""
        return self._says.get(key)

    def scanned(self, scene: str) -> str | None:
        return self._scenes.get(scene)


def _check(columns: tuple[Column, ...], path: Path) -> None:
    """A tap must lead somewhere, and to one place only."""
    entries = [entry for column in columns for entry in column.entries]
    if wrong := [e.name for e in entries if bool(e.url) == bool(e.key) or (e.key and not e.say)]:
        raise ConfigurationError(f"{path}:{wrong[0]} 应有 key 和 say,或者只有 url。")
    keys = [e.key for e in entries if e.key]
    if twice := sorted({str(key) for key in keys if keys.count(key) > 1}):
        raise ConfigurationError(f"{path}:key {twice[0]} 用了两次。")


def _describe(entry: Entry) -> dict[str, Any]:
    if entry.url:
        return {"name": entry.name, "type": "view", "url": entry.url}
    return {"name": entry.name, "type": "click", "key": entry.key}
