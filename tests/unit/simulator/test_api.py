"""Parameter checks, error codes and effects of the API, called over httpx."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.unit.simulator.conftest import Caller
from tests.unit.simulator.office import Office
from xiaoxiao.clock import SettableClock
from xiaoxiao.simulator.account import Kind
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.faults import Failure
from xiaoxiao.simulator.platform import Platform

Build = Callable[..., tuple[Platform, Office]]
SEND = "message/custom/send"


async def greeted(build: Build, **account: Any) -> tuple[Platform, Citizen, Caller]:
    platform, _ = build(**account)
    citizen = platform.citizen("小王")
    await citizen.says("你好")
    return platform, citizen, Caller(platform)


def message(citizen: Citizen, kind: str, body: Any) -> dict[str, Any]:
    return {"touser": citizen.openid, "msgtype": kind, kind: body}


@pytest.mark.parametrize(
    ("kind", "body", "errcode"),
    [
        ("text", {"content": ""}, 44004),
        ("text", {"content": "水" * 683}, 45002),
        ("text", {"content": "水" * 682}, 0),
        ("text", "您好", 47001),
        ("image", {"media_id": "unknown"}, 40007),
        ("video", {}, 40007),
        ("music", {"thumb_media_id": "unknown"}, 40007),
        ("news", {"articles": []}, 45008),
        ("news", {"articles": [{"title": "1"}, {"title": "2"}]}, 45008),
        ("news", {"articles": [{"title": "1", "url": "https://example.org"}]}, 0),
        ("msgmenu", {"head_content": "?", "list": []}, 47001),
        ("msgmenu", {"head_content": "?", "list": [{"id": 1, "content": "是"}]}, 0),
        ("mpnewsarticle", {}, 40007),
        ("miniprogrampage", {"title": "t"}, 40035),
        ("wxcard", {}, 40035),
        ("hologram", {}, 40008),
    ],
)
async def test_customer_service_messages_are_checked(
    build: Build, kind: str, body: Any, errcode: int
) -> None:
    _, citizen, caller = await greeted(build)
    assert errcode == (await caller.post(SEND, message(citizen, kind, body)))["errcode"]
    assert (errcode == 0) == (citizen.bubbles[-1].kind == kind and len(citizen.bubbles) == 3)


async def test_a_refused_message_costs_no_quota(build: Build) -> None:
    _, citizen, caller = await greeted(build)
    for _ in range(6):
        await caller.post(SEND, message(citizen, "text", {"content": ""}))
    assert 0 == await caller.says(citizen)


async def test_an_unknown_openid_is_refused(build: Build) -> None:
    platform, _ = build()
    body = {"touser": "o" * 28, "msgtype": "text", "text": {"content": "x"}}
    assert 40003 == (await Caller(platform).post(SEND, body))["errcode"]


async def test_an_account_without_the_right_may_not_send(build: Build) -> None:
    _, citizen, caller = await greeted(build, customer_service=False)
    assert 48001 == await caller.says(citizen)
    typing = {"touser": citizen.openid, "command": "Typing"}
    assert 48001 == (await caller.post("message/custom/typing", typing))["errcode"]


@pytest.mark.parametrize("kind", [Kind.SUBSCRIPTION, Kind.TEST])
async def test_menu_messages_are_for_service_accounts(build: Build, kind: Kind) -> None:
    _, citizen, caller = await greeted(build, kind=kind)
    body = message(citizen, "msgmenu", {"list": [{"id": 1, "content": "是"}]})
    assert 40200 == (await caller.post(SEND, body))["errcode"]


async def test_an_entry_of_a_menu_message_can_be_tapped(build: Build) -> None:
    platform, citizen, caller = await greeted(build)
    await caller.post(SEND, message(citizen, "msgmenu", {"list": [{"id": "101", "content": "满意"}]}))
    await citizen.taps("满意").sees("满意")
    assert "<bizmsgmenuid>101</bizmsgmenuid>" in platform.trace.pushes(citizen.openid)[-1].plain


async def test_the_typing_sign_has_its_rules(build: Build, clock: SettableClock) -> None:
    _, citizen, caller = await greeted(build)

    async def typing(command: str) -> int:
        body = {"touser": citizen.openid, "command": command}
        return int((await caller.post("message/custom/typing", body))["errcode"])

    assert [45072, 0, 45081, 0, 0] == [
        await typing(c) for c in ("Dancing", "Typing", "Typing", "CancelTyping", "Typing")
    ]
    await caller.says(citizen)
    assert citizen.typing_until is None
    clock.advance(seconds=31)
    assert 45080 == await typing("Typing")


async def test_escaped_characters_are_refused_and_raw_ones_accepted(build: Build) -> None:
    _, citizen, caller = await greeted(build)
    body = f'{{"touser":"{citizen.openid}","msgtype":"text","text":{{"content":"\\u4f60"}}}}'
    params = {"access_token": caller.token}
    answer = await caller.http.post(SEND, params=params, content=body)
    assert 40033 == answer.json()["errcode"]
    answer = await caller.http.post(SEND, params=params, content=body.replace("\\u4f60", r"a\\u0041"))
    assert (0, r"a\u0041") == (answer.json()["errcode"], citizen.bubbles[-1].text)


@pytest.mark.parametrize(("content", "errcode"), [(b"", 44002), (b"{", 47001), (b"[]", 47001)])
async def test_a_body_that_is_no_object_is_refused(build: Build, content: bytes, errcode: int) -> None:
    caller = Caller(build()[0])
    answer = await caller.http.post(SEND, params={"access_token": caller.token}, content=content)
    assert (200, errcode) == (answer.status_code, answer.json()["errcode"])


async def test_method_and_path_are_checked_and_errors_end_with_a_rid(build: Build) -> None:
    caller = Caller(build()[0])
    assert 43002 == (await caller.get(SEND))["errcode"]
    assert 43001 == (await caller.post("menu/get", {}))["errcode"]
    answer = await caller.get("no/such/thing")
    assert 40066 == answer["errcode"]
    assert " rid: " in answer["errmsg"]


async def test_media_live_three_days(build: Build, clock: SettableClock) -> None:
    _, citizen, caller = await greeted(build)
    params = {"access_token": caller.token, "type": "image"}
    files = {"media": ("a.jpg", b"\xff\xd8\xff\r\n--x\r\n", "image/jpeg")}
    uploaded = (await caller.http.post("media/upload", params=params, files=files)).json()
    body = message(citizen, "image", {"media_id": uploaded["media_id"]})
    assert 0 == (await caller.post(SEND, body))["errcode"]
    query = {"access_token": caller.token, "media_id": uploaded["media_id"]}
    loaded = await caller.http.get("media/get", params=query)
    assert (b"\xff\xd8\xff\r\n--x\r\n", "image/jpeg") == (loaded.content, loaded.headers["content-type"])
    clock.advance(days=3)
    caller = Caller(caller.platform)
    assert 40007 == (await caller.get("media/get", media_id=uploaded["media_id"]))["errcode"]
    assert 40007 == (await caller.post(SEND, body))["errcode"]


@pytest.mark.parametrize(
    ("kind", "content", "errcode"),
    [
        ("poster", b"x", 40004),
        ("image", b"", 41005),
        ("thumb", b"x" * 65_537, 40006),
        ("image", b"x" * 10_485_761, 40009),
    ],
)
async def test_uploads_are_checked(build: Build, kind: str, content: bytes, errcode: int) -> None:
    caller = Caller(build()[0])
    params = {"access_token": caller.token, "type": kind}
    answer = await caller.http.post("media/upload", params=params, files={"media": ("a", content)})
    assert errcode == answer.json()["errcode"]


async def test_a_menu_replaces_the_former_and_is_clickable(build: Build) -> None:
    platform, citizen, caller = await greeted(build)
    assert 46003 == (await caller.get("menu/get"))["errcode"]
    menu = {"button": [{"name": "求助", "type": "click", "key": "help"}]}
    assert 0 == (await caller.post("menu/create", menu))["errcode"]
    assert menu["button"] == (await caller.get("menu/get"))["menu"]["button"]
    await citizen.clicks("求助").sees("CLICK")
    shown = await caller.get("get_current_selfmenu_info")
    assert menu["button"] == shown["selfmenu_info"]["button"]
    await caller.get("menu/delete")
    assert "常识" == platform.menu.buttons[0]["name"]


CLICK = {"name": "a", "type": "click", "key": "k"}


@pytest.mark.parametrize(
    ("buttons", "errcode"),
    [
        ([], 40016),
        ([CLICK] * 4, 40016),
        ([{"name": "a", "sub_button": [CLICK] * 6}], 40023),
        ([{**CLICK, "name": ""}], 40018),
        ([{"name": "a", "sub_button": [{**CLICK, "name": "长" * 21}]}], 40025),
        ([{**CLICK, "type": "dance"}], 40017),
        ([{**CLICK, "key": "k" * 129}], 40019),
        ([{"name": "a", "type": "view", "url": "ftp://x"}], 40055),
        (["a"], 47001),
    ],
)
async def test_a_menu_against_the_rules_is_refused(build: Build, buttons: list[Any], errcode: int) -> None:
    platform, _ = build()
    assert errcode == (await Caller(platform).post("menu/create", {"button": buttons}))["errcode"]
    assert platform.menu.pushed is None


async def test_user_info_knows_followers_and_no_names(build: Build) -> None:
    _, citizen, caller = await greeted(build)
    info = await caller.get("user/info", openid=citizen.openid)
    assert 1 == info["subscribe"]
    assert "nickname" not in info
    await citizen.unfollows()
    assert 0 == (await caller.get("user/info", openid=citizen.openid))["subscribe"]


async def test_a_qr_code_brings_its_scene(build: Build) -> None:
    platform, citizen, caller = await greeted(build)
    scene = {"scene": {"scene_str": "shelter-3"}}
    made = await caller.post("qrcode/create", {"action_name": "QR_STR_SCENE", "action_info": scene})
    await citizen.scans(made["ticket"])
    assert "<EventKey><![CDATA[shelter-3]]></EventKey>" in platform.trace.pushes(citizen.openid)[-1].plain
    wrong = {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100_001}}}
    assert 40053 == (await caller.post("qrcode/create", wrong))["errcode"]


async def test_the_daily_limit_ends_with_the_day_or_with_clear_quota(
    build: Build, clock: SettableClock
) -> None:
    platform, citizen, caller = await greeted(build)
    platform.api.limits[SEND] = 1
    assert [0, 45009] == [await caller.says(citizen) for _ in range(2)]
    cleared = [
        (await caller.post("clear_quota", {"appid": platform.account.app_id}))["errcode"] for _ in range(11)
    ]
    assert [0] * 10 + [48006] == cleared
    assert [0, 45009] == [await caller.says(citizen) for _ in range(2)]
    clock.advance(hours=24)
    assert 0 == await Caller(platform).says(citizen)


async def test_ordered_faults_happen_once_each_and_only_where_told(build: Build) -> None:
    platform, citizen, caller = await greeted(build)
    platform.api.faults.refuse(-1, times=2, path=SEND)
    assert "ip_list" in await caller.get("getcallbackip")
    assert [-1, -1, 0] == [await caller.says(citizen) for _ in range(3)]
    platform.api.faults.fail(Failure.HTML)
    answer = await caller.http.get("getcallbackip", params={"access_token": caller.token})
    assert (200, "text/html") == (answer.status_code, answer.headers["content-type"])


@pytest.mark.parametrize(
    ("failure", "error"), [(Failure.TIMEOUT, httpx.ReadTimeout), (Failure.DROP, httpx.RemoteProtocolError)]
)
@pytest.mark.parametrize("takes_effect", [True, False])
async def test_a_lost_answer_may_or_may_not_have_taken_effect(
    build: Build, failure: Failure, error: type[Exception], takes_effect: bool
) -> None:
    platform, citizen, caller = await greeted(build)
    platform.api.faults.fail(failure, path=SEND, takes_effect=takes_effect)
    with pytest.raises(error):
        await caller.says(citizen, "送到了吗")
    assert takes_effect == (citizen.bubbles[-1].text == "送到了吗")


async def test_latency_is_waited_by_the_given_sleep(build: Build, pauses: list[float]) -> None:
    platform, _ = build()
    platform.api.faults.latency_seconds = 3.0
    await Caller(platform).get("getcallbackip")
    assert [3.0] == pauses


async def test_calls_about_a_citizen_are_in_her_trace(build: Build) -> None:
    platform, citizen, caller = await greeted(build)
    await caller.says(citizen, "您好")
    call = platform.trace.calls(citizen.openid, SEND)[0]
    assert (200, citizen.bubbles[-1].exchange) == (call.status, call.id)
    assert "您好" in call.sent
    assert timedelta(0) == platform.clock.now() - call.at
