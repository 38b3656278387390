"""The menu below the chat: from a description to the body of menu/create, checked before WeChat refuses it.

Source: 自定义菜单创建接口 (/doc/service/api/custommenu/api_createcustommenu). Sizes count bytes of UTF-8: a
Chinese character has three. Sentences are Chinese because whoever edits the menu reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

TOP_LIMIT = 3  #: columns
SUB_LIMIT = 5  #: entries of a column
#: bytes; the pages of different years disagree about names, these are the present page's
LIMITS = {"name": 16, "sub_name": 60, "key": 128, "url": 1024}

#: fields each type must have
TYPES: dict[str, tuple[str, ...]] = {
    "click": ("key",),
    "view": ("url",),
    "miniprogram": ("appid", "pagepath", "url"),
    "scancode_push": ("key",),
    "scancode_waitmsg": ("key",),
    "pic_sysphoto": ("key",),
    "pic_photo_or_album": ("key",),
    "pic_weixin": ("key",),
    "location_select": ("key",),
    "media_id": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
}

Entry = Mapping[str, Any]


class MenuInvalid(ValueError):
    """菜单不符合微信的规定。"""


def menu_body(columns: Sequence[Entry]) -> dict[str, Any]:
    """The body of menu/create; MenuInvalid with a sentence that names the entry.

    A column is either an entry itself (`name`, `type` and what the type needs) or `name` and `entries`.
    """
    if not 1 <= len(columns) <= TOP_LIMIT:
        raise MenuInvalid(f"菜单有 {len(columns)} 列,应为 1 到 {TOP_LIMIT} 列。")
    return {"button": [_column(column) for column in columns]}


def _column(column: Entry) -> dict[str, Any]:
    if "entries" not in column:
        return _button(column, "name")
    name = _name(column, "name")
    entries = column["entries"]
    if "type" in column:
        raise MenuInvalid(f"菜单「{name}」下面有子菜单,自己就不能再有 type。")
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not 1 <= len(entries) <= SUB_LIMIT:
        raise MenuInvalid(f"菜单「{name}」应有 1 到 {SUB_LIMIT} 个子菜单。")
    return {"name": name, "sub_button": [_button(entry, "sub_name") for entry in entries]}


def _button(entry: Entry, name_limit: str) -> dict[str, Any]:
    name = _name(entry, name_limit)
    kind = entry.get("type")
    if kind not in TYPES:
        raise MenuInvalid(f"菜单「{name}」的 type「{kind}」不认识,可用:{'、'.join(TYPES)}。")
    surplus = set(entry) - {"name", "type", *TYPES[kind]}
    if surplus:
        raise MenuInvalid(f"菜单「{name}」的类型 {kind} 用不上:{'、'.join(sorted(map(str, surplus)))}。")
    return {"type": kind, "name": name} | {field: _field(entry, name, field) for field in TYPES[kind]}


def _name(entry: Entry, limit: str) -> str:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    if not isinstance(name, str) or not name.strip():
        raise MenuInvalid("有一个菜单没有 name(名称)。")
    return _within(name.strip(), name, "名称", LIMITS[limit])


def _field(entry: Entry, name: str, field: str) -> str:
    value = entry.get(field)
    if not isinstance(value, str) or not value.strip():
        raise MenuInvalid(f"菜单「{name}」缺少 {field}。")
    value = value.strip()
    if field == "url" and not value.startswith(("https://", "http://")):
        raise MenuInvalid(f"菜单「{name}」的 url 应以 https:// 或 http:// 开头。")
    return _within(value, name, field, LIMITS.get(field, LIMITS["url"]))


def _within(value: str, name: str, what: str, limit: int) -> str:
    size = len(value.encode("utf-8", "replace"))
    if size > limit:
        raise MenuInvalid(f"菜单「{name}」的{what}有 {size} 字节,上限 {limit} 字节(一个汉字 3 字节)。")
    return value
