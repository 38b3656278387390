"""Signatures and the AES envelope: official vectors, wechatpy as oracle, and what must be refused."""

from __future__ import annotations

import base64
import contextlib
import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from connectors.wechat.body import read_fields
from connectors.wechat.crypto import Crypter, Opened, _cipher, _decode_key, signature, strip_blanks, verify
from connectors.wechat.errors import CryptoError, SignatureInvalid

TOKEN, TIMESTAMP, NONCE = "AAAAA", "1714036504", "1514711492"
NOW = float(TIMESTAMP)
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OTHER_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcbA"
APP_ID = "wx0123456789abcdef"

# the example of the official page 消息推送
OFFICIAL_KEY, OFFICIAL_APP_ID = "A" * 43, "wxba5fad812f8e6fb9"
OFFICIAL_PUSH = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv"
    "6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNq"
    "J4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
OFFICIAL_REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def check(given_signature: str, **changed: object) -> None:
    values: dict[str, object] = {"timestamp": TIMESTAMP, "nonce": NONCE, "now": NOW, "freshness_seconds": 300}
    values |= changed
    verify(str(values.pop("token", TOKEN)), given_signature, **values)  # type: ignore[arg-type]


def crypter(key: str = KEY, previous: str | None = None, app_id: str = APP_ID) -> Crypter:
    return Crypter(TOKEN, app_id, key, previous)


# --- signature -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "parts"),
    [
        ("f464b24fc39322e44b38aa78f5edd27bd1441696", ("1714036504", "1514711492")),
        ("899cf89e464efb63f54ddac96b0a0a235f53aa78", ("1714037059", "486452656")),
        ("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", ("1714112445", "415670741", OFFICIAL_PUSH)),
        ("1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1", ("1713424427", "415670741", OFFICIAL_REPLY)),
    ],
)
def test_the_official_vectors_are_reproduced(expected: str, parts: tuple[str, ...]) -> None:
    assert expected == signature(TOKEN, *parts)


@given(
    st.from_regex(r"\A[A-Za-z0-9]{3,32}\Z"),
    st.from_regex(r"\A[0-9]{10}\Z"),
    st.from_regex(r"\A[0-9]{1,10}\Z"),
)
def test_wechatpy_accepts_our_signature(token: str, timestamp: str, nonce: str) -> None:
    check_signature(token, signature(token, timestamp, nonce), timestamp, nonce)


def test_a_genuine_signature_passes() -> None:
    check(signature(TOKEN, TIMESTAMP, NONCE))


def test_the_message_signature_covers_the_encrypted_text() -> None:
    genuine = signature(TOKEN, TIMESTAMP, NONCE, OFFICIAL_PUSH)

    check(genuine, encrypted=OFFICIAL_PUSH)
    with pytest.raises(SignatureInvalid):
        check(genuine, encrypted=OFFICIAL_PUSH[:-1])
    with pytest.raises(SignatureInvalid):
        check(signature(TOKEN, TIMESTAMP, NONCE), encrypted=OFFICIAL_PUSH)
    with pytest.raises(SignatureInvalid):
        check(signature(TOKEN, TIMESTAMP, NONCE), encrypted="")


@pytest.mark.parametrize(
    "changed",
    [
        {"token": "AAAAB"},
        {"token": ""},
        {"timestamp": "1714036505"},
        {"nonce": "1514711493"},
        {"nonce": ""},
        {"timestamp": ""},
        {"timestamp": "171403650"},
        {"timestamp": "17140365041"},
        {"timestamp": "1714036504\n"},
        {"timestamp": "１７１４０３６５０４"},
        {"timestamp": "-714036504"},
        {"now": NOW + 301},
        {"now": NOW - 301},
    ],
)
def test_anything_changed_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(SignatureInvalid):
        check(signature(TOKEN, TIMESTAMP, NONCE), **changed)


@pytest.mark.parametrize("age", [-300, 0, 300])
def test_the_window_is_inclusive(age: int) -> None:
    check(signature(TOKEN, TIMESTAMP, NONCE), now=NOW + age)


def test_digits_moved_from_the_nonce_to_the_timestamp_are_refused_although_the_hash_is_equal() -> None:
    genuine = signature("t", "1409735669", "1320562132")

    assert genuine == signature("t", "13205621321409735669", "")
    with pytest.raises(SignatureInvalid):
        check(genuine, token="t", timestamp="13205621321409735669", nonce="", now=1409735669)


def test_a_signature_without_a_nonce_is_refused_even_if_it_fits() -> None:
    with pytest.raises(SignatureInvalid, match="nonce"):
        check(signature(TOKEN, TIMESTAMP, ""), nonce="")


def test_an_empty_token_opens_for_nobody() -> None:
    with pytest.raises(SignatureInvalid, match="No Token"):
        check(signature("", TIMESTAMP, NONCE), token="")


@given(st.text())
def test_no_other_text_is_a_signature(forged: str) -> None:
    assume(forged != signature(TOKEN, TIMESTAMP, NONCE))
    with pytest.raises(SignatureInvalid):
        check(forged)


@given(st.text(), st.text())
def test_odd_timestamps_and_nonces_raise_nothing_else(timestamp: str, nonce: str) -> None:
    with pytest.raises(SignatureInvalid):
        check("0" * 40, timestamp=timestamp, nonce=nonce)


def test_the_error_names_no_token_and_no_whole_signature() -> None:
    with pytest.raises(SignatureInvalid) as caught:
        verify("SeCrEtToken", "0" * 40, TIMESTAMP, NONCE, now=NOW, freshness_seconds=300)

    assert "SeCrEtToken" not in str(caught.value)
    assert signature("SeCrEtToken", TIMESTAMP, NONCE) not in str(caught.value)


# --- encryption ------------------------------------------------------------------------------------


def test_the_official_push_is_opened() -> None:
    opened = Crypter(TOKEN, OFFICIAL_APP_ID, OFFICIAL_KEY).decrypt(OFFICIAL_PUSH)

    assert "debug_demo" == json.loads(opened)["Event"]


def test_the_official_reply_is_sealed_byte_for_byte() -> None:
    sealer = Crypter(TOKEN, OFFICIAL_APP_ID, OFFICIAL_KEY, random_bytes=lambda _: b"707722b803182950")

    fields = read_fields(
        sealer.encrypt('{"demo_resp":"good luck"}', timestamp="1713424427", nonce="415670741").encode()
    )

    assert {
        "Encrypt": OFFICIAL_REPLY,
        "MsgSignature": "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        "TimeStamp": "1713424427",
        "Nonce": "415670741",
    } == fields


@given(words)
def test_what_is_sealed_opens_again(message: str) -> None:
    assert message.encode() == crypter().decrypt(crypter().seal(message))


@given(words)
def test_wechatpy_opens_what_we_seal(message: str) -> None:
    envelope = crypter().encrypt(message, timestamp=TIMESTAMP, nonce=NONCE)
    fields = read_fields(envelope.encode())

    oracle = WeChatCrypto(TOKEN, KEY, APP_ID)
    assert message == oracle.decrypt_message(envelope, fields["MsgSignature"], TIMESTAMP, NONCE)


@given(words)
def test_we_open_what_wechatpy_seals(message: str) -> None:
    fields = read_fields(WeChatCrypto(TOKEN, KEY, APP_ID).encrypt_message(message, NONCE, TIMESTAMP).encode())

    check(fields["MsgSignature"], encrypted=fields["Encrypt"])
    assert message.encode() == crypter().decrypt(fields["Encrypt"])


@given(st.integers(0, 70))
def test_every_length_of_padding_is_right(length: int) -> None:
    sealed = crypter().seal("x" * length)

    assert 0 == len(base64.b64decode(sealed)) % 32
    assert b"x" * length == crypter().decrypt(sealed)


def test_the_length_counts_bytes_not_characters() -> None:
    assert "燃气泄漏".encode() == crypter().decrypt(crypter().seal("燃气泄漏"))


def test_two_sealings_of_one_message_differ() -> None:
    assert crypter().seal("x") != crypter().seal("x")


@pytest.mark.parametrize("around", [" {}\n", "\r\n{}", "\t{} "])
def test_blanks_around_the_encrypted_text_do_no_harm(around: str) -> None:
    sealed = crypter().seal("x")

    assert sealed == strip_blanks(around.format(sealed))
    assert b"x" == crypter().decrypt(around.format(sealed))


@given(words, st.data())
def test_an_altered_ciphertext_never_opens_as_something_else(message: str, data: st.DataObject) -> None:
    """CBC is malleable: the signature protects the message, decrypting only keeps to one kind of error."""
    blob = bytearray(base64.b64decode(crypter().seal(message)))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= data.draw(st.integers(1, 255))
    altered = base64.b64encode(bytes(blob)).decode()
    genuine = signature(TOKEN, TIMESTAMP, NONCE, crypter().seal(message))

    with pytest.raises(SignatureInvalid):
        check(genuine, encrypted=altered)
    with contextlib.suppress(CryptoError):
        crypter().decrypt(altered)


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_a_crypto_error(blob: bytes) -> None:
    for text in (base64.b64encode(blob).decode(), blob.decode("latin-1")):
        try:
            crypter().decrypt(text)
        except CryptoError:
            continue


@given(st.binary(min_size=16, max_size=16))
def test_another_key_is_always_named_as_the_likely_cause(block: bytes) -> None:
    sealed = Crypter(TOKEN, APP_ID, OTHER_KEY, random_bytes=lambda _: block).seal("消息")

    with pytest.raises(CryptoError):
        crypter().decrypt(sealed)


def test_a_wrong_key_gives_one_clear_sentence() -> None:
    with pytest.raises(CryptoError, match="wrong EncodingAESKey"):
        crypter().decrypt(crypter(OTHER_KEY).seal("x" * 100))


def test_a_message_for_another_account_is_refused() -> None:
    with pytest.raises(CryptoError, match="another account"):
        crypter().decrypt(crypter(app_id="wx_other").seal("x"))


@pytest.mark.parametrize(
    "encrypted", ["", " ", "不是", "abc", "a" * 44, base64.b64encode(b"x" * 48).decode()]
)
def test_what_is_not_a_ciphertext_is_refused(encrypted: str) -> None:
    with pytest.raises(CryptoError):
        crypter().decrypt(encrypted)


@pytest.mark.parametrize("padding", [b"\x00" * 32, b"\x21" * 32, b"\x00" * 31 + b"\x02"])
def test_padding_is_validated(padding: bytes) -> None:
    plain = b"r" * 16 + (1).to_bytes(4, "big") + b"x" + b"a" * 11 + padding
    encryptor = _cipher(_decode_key(KEY)).encryptor()
    sealed = base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()

    with pytest.raises(CryptoError, match="wrong EncodingAESKey"):
        crypter().decrypt(sealed)


def test_a_padding_of_more_than_a_block_is_refused() -> None:
    plain = b"r" * 16 + (1).to_bytes(4, "big") + b"x" + b"a" * 42 + bytes([33]) * 33
    encryptor = _cipher(_decode_key(KEY)).encryptor()
    sealed = base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()

    with pytest.raises(CryptoError, match="wrong EncodingAESKey"):
        crypter().decrypt(sealed)


def test_a_character_that_is_not_base64_is_not_skipped() -> None:
    sealed = crypter().seal("x")

    with pytest.raises(CryptoError, match="Base64"):
        crypter().decrypt(sealed[:8] + "!" + sealed[8:])


def test_a_length_beyond_the_end_is_refused() -> None:
    plain = b"r" * 16 + (1_611_744_036).to_bytes(4, "big") + b"x" * 11 + b"\x01"
    encryptor = _cipher(_decode_key(KEY)).encryptor()
    sealed = base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()

    with pytest.raises(CryptoError, match="wrong EncodingAESKey"):
        crypter().decrypt(sealed)


# --- keys ------------------------------------------------------------------------------------------


def test_the_previous_key_still_opens_and_answers_what_it_sealed() -> None:
    rotating = crypter(OTHER_KEY, previous=KEY)
    old, new = rotating.open(crypter(KEY).seal("旧")), rotating.open(crypter(OTHER_KEY).seal("新"))

    assert "旧".encode() == old.message
    assert "新".encode() == new.message
    assert b"r" == crypter(KEY).decrypt(rotating.seal("r", answering=old))
    assert b"r" == crypter(OTHER_KEY).decrypt(rotating.seal("r", answering=new))
    assert b"r" == crypter(OTHER_KEY).decrypt(rotating.seal("r"))


def test_neither_key_fitting_is_one_error() -> None:
    with pytest.raises(CryptoError, match="wrong EncodingAESKey"):
        crypter(KEY, previous=OTHER_KEY).decrypt(crypter("Z" * 43).seal("x" * 64))


@pytest.mark.parametrize("key", ["", "a" * 42, "a" * 44, "a" * 42 + "=", "啊" * 43, "a" * 42 + "+"])
def test_an_unusable_key_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(CryptoError, match="43"):
        crypter(key)


def test_blanks_around_configured_values_are_forgiven() -> None:
    assert b"x" == Crypter(f" {TOKEN}", f"{APP_ID}\n", f" {KEY}\n", " ").decrypt(crypter().seal("x"))


@pytest.mark.parametrize(("token", "app_id"), [("", APP_ID), (" ", APP_ID), (TOKEN, ""), (TOKEN, " ")])
def test_token_and_app_id_must_be_there(token: str, app_id: str) -> None:
    with pytest.raises(CryptoError):
        Crypter(token, app_id, KEY)


def test_the_key_is_not_shown() -> None:
    opened = crypter().open(crypter().seal("x"))

    assert repr(Opened(b"x", b"")) == repr(opened)


def test_a_nonce_cannot_break_out_of_the_envelope() -> None:
    envelope = crypter().encrypt("x", timestamp=TIMESTAMP, nonce="1]]></Nonce><Nonce>2")

    assert "1]]></Nonce><Nonce>2" == read_fields(envelope.encode())["Nonce"]
