"""menu/create, get, delete and what the console shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaoxiao.simulator.endpoints.call import ApiError, Call
from xiaoxiao.simulator.menu import MenuRefused

if TYPE_CHECKING:
    from xiaoxiao.simulator.platform import Platform


def create(platform: Platform, call: Call) -> dict[str, Any]:
    try:
        platform.menu.create(call.json().get("button"), menu_id=platform.number())
    except MenuRefused as exc:
        raise ApiError(exc.errcode, str(exc)) from exc
    platform.feed.publish("menu", data={"buttons": list(platform.menu.buttons)})
    return {}


def get(platform: Platform, call: Call) -> dict[str, Any]:
    if platform.menu.pushed is None:
        raise ApiError(46003, "menu no exist")
    return {"menu": {"button": list(platform.menu.pushed), "menuid": platform.menu.menu_id}}


def delete(platform: Platform, call: Call) -> dict[str, Any]:
    platform.menu.delete()
    platform.feed.publish("menu", data={"buttons": list(platform.menu.buttons)})
    return {}


def current(platform: Platform, call: Call) -> dict[str, Any]:
    """Also menus made in the console; sub_button is wrapped in a list here, unlike in menu/get."""
    buttons = [_console(button) for button in platform.menu.buttons]
    return {"is_menu_open": int(bool(buttons)), "selfmenu_info": {"button": buttons}}


def _console(button: Any) -> dict[str, Any]:
    subs = button.get("sub_button")
    return {**button, "sub_button": {"list": list(subs)}} if subs else dict(button)
