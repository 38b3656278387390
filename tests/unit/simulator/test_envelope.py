from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.simulator import envelope
from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.simulator.envelope import EnvelopeError
from xiaoxiao.simulator.push import message

ACCOUNT = Account()
PUSH = message(
    "o" * 28, ACCOUNT.gh_id, at=1_700_000_000, msg_id=42, kind="text", fields=[("Content", "着火了")]
)
PLAIN = (
    "<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>\n"
    "<FromUserName><![CDATA[oooooooooooooooooooooooooooo]]></FromUserName>\n"
    "<CreateTime>1700000000</CreateTime>\n"
    "<MsgType><![CDATA[text]]></MsgType>\n"
    "<Content><![CDATA[着火了]]></Content>\n"
    "<MsgId>42</MsgId>\n</xml>"
).encode()


def test_the_signature_is_the_one_of_the_official_example() -> None:
    assert envelope.sign("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


@given(st.binary(max_size=200))
def test_decrypting_undoes_encrypting(content: bytes) -> None:
    assert envelope.decrypt(ACCOUNT, envelope.encrypt(ACCOUNT, content)) == content


def test_plain_mode_posts_the_bytes_seen_on_the_wire() -> None:
    sealed = envelope.seal(replace(ACCOUNT, mode=Mode.PLAIN), PUSH, timestamp=1_700_000_000, nonce="7")
    assert sealed.body == PLAIN
    assert list(sealed.query) == ["signature", "timestamp", "nonce", "openid"]


def test_safe_mode_shows_the_receiver_and_nothing_else() -> None:
    sealed = envelope.seal(ACCOUNT, PUSH, timestamp=1_700_000_000, nonce="7")
    start = b"<xml>\n    <ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>\n    <Encrypt><![CDATA["
    assert sealed.body.startswith(start)
    assert sealed.body.endswith(b"]]></Encrypt>\n</xml>\n")
    assert list(sealed.query)[3:] == ["openid", "encrypt_type", "msg_signature"]


def test_compatible_mode_shows_the_fields_beside_the_ciphertext() -> None:
    sealed = envelope.seal(replace(ACCOUNT, mode=Mode.COMPATIBLE), PUSH, timestamp=1_700_000_000, nonce="7")
    assert "    <Content><![CDATA[着火了]]></Content>\n".encode() in sealed.body
    assert b"    <Encrypt>" in sealed.body


def test_another_implementation_reads_what_the_platform_sends() -> None:
    sealed = envelope.seal(ACCOUNT, PUSH, timestamp=1_700_000_000, nonce="7")
    reader = WeChatCrypto(ACCOUNT.token, ACCOUNT.aes_key, ACCOUNT.app_id)
    query = sealed.query
    read = reader.decrypt_message(sealed.body, query["msg_signature"], query["timestamp"], query["nonce"])
    assert read == PLAIN.decode()


def test_the_platform_reads_what_another_implementation_answers() -> None:
    writer = WeChatCrypto(ACCOUNT.token, ACCOUNT.aes_key, ACCOUNT.app_id)
    assert (
        envelope.unseal(ACCOUNT, writer.encrypt_message("<xml>好</xml>", "7").encode())
        == "<xml>好</xml>".encode()
    )


def test_a_reply_in_clear_is_refused_in_safe_mode() -> None:
    with pytest.raises(EnvelopeError, match="没有加密"):
        envelope.unseal(ACCOUNT, b"<xml><MsgType>text</MsgType></xml>")


@pytest.mark.parametrize("field", ["Encrypt", "MsgSignature", "TimeStamp", "Nonce"])
def test_a_reply_altered_anywhere_is_refused(field: str) -> None:
    writer = WeChatCrypto(ACCOUNT.token, ACCOUNT.aes_key, ACCOUNT.app_id)
    body = writer.encrypt_message("<xml/>", "7", "1700000000")
    root = envelope.parse(body.encode())
    value = root.findtext(field) or ""
    with pytest.raises(EnvelopeError):
        envelope.unseal(ACCOUNT, body.replace(value, "A" + value[1:] + "1", 1).encode())


def test_the_ciphertext_of_another_account_is_refused() -> None:
    other = envelope.encrypt(replace(ACCOUNT, app_id="wxffffffffffffffff"), b"<xml/>")
    with pytest.raises(EnvelopeError, match="AppID"):
        envelope.decrypt(ACCOUNT, other)


def test_a_doctype_is_refused() -> None:
    with pytest.raises(EnvelopeError):
        envelope.parse(b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>')


@pytest.mark.parametrize("wrong", [{"token": "x"}, {"aes_key": "short"}])
def test_an_account_with_impossible_keys_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        Account(**wrong)
