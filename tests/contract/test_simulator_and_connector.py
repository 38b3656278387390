"""The simulated platform and the connector were written apart: each reads what the other writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone

import httpx
import pytest

from xiaoxiao.clock import SettableClock
from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.simulator.citizen import Citizen
from xiaoxiao.simulator.deeds import Place
from xiaoxiao.simulator.dialog import Turn
from xiaoxiao.simulator.faults import Failure
from xiaoxiao.simulator.platform import Platform
from xiaoxiao.simulator.transport import SimulatedTransport
from xiaoxiao.simulator.webhook import InProcessWebhook, Response

crypto = pytest.importorskip("connectors.wechat.crypto")
from connectors.wechat import body as bodies  # noqa: E402
from connectors.wechat import client, custom_messages, errors, messages, replies, tokens  # noqa: E402

START = datetime(2026, 11, 24, 1, 30, tzinfo=timezone.utc)
MENU = [
    {"name": "常识", "type": "click", "key": "knowledge"},
    {"name": "扫码", "type": "scancode_waitmsg", "key": "scan"},
    {"name": "避难", "type": "location_select", "key": "shelter"},
]


class Server:
    """The account's server, made of the connector's protocol modules."""

    def __init__(self, account: Account, clock: SettableClock) -> None:
        self.account = account
        self.clock = clock
        self.received: list[messages.Message] = []
        self.crypter = crypto.Crypter(account.token, account.app_id, account.aes_key)

    async def __call__(self, query: Mapping[str, str], body: bytes) -> Response:
        encrypted = bodies.read_fields(body).get("Encrypt")
        crypto.verify(
            self.account.token,
            query["signature" if encrypted is None else "msg_signature"],
            query["timestamp"],
            query["nonce"],
            now=self.clock.now().timestamp(),
            freshness_seconds=300,
            encrypted=encrypted,
        )
        message = messages.parse(body if encrypted is None else self.crypter.decrypt(encrypted))
        self.received.append(message)
        reply = replies.TextReply(f"收到 {message.kind} ]]> <&>")
        plain = reply.render(message.openid, message.account, int(self.clock.now().timestamp()))
        if encrypted is None:
            return Response(200, plain.encode())
        return Response(200, self.crypter.encrypt(plain, timestamp=query["timestamp"], nonce="n").encode())


def build(mode: Mode = Mode.SAFE) -> tuple[Platform, Server, SettableClock]:
    clock = SettableClock(START)
    server = Server(Account(mode=mode), clock)
    return Platform(server.account, InProcessWebhook(server), clock=clock, menu=MENU), server, clock


ACTS: dict[str, Callable[[Citizen], Turn]] = {
    "text": lambda c: c.says("着火了 ]]> 😀"),
    "voice": lambda c: c.speaks("漏水"),
    "image": lambda c: c.sends_photo(b"\xff\xd8\xff"),
    "video": lambda c: c.sends_video(b"mp4"),
    "location": lambda c: c.sends_location(31.2, 121.4, "家"),
    "link": lambda c: c.sends_link("题", "要", "https://example.org"),
    "file": lambda c: c.sends_file("a.pdf", b"pdf"),
    "click": lambda c: c.clicks("常识"),
    "scancode_waitmsg": lambda c: c.clicks("扫码", scanned="https://example.org"),
    "location_select": lambda c: c.clicks("避难", place=Place(31.2, 121.4, "家")),
    "subscribe": lambda c: c.follows("s"),
    "scan": lambda c: c.scans("s"),
}


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
async def test_every_act_is_understood_and_its_reply_shown(
    mode: Mode, act: Callable[[Citizen], Turn]
) -> None:
    platform, server, _ = build(mode)
    await act(platform.citizen("小王")).sees("]]> <&>")
    assert all(not isinstance(m, messages.UnknownMessage) for m in server.received)


async def test_a_quick_reply_of_the_connector_can_be_tapped() -> None:
    platform, server, _ = build()
    citizen = platform.citizen("小王")
    await citizen.says("选项")
    content = replies.quick_reply("A&B <一>", "地震+怎么躲?", "7")
    calls = connector_client(platform)
    await calls.send_custom(custom_messages.text(citizen.openid, content))
    await citizen.taps("A&B <一>")
    assert ("地震+怎么躲?", "7") == (
        server.received[-1].fields["Content"],
        server.received[-1].fields["bizmsgmenuid"],
    )


def connector_client(platform: Platform) -> client.WeChatClient:
    def seconds() -> float:
        return platform.clock.now().timestamp()

    async def sleep(_: float) -> None:
        return None

    http = httpx.AsyncClient(transport=SimulatedTransport(platform.api))
    account = platform.account
    store = tokens.MemoryTokenStore(seconds)
    base = "https://api.weixin.qq.com"
    return client.WeChatClient(account.app_id, account.secret, base, store, http, seconds, sleep=sleep)


async def test_the_connectors_client_sends_uploads_and_makes_menus() -> None:
    platform, _, _ = build()
    citizen, calls = platform.citizen("小王"), connector_client(platform)
    await citizen.says("你好")
    await calls.typing(citizen.openid)
    media_id = await calls.upload_media(b"\xff\xd8\xff", "a.jpg", "image")
    assert (b"\xff\xd8\xff", "image/jpeg") == await calls.download_media(media_id)
    await calls.send_custom(custom_messages.image(citizen.openid, media_id))
    assert "image" == citizen.bubbles[-1].kind
    await calls.create_menu({"button": MENU[:1]})
    assert MENU[:1] == platform.menu.pushed


async def test_the_connectors_client_recovers_from_a_revoked_token() -> None:
    platform, _, _ = build()
    citizen, calls = platform.citizen("小王"), connector_client(platform)
    await citizen.says("你好")
    await calls.send_custom(custom_messages.text(citizen.openid, "一"))
    platform.api.tokens.revoke()
    await calls.send_custom(custom_messages.text(citizen.openid, "二"))
    assert "二" == citizen.bubbles[-1].text


async def test_the_connectors_client_names_the_quota_and_never_repeats_a_lost_message() -> None:
    platform, _, _ = build()
    citizen, calls = platform.citizen("小王"), connector_client(platform)
    await citizen.says("你好")
    await calls.send_custom(custom_messages.text(citizen.openid, "一"))
    platform.api.faults.fail(Failure.TIMEOUT, path="message/custom/send", takes_effect=True)
    with pytest.raises(errors.WeChatUncertain):
        await calls.send_custom(custom_messages.text(citizen.openid, "二"))
    assert ["一", "二"] == [b.text for b in citizen.bubbles][-2:]
    for _ in range(3):
        await calls.send_custom(custom_messages.text(citizen.openid, "三"))
    with pytest.raises(errors.WeChatError) as refused:
        await calls.send_custom(custom_messages.text(citizen.openid, "四"))
    assert 45047 == refused.value.errcode
