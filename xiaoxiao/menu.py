"""The account's menu and QR scenes: which key means what (menu.yml)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.normal_form import normalise

_BEFORE = re.compile(
    r"^(?:[你您]好|请问|麻烦|请|我|想|要(?!闻)|帮|给|看看|看?一下|看|查查|查询|查|了解)+(?=.{2})"
)
_AFTER = re.compile(r"(?:吗|嘛|呢|吧|啊|呀|呗|谢谢)+$")


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

    def __init__(
        self,
        columns: tuple[Column, ...],
        scenes: Mapping[str, str],
        words: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`words`: by what they say, texts that are typed instead of a tap."""
        self.columns = columns
        self._typed = {_core(text): says for says, texts in (words or {}).items() for text in texts}
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
            words = {str(says): tuple(map(str, texts)) for says, texts in (data.get("words") or {}).items()}
        except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError) as problem:
            raise ConfigurationError(f"{path}:{problem}") from problem
        _check(columns, path)
        _check_words(words, path)
        return cls(columns, scenes, words)

    def describe(self) -> list[dict[str, Any]]:
        """What connectors/wechat/menus.py makes menu/create's body from."""
        return [{"name": c.name, "entries": [_describe(e) for e in c.entries]} for c in self.columns]

    def clicked(self, key: str) -> str | None:
        """What a click on this key says; None for a key we don't know (an older menu still on a phone)."""
        return self._says.get(key)

    def typed(self, text: str) -> str | None:
        """What a text says that is one of the words, give or take a particle; None for any other."""
        return self._typed.get(_core(text))

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


def _check_words(words: Mapping[str, Sequence[str]], path: Path) -> None:
    if wrong := [says for says in words if not says.startswith("/")]:
        raise ConfigurationError(f"{path}:words 里的 {wrong[0]} 应以 / 开头。")
    cores = [_core(text) for texts in words.values() for text in texts]
    if "" in cores or len(set(cores)) < len(cores):
        twice = next((core for core in cores if not core or cores.count(core) > 1), "")
        raise ConfigurationError(f"{path}:words 里「{twice}」写了两次,或是空的。")


def _core(text: str) -> str:
    """Without punctuation and what comes before and after: 我想看最新要闻吗? → 最新要闻."""
    said = re.sub(r"[\W_]+", "", normalise(text).text)
    return _BEFORE.sub("", _AFTER.sub("", said))


def _describe(entry: Entry) -> dict[str, Any]:
    if entry.url:
        return {"name": entry.name, "type": "view", "url": entry.url}
    return {"name": entry.name, "type": "click", "key": entry.key}
