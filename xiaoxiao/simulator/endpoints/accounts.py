"""Followers, QR codes, the platform's addresses and call quotas."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from xiaoxiao.clock import CHINA
from xiaoxiao.simulator.endpoints.call import ApiError, Call, part, text

if TYPE_CHECKING:
    from xiaoxiao.simulator.platform import Platform

CLEARINGS_PER_MONTH = 10
LONGEST_SECONDS = 2_592_000

_SCENES = {
    "QR_SCENE": "scene_id",
    "QR_LIMIT_SCENE": "scene_id",
    "QR_STR_SCENE": "scene_str",
    "QR_LIMIT_STR_SCENE": "scene_str",
}


@dataclass
class QrCodes:
    scenes: dict[str, str] = field(default_factory=dict)  #: ticket → scene

    def add(self, scene: str) -> str:
        ticket = "gQ" + secrets.token_urlsafe(70)
        self.scenes[ticket] = scene
        return ticket

    def resolve(self, scene_or_ticket: str | None) -> tuple[str, str | None]:
        """(ticket, scene); a scene that has no code yet gets one."""
        if scene_or_ticket is None:
            return "", None
        if scene_or_ticket in self.scenes:
            return scene_or_ticket, self.scenes[scene_or_ticket]
        known = next((t for t, s in self.scenes.items() if s == scene_or_ticket), None)
        return known or self.add(scene_or_ticket), scene_or_ticket


def create_qrcode(platform: Platform, call: Call) -> dict[str, Any]:
    data = call.json()
    action = text(data, "action_name")
    if action not in _SCENES:
        raise ApiError(40029, "invalid action_name")
    scene = part(part(data, "action_info"), "scene").get(_SCENES[action])
    _check_scene(action, scene)
    ticket = platform.api.qrcodes.add(str(scene))
    answer: dict[str, Any] = {"ticket": ticket, "url": f"http://weixin.qq.com/q/{quote(ticket[:24])}"}
    if "LIMIT" not in action:
        answer["expire_seconds"] = min(int(data.get("expire_seconds", 60)), LONGEST_SECONDS)
    return answer


def _check_scene(action: str, scene: object) -> None:
    if _SCENES[action] == "scene_str":
        if not isinstance(scene, str) or not 1 <= len(scene) <= 64:
            raise ApiError(40053, "invalid action info")
        return
    most = 100_000 if "LIMIT" in action else 2**32 - 1
    if not isinstance(scene, int) or not 1 <= scene <= most:
        raise ApiError(40053, "invalid action info")


def user_info(platform: Platform, call: Call) -> dict[str, Any]:
    """No nickname and no picture: WeChat has not given them since 2021-12-27."""
    citizen = platform.citizens.get(call.query.get("openid", ""))
    if citizen is None:
        raise ApiError(40003, "invalid openid")
    if not citizen.following or citizen.followed_at is None:
        return {"subscribe": 0, "openid": citizen.openid, "tagid_list": []}
    return {
        "subscribe": 1,
        "openid": citizen.openid,
        "language": "zh_CN",
        "subscribe_time": int(citizen.followed_at.timestamp()),
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_SEARCH",
        "qr_scene": 0,
        "qr_scene_str": "",
    }


def addresses(platform: Platform, call: Call) -> dict[str, Any]:
    return {"ip_list": ["127.0.0.1"]}


def clear_quota(platform: Platform, call: Call) -> dict[str, Any]:
    if text(call.json(), "appid") != platform.account.app_id:
        raise ApiError(40013, "invalid appid")
    month = f"{platform.clock.now().astimezone(CHINA):%Y-%m}"
    if platform.api.clearings[month] >= CLEARINGS_PER_MONTH:
        raise ApiError(48006, "forbid to clear quota because of reaching the limit")
    platform.api.clearings[month] += 1
    platform.api.counts.clear()
    return {}
