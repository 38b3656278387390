from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from connectors.wechat.body import MAX_BYTES
from connectors.wechat.errors import SignatureInvalid
from connectors.wechat.webhook import Account as Believed
from tests.acceptance.scripted_office import START, Office, says
from xiaoxiao.clock import SettableClock
from xiaoxiao.simulator import envelope, push
from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.store.memory import MemoryStore

NOW = int(START.timestamp())


@pytest.fixture
def office() -> Office:
    office = Office(MemoryStore(), SettableClock(START))
    office.engine.otherwise = says("嗯")
    return office


def sealed(said: str = "您好", *, at: int = NOW, **account: Any) -> tuple[dict[str, str], bytes]:
    fields = (("Content", said),)
    pushed = push.message("openid", "gh_0123456789ab", at=NOW, msg_id=1, kind="text", fields=fields)
    made = envelope.seal(Account(**account), pushed, timestamp=at, nonce="123456789")
    return dict(made.query), made.body


async def status(office: Office, query: Mapping[str, str], body: bytes) -> int:
    response = await office.application.webhook.post(query, body)
    if response.status != 200:
        assert ("", [], []) == (response.body, office.engine.turns, office.store.conversations())
    return response.status


@pytest.mark.parametrize("mode", list(Mode))
async def test_what_wechat_signed_is_answered_in_every_mode(office: Office, mode: Mode) -> None:
    assert 200 == await status(office, *sealed(mode=mode))
    assert 1 == len(office.engine.turns)


@pytest.mark.parametrize(
    "changes",
    [
        {"token": "another"},
        {"aes_key": "A" * 43},
        {"app_id": "wx0000000000000000"},
        {"at": NOW - 301},
        {"at": NOW + 301},
        {"mode": Mode.PLAIN, "token": "another"},
        {"mode": Mode.PLAIN, "at": NOW - 301},
    ],
)
async def test_a_stranger_gets_403(office: Office, changes: dict[str, Any]) -> None:
    assert 403 == await status(office, *sealed(**changes))


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
async def test_a_query_without_its_parts_gets_403(office: Office, name: str) -> None:
    query, body = sealed()
    del query[name]
    assert 403 == await status(office, query, body)


async def test_in_safe_mode_plain_text_gets_403() -> None:
    office = Office(MemoryStore(), SettableClock(START), WECHAT_MODE="safe")
    assert 403 == await status(office, *sealed(mode=Mode.PLAIN))


@pytest.mark.parametrize(
    "body", [b"", b"<xml>", b"<xml></xml>", b"hello", b"<xml><MsgType>text</MsgType></xml>"]
)
async def test_a_body_that_is_no_message_gets_400(office: Office, body: bytes) -> None:
    assert 400 == await status(office, sealed(mode=Mode.PLAIN)[0], body)


@pytest.mark.parametrize("body", [b"<xml><A>1</A></xml>", b"<xml><Encrypt></Encrypt><A>1</A></xml>"])
async def test_an_encrypted_push_without_its_text_gets_400(office: Office, body: bytes) -> None:
    assert 400 == await status(office, sealed()[0], body)


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.SAFE])
async def test_a_body_too_large_gets_413(office: Office, mode: Mode) -> None:
    assert 413 == await status(office, sealed(mode=mode)[0], b"<xml>" + b"a" * MAX_BYTES)


@pytest.mark.parametrize(("token", "expected"), [("xiaoxiao", (200, "123")), ("another", (403, ""))])
def test_the_handshake_gives_the_echo_to_wechat_only(
    office: Office, token: str, expected: tuple[int, str]
) -> None:
    query = envelope.echo(Account(token=token), timestamp=NOW, nonce="1", echostr="123")
    response = office.application.webhook.handshake(query)
    assert expected == (response.status, response.body)


def test_an_account_without_a_token_is_refused() -> None:
    with pytest.raises(SignatureInvalid):
        Believed(" ")


@pytest.mark.parametrize(("said", "expected"), [("您好", 500), ("家里煤气漏了,很大的味", 200)])
async def test_a_database_that_hangs_keeps_only_what_is_no_danger(
    office: Office, monkeypatch: pytest.MonkeyPatch, said: str, expected: int
) -> None:
    async def hang(_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(office.application.turns, "take", hang)
    office.application.webhook.deadline_seconds = 0.01
    assert expected == await status(office, *sealed(said))


@pytest.mark.parametrize(("arrives", "busy"), [(5, False), (10, True)])
async def test_only_the_last_delivery_says_busy_however_long_the_others_waited(
    monkeypatch: pytest.MonkeyPatch, arrives: int, busy: bool
) -> None:
    clock = SettableClock(START)
    office = Office(MemoryStore(), clock, right=False)
    webhook, held = office.application.webhook, office.engine.hold("慢")
    webhook.deadline_seconds, webhook.hold_seconds = 0.01, 0.02
    await webhook.post(*sealed("慢"))
    clock.advance(seconds=arrives)
    whole = webhook.turns.wait

    async def wait(message_id: int, *, seconds: float) -> bool:
        done = await whole(message_id, seconds=seconds)
        clock.advance(seconds=4.5)  # what the waiting takes with WeChat
        return done

    monkeypatch.setattr(webhook.turns, "wait", wait)
    response = await webhook.post(*sealed("慢"))
    assert busy is (response.body != "success")
    held.set()
    await office.settles()
