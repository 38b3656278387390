"""Template messages, subscription notices and mass messages, with the events that report on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.simulator.conftest import Caller
from tests.unit.simulator.office import Office
from xiaoxiao.clock import SettableClock
from xiaoxiao.simulator.account import Kind
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.platform import Platform

Build = Callable[..., tuple[Platform, Office]]
DATA = {"kind": {"value": "暴雨"}, "level": {"value": "红色"}}


def prepared(build: Build, **account: Any) -> tuple[Platform, Office, Citizen, Caller]:
    platform, office = build(**account)
    platform.api.templates.add("T1", "预警通知", "类型:{{kind.DATA}}\n级别:{{level.DATA}}")
    return platform, office, platform.citizen("小王"), Caller(platform)


async def template(caller: Caller, citizen: Citizen, **changes: Any) -> dict[str, Any]:
    body = {"touser": citizen.openid, "template_id": "T1", "data": DATA, **changes}
    return await caller.post("message/template/send", body)


async def test_a_template_message_is_filled_in_and_reported(build: Build) -> None:
    platform, office, citizen, caller = prepared(build)
    answer = await template(caller, citizen)
    assert "预警通知\n类型:暴雨\n级别:红色" == citizen.bubbles[-1].text
    await platform.settle()
    report = office.received[-1]
    assert ("TEMPLATESENDJOBFINISH", "success", str(answer["msgid"])) == (
        report["Event"],
        report["Status"],
        report["MsgID"],
    )
    assert 1 == len(citizen.bubbles)  # the office's answer to the report is not shown


async def test_the_same_client_msg_id_is_not_shown_twice(build: Build, clock: SettableClock) -> None:
    _, _, citizen, caller = prepared(build)
    first, second = [await template(caller, citizen, client_msg_id="a") for _ in range(2)]
    assert (first["msgid"], 1) == (second["msgid"], len(citizen.bubbles))
    clock.advance(minutes=10)
    await template(caller, citizen, client_msg_id="a")
    assert 2 == len(citizen.bubbles)


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"template_id": "T9"}, 40037),
        ({"data": {"kind": {"value": "暴雨"}}}, 47003),
        ({"touser": "o"}, 40003),
    ],
)
async def test_template_messages_are_checked(build: Build, change: dict[str, Any], errcode: int) -> None:
    _, _, citizen, caller = prepared(build)
    assert errcode == (await template(caller, citizen, **change))["errcode"]


async def test_template_messages_are_not_for_subscription_accounts(build: Build) -> None:
    _, _, citizen, caller = prepared(build, kind=Kind.SUBSCRIPTION)
    assert 48001 == (await template(caller, citizen))["errcode"]


async def test_a_notice_needs_consent_which_is_used_up(build: Build) -> None:
    platform, office, citizen, caller = prepared(build)
    body = {"touser": citizen.openid, "template_id": "T1", "data": DATA}

    async def notify() -> int:
        return int((await caller.post("message/subscribe/bizsend", body)).get("errcode", 0))

    assert 43101 == await notify()
    await citizen.accepts("T1")
    assert [0, 43101] == [await notify(), await notify()]
    await citizen.accepts("T1", lasting=True)
    assert [0, 0] == [await notify(), await notify()]
    await platform.settle()
    assert 3 == [f["Event"] for f in office.received].count("subscribe_msg_sent_event")


def mass(**changes: Any) -> dict[str, Any]:
    return {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": "台风将至"}, **changes}


async def test_a_mass_message_reaches_all_followers_and_is_reported(build: Build) -> None:
    platform, office, citizen, caller = prepared(build)
    stranger = platform.citizen("路人", following=False)
    answer = await caller.post("message/mass/sendall", mass())
    assert ("台风将至", 0) == (citizen.bubbles[-1].text, len(stranger.bubbles))
    await platform.settle()
    report = office.received[-1]
    assert (str(answer["msg_id"]), "1", "1") == (report["MsgID"], report["TotalCount"], report["SentCount"])


async def test_a_subscription_account_may_send_to_all_once_a_day(build: Build, clock: SettableClock) -> None:
    _, _, _, caller = prepared(build, kind=Kind.SUBSCRIPTION)
    codes = [(await caller.post("message/mass/sendall", mass()))["errcode"] for _ in range(2)]
    assert [0, 45028] == codes
    clock.advance(days=1)
    assert 0 == (await Caller(caller.platform).post("message/mass/sendall", mass()))["errcode"]


async def test_a_service_account_reaches_each_follower_four_times_a_month(build: Build) -> None:
    _, _, citizen, caller = prepared(build)
    for _ in range(5):
        await caller.post("message/mass/sendall", mass())
    assert 4 == len(citizen.bubbles)


async def test_a_clientmsgid_works_once(build: Build) -> None:
    _, _, citizen, caller = prepared(build)
    codes = [(await caller.post("message/mass/sendall", mass(clientmsgid="a")))["errcode"] for _ in range(2)]
    assert ([0, 45065], 1) == (codes, len(citizen.bubbles))


async def test_a_list_needs_two_known_openids(build: Build) -> None:
    platform, _, citizen, caller = prepared(build)
    other = platform.citizen("小李")
    lists = [[citizen.openid], [citizen.openid, "o"], [citizen.openid, other.openid]]
    codes = [(await caller.post("message/mass/send", mass(touser=openids)))["errcode"] for openids in lists]
    assert ([40130, 40003, 0], 1, 1) == (codes, len(citizen.bubbles), len(other.bubbles))


async def test_the_preview_goes_to_one(build: Build) -> None:
    platform, _, citizen, caller = prepared(build)
    other = platform.citizen("小李")
    assert 0 == (await caller.post("message/mass/preview", mass(touser=citizen.openid)))["errcode"]
    assert (1, 0) == (len(citizen.bubbles), len(other.bubbles))
