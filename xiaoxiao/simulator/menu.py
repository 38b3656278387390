"""The menu at the bottom of the chat (自定义菜单): pushed by menu/create, or given at the start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Button = Mapping[str, Any]

#: type → the field it needs, and that field's limit in bytes
_NEEDS: dict[str, tuple[str, int]] = {
    "click": ("key", 128),
    "view": ("url", 1024),
    "miniprogram": ("pagepath", 1024),
    "scancode_push": ("key", 128),
    "scancode_waitmsg": ("key", 128),
    "pic_sysphoto": ("key", 128),
    "pic_photo_or_album": ("key", 128),
    "pic_weixin": ("key", 128),
    "location_select": ("key", 128),
    "media_id": ("media_id", 512),
    "article_id": ("article_id", 512),
    "article_view_limited": ("article_id", 512),
}
_WRONG_FIELD = {"key": 40019, "url": 40055, "media_id": 40007}


class MenuRefused(ValueError):
    """menu/create refuses this menu. `errcode` says why."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode = errcode


@dataclass
class Menu:
    fallback: Sequence[Button] = ()  #: shown while none was pushed
    pushed: Sequence[Button] | None = None
    menu_id: int = 0

    @property
    def buttons(self) -> Sequence[Button]:
        return self.fallback if self.pushed is None else self.pushed

    def entries(self) -> Iterator[Button]:
        """Those that can be clicked."""
        for button in self.buttons:
            yield from button.get("sub_button") or (button,)

    def create(self, buttons: object, *, menu_id: int) -> None:
        """Replace everything. Raises MenuRefused."""
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            raise MenuRefused(40016, "invalid button size")
        for button in buttons:
            _check_top(button)
        self.pushed, self.menu_id = buttons, menu_id

    def delete(self) -> None:
        self.pushed = None


def _check_top(button: object) -> None:
    if not isinstance(button, dict):
        raise MenuRefused(47001, "data format error")
    _check_name(button, 40018, "invalid button name size", 40)
    subs = button.get("sub_button") or []
    if not isinstance(subs, list) or len(subs) > 5:
        raise MenuRefused(40023, "invalid sub button size")
    if not subs:
        _check_entry(button)
    for sub in subs:
        if not isinstance(sub, dict):
            raise MenuRefused(47001, "data format error")
        _check_name(sub, 40025, "invalid sub button name size", 60)
        _check_entry(sub)


def _check_name(button: Mapping[str, Any], errcode: int, errmsg: str, limit: int) -> None:
    name = button.get("name")
    if not isinstance(name, str) or not name.strip() or len(name.encode()) > limit:
        raise MenuRefused(errcode, errmsg)


def _check_entry(button: Mapping[str, Any]) -> None:
    kind = button.get("type")
    if kind not in _NEEDS:
        raise MenuRefused(40017, "invalid button type")
    name, limit = _NEEDS[kind]
    value = button.get(name)
    if not isinstance(value, str) or not value or len(value.encode()) > limit:
        raise MenuRefused(_WRONG_FIELD.get(name, 40019), f"invalid button {name} size")
    if kind == "view" and not value.startswith(("http://", "https://")):
        raise MenuRefused(40055, "invalid button url domain")
