"""One test for each call: path, parameters, body, and what is returned."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from connectors.wechat.client import WeChatClient
from connectors.wechat.errors import MediaTooLarge, WeChatError, WeChatUncertain

from .fake_wechat import Clock, FakeWeChat

Call = Callable[[WeChatClient], Awaitable[Any]]


@pytest.fixture
def wechat() -> FakeWeChat:
    return FakeWeChat()


@pytest.fixture
def client(wechat: FakeWeChat) -> WeChatClient:
    return wechat.client(Clock())


@pytest.mark.parametrize(
    ("path", "body", "call"),
    [
        ("message/custom/send", {"touser": "oA"}, lambda c: c.send_custom({"touser": "oA"})),
        ("message/custom/typing", {"touser": "oA", "command": "Typing"}, lambda c: c.typing("oA")),
        (
            "message/custom/typing",
            {"touser": "oA", "command": "CancelTyping"},
            lambda c: c.typing("oA", on=False),
        ),
        ("menu/create", {"button": []}, lambda c: c.create_menu({"button": []})),
        ("message/template/send", {"touser": "oA"}, lambda c: c.send_template({"touser": "oA"})),
        ("message/subscribe/bizsend", {"touser": "oA"}, lambda c: c.send_subscription({"touser": "oA"})),
        (
            "message/mass/sendall",
            {
                "filter": {"is_to_all": False, "tag_id": 2},
                "text": {"content": "预警"},
                "msgtype": "text",
                "clientmsgid": "alert-1",
            },
            lambda c: c.send_mass(2, "text", {"content": "预警"}, client_msg_id="alert-1"),
        ),
        (
            "message/mass/sendall",
            {"filter": {"is_to_all": True}, "mpnews": {"media_id": "m"}, "msgtype": "mpnews"},
            lambda c: c.send_mass(None, "mpnews", {"media_id": "m"}),
        ),
        (
            "qrcode/create",
            {
                "action_name": "QR_STR_SCENE",
                "expire_seconds": 600,
                "action_info": {"scene": {"scene_str": "s"}},
            },
            lambda c: c.create_qrcode("s", expire_seconds=600),
        ),
        (
            "qrcode/create",
            {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "s"}}},
            lambda c: c.create_qrcode("s"),
        ),
        ("clear_quota", {"appid": "wx1"}, lambda c: c.clear_quota("wx1")),
    ],
)
async def test_a_post_goes_to_its_path_with_its_body(
    wechat: FakeWeChat, client: WeChatClient, path: str, body: dict[str, Any], call: Call
) -> None:
    await call(client)

    (request,) = wechat.calls
    assert ("POST", f"/cgi-bin/{path}") == (request.method, request.url.path)
    assert [body] == wechat.bodies()


@pytest.mark.parametrize(
    ("path", "params", "call"),
    [
        ("menu/get", {}, lambda c: c.get_menu()),
        ("menu/delete", {}, lambda c: c.delete_menu()),
        ("get_current_selfmenu_info", {}, lambda c: c.current_selfmenu()),
        ("user/info", {"openid": "oA", "lang": "zh_CN"}, lambda c: c.user_info("oA")),
        ("getcallbackip", {}, lambda c: c.callback_ips()),
    ],
)
async def test_a_get_goes_to_its_path_with_its_parameters(
    wechat: FakeWeChat, client: WeChatClient, path: str, params: dict[str, str], call: Call
) -> None:
    await call(client)

    (request,) = wechat.calls
    assert ("GET", f"/cgi-bin/{path}") == (request.method, request.url.path)
    assert {"access_token": "tok-1"} | params == dict(request.url.params)


async def test_answers_are_handed_on(wechat: FakeWeChat, client: WeChatClient) -> None:
    wechat.answers = [
        {"errcode": 0, "msgid": 200228332},
        {"ip_list": ["1.2.3.4", "2001:db8::/32"]},
        {"ticket": "t", "url": "u"},
        {"subscribe": 1, "openid": "oA"},
    ]

    assert await client.send_template({}) == 200228332
    assert await client.callback_ips() == ["1.2.3.4", "2001:db8::/32"]
    assert await client.create_qrcode("s") == {"ticket": "t", "url": "u"}
    assert await client.user_info("oA") == {"subscribe": 1, "openid": "oA"}


@pytest.mark.parametrize("code", [45080, 45081])
async def test_typing_that_is_not_wanted_now_is_no_failure(
    wechat: FakeWeChat, client: WeChatClient, code: int
) -> None:
    wechat.answers = [{"errcode": code, "errmsg": "x"}]

    await client.typing("oA")


async def test_typing_without_the_right_is_a_failure(wechat: FakeWeChat, client: WeChatClient) -> None:
    wechat.answers = [{"errcode": 48001, "errmsg": "x"}]

    with pytest.raises(WeChatError):
        await client.typing("oA")


# --- media -----------------------------------------------------------------------------------------


async def test_an_upload_is_one_form_field_with_name_and_type(
    wechat: FakeWeChat, client: WeChatClient
) -> None:
    wechat.answers = [{"type": "image", "media_id": "m1", "created_at": 1}]

    assert await client.upload_media(b"\xff\xd8jpeg", "a.jpg", "image") == "m1"

    (request,) = wechat.calls
    assert {"access_token": "tok-1", "type": "image"} == dict(request.url.params)
    assert b'name="media"; filename="a.jpg"' in request.content
    assert b"Content-Type: image/jpeg" in request.content
    assert b"\xff\xd8jpeg" in request.content
    assert str(len(request.content)) == request.headers["content-length"]


async def test_an_upload_after_a_renewed_token_sends_the_whole_file_again(
    wechat: FakeWeChat, client: WeChatClient
) -> None:
    wechat.answers = [{"errcode": 42001, "errmsg": "x"}, {"media_id": "m1"}]

    await client.upload_media(b"x" * 100_000, "a.bin", "image")

    assert [True, True] == [b"x" * 100_000 in request.content for request in wechat.calls]


async def test_a_file_name_in_chinese_keeps_only_its_ending(wechat: FakeWeChat, client: WeChatClient) -> None:
    wechat.answers = [{"thumb_media_id": "t1"}]

    assert await client.upload_media(b"x", "隐患.jpg", "thumb") == "t1"
    assert b'filename="thumb.jpg"' in wechat.calls[0].content


async def test_an_upload_without_an_id_is_no_success(wechat: FakeWeChat, client: WeChatClient) -> None:
    with pytest.raises(WeChatUncertain, match="media_id"):
        await client.upload_media(b"x", "a.jpg", "image")


async def test_a_download_gives_bytes_and_type(wechat: FakeWeChat, client: WeChatClient) -> None:
    wechat.answers = [httpx.Response(200, content=b"\xff\xd8", headers={"content-type": "image/jpeg"})]

    assert await client.download_media("m1") == (b"\xff\xd8", "image/jpeg")
    assert wechat.calls[0].url.params["media_id"] == "m1"


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b" \n"])
async def test_json_instead_of_a_file_is_the_error_it_says(
    wechat: FakeWeChat, client: WeChatClient, start: bytes
) -> None:
    content = start + b'{"errcode":40007,"errmsg":"invalid media_id"}'
    wechat.answers = [httpx.Response(200, content=content, headers={"content-type": "image/jpeg"})]

    with pytest.raises(WeChatError) as caught:
        await client.download_media("m1")

    assert caught.value.errcode == 40007


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200),
        httpx.Response(200, html="<p>"),
        httpx.Response(200, text="x"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"video_url": "ftp://x"}),
        httpx.Response(200, json={}),
        httpx.Response(502, content=b"x"),
    ],
)
async def test_what_is_no_file_is_no_success(
    wechat: FakeWeChat, client: WeChatClient, answer: httpx.Response
) -> None:
    wechat.answers = [answer]

    with pytest.raises(WeChatUncertain):
        await client.download_media("m1")


async def test_bytes_that_happen_to_be_json_are_a_file(wechat: FakeWeChat, client: WeChatClient) -> None:
    wechat.answers = [httpx.Response(200, content=b"12345", headers={"content-type": "audio/amr"})]

    assert await client.download_media("m1") == (b"12345", "audio/amr")


async def test_a_refused_token_is_renewed_for_a_download_too(
    wechat: FakeWeChat, client: WeChatClient
) -> None:
    wechat.valid = lambda token: token != "tok-1"
    wechat.answers = [httpx.Response(200, content=b"x", headers={"content-type": "image/png"})]

    assert await client.download_media("m1") == (b"x", "image/png")


async def test_a_video_is_fetched_from_the_address_wechat_gives_without_our_token(
    wechat: FakeWeChat, client: WeChatClient
) -> None:
    wechat.answers = [
        {"video_url": "https://video.test/v.mp4?k=1"},
        httpx.Response(200, content=b"mp4", headers={"content-type": "video/mp4"}),
    ]

    assert await client.download_media("m1") == (b"mp4", "video/mp4")
    assert str(wechat.calls[1].url) == "https://video.test/v.mp4?k=1"


async def test_a_file_above_the_limit_is_not_read_to_the_end(
    wechat: FakeWeChat, client: WeChatClient
) -> None:
    wechat.answers = [httpx.Response(200, content=b"x" * 101)]

    with pytest.raises(MediaTooLarge):
        await client.download_media("m1", limit=100)


def test_every_call_names_its_official_page() -> None:
    calls = [
        method
        for name, method in inspect.getmembers(WeChatClient, inspect.iscoroutinefunction)
        if name != "aclose"
    ]

    assert [] == [method.__name__ for method in calls if "/doc/service/api/" not in (method.__doc__ or "")]
