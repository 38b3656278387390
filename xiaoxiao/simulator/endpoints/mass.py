"""Mass messages (群发): to all or a tag, to a list, and the preview; MASSSENDJOBFINISH tells the outcome."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xiaoxiao.clock import CHINA
from xiaoxiao.simulator import push
from xiaoxiao.simulator.account import Kind
from xiaoxiao.simulator.bubbles import Side
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.endpoints.call import ApiError, Call, part, text
from xiaoxiao.simulator.endpoints.custom import content
from xiaoxiao.simulator.push import Field

if TYPE_CHECKING:
    from xiaoxiao.simulator.platform import Platform

PER_MONTH = 4  #: a service account reaches each follower four times a calendar month

_TYPES = frozenset({"text", "image", "voice", "mpnews", "wxcard"})


@dataclass
class MassMessages:
    received: Counter[tuple[str, str]] = field(default_factory=Counter)  #: (month, openid)
    days: Counter[str] = field(default_factory=Counter)  #: sendall calls of a subscription account
    clients: dict[str, int] = field(default_factory=dict)  #: clientmsgid → msg_id


def send_all(platform: Platform, call: Call) -> dict[str, Any]:
    data = call.json()
    chosen = part(data, "filter")
    followers = [c for c in platform.citizens.values() if c.following]
    if chosen.get("is_to_all") is not True:
        if not isinstance(chosen.get("tag_id"), int):
            raise ApiError(40152, "invalid tag_id")
        followers = []  # nobody is tagged here
    return _send(platform, data, followers)


def send(platform: Platform, call: Call) -> dict[str, Any]:
    if platform.account.kind is Kind.SUBSCRIPTION:
        raise ApiError(48001, "api unauthorized")
    data = call.json()
    openids = data.get("touser")
    if not isinstance(openids, list) or not 2 <= len(openids) <= 10_000:
        raise ApiError(40130, "invalid openid list size, at least two openid")
    if any(openid not in platform.citizens for openid in openids):
        raise ApiError(40003, "invalid openid")
    return _send(platform, data, [platform.citizens[o] for o in openids])


def preview(platform: Platform, call: Call) -> dict[str, Any]:
    data = call.json()
    citizen = platform.citizens.get(text(data, "touser"))
    if citizen is None or not citizen.following:
        raise ApiError(40003, "invalid openid")
    _show(platform, data, [citizen])
    return {"msg_id": platform.number()}


def _send(platform: Platform, data: dict[str, Any], citizens: list[Citizen]) -> dict[str, Any]:
    state = platform.api.mass
    client = text(data, "clientmsgid")
    if client and client in state.clients:
        raise ApiError(45065, "clientmsgid exist")
    _checked(platform, data)
    _count_day(platform)
    number = platform.number()
    if client:
        state.clients[client] = number
    reached = [c for c in citizens if c.following and _within_month(platform, c)]
    _show(platform, data, reached)
    _report(platform, number, total=len(citizens), sent=len(reached))
    return {"errmsg": "send job submission success", "msg_id": number, "msg_data_id": platform.number()}


def _checked(platform: Platform, data: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    kind = text(data, "msgtype")
    if kind not in _TYPES:
        raise ApiError(40008, "invalid message type")
    return kind, *content(platform, kind, data)


def _show(platform: Platform, data: dict[str, Any], citizens: list[Citizen]) -> None:
    kind, shown, extra = _checked(platform, data)
    for citizen in citizens:
        citizen.show(Side.ACCOUNT, kind, shown, extra, exchange=platform.api.exchange)


def _count_day(platform: Platform) -> None:
    if platform.account.kind is not Kind.SUBSCRIPTION:
        return
    today = platform.clock.now().astimezone(CHINA).date().isoformat()
    if platform.api.mass.days[today]:
        raise ApiError(45028, "has no masssend quota")
    platform.api.mass.days[today] += 1


def _within_month(platform: Platform, citizen: Citizen) -> bool:
    if platform.account.kind is Kind.SUBSCRIPTION:
        return True
    key = (f"{platform.clock.now().astimezone(CHINA):%Y-%m}", citizen.openid)
    platform.api.mass.received[key] += 1
    return platform.api.mass.received[key] <= PER_MONTH


def _report(platform: Platform, number: int, *, total: int, sent: int) -> None:
    fields: tuple[Field, ...] = (
        ("MsgID", number),
        ("Status", "send success"),
        ("TotalCount", total),
        ("FilterCount", total),
        ("SentCount", sent),
        ("ErrorCount", total - sent),
    )
    at, gh_id = int(platform.clock.now().timestamp()), platform.account.gh_id
    platform.spawn(
        platform.deliver(push.event("mphelper", gh_id, at=at, name="MASSSENDJOBFINISH", fields=fields))
    )
