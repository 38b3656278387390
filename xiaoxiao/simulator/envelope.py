"""The platform's side of signing and encrypting (消息加解密): what it posts, and how it reads the answer.

Written from the protocol page, apart from the connector's own cryptography, so that each checks the other.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import struct
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from xiaoxiao.simulator.account import Account, Mode
from xiaoxiao.simulator.push import Push, cdata, render

_BLOCK = 32


class EnvelopeError(ValueError):
    """The answer cannot be read: wrong signature, wrong key, wrong AppID or broken XML."""


@dataclass(frozen=True)
class Sealed:
    """A push as it goes over the wire."""

    query: Mapping[str, str]  #: in the platform's order
    body: bytes


def sign(*parts: str) -> str:
    """sha1 of the parts sorted byte-wise and joined: lower-case hex."""
    return hashlib.sha1(b"".join(sorted(p.encode() for p in parts))).hexdigest()  # noqa: S324 - the protocol's


def encrypt(account: Account, plain: bytes, *, salt: bytes | None = None) -> str:
    """AES-256-CBC over random(16) ‖ length(4, big-endian, bytes) ‖ message ‖ AppID, PKCS#7 to 32; Base64."""
    content = (
        (salt or secrets.token_bytes(16)) + struct.pack(">I", len(plain)) + plain + account.app_id.encode()
    )
    pad = _BLOCK - len(content) % _BLOCK
    encryptor = _cipher(account).encryptor()
    return base64.b64encode(encryptor.update(content + bytes([pad]) * pad) + encryptor.finalize()).decode()


def decrypt(account: Account, text: str) -> bytes:
    """The message inside `text`. Raises EnvelopeError."""
    try:
        decryptor = _cipher(account).decryptor()
        content = decryptor.update(base64.b64decode(text, validate=True)) + decryptor.finalize()
    except ValueError as exc:
        raise EnvelopeError("密文不是完整的 Base64 或 AES 分组") from exc
    if len(content) < _BLOCK or not 1 <= content[-1] <= _BLOCK:
        raise EnvelopeError("补位不对:EncodingAESKey 可能不一致")
    content = content[: -content[-1]]
    end = 20 + struct.unpack(">I", content[16:20])[0]
    if content[end:] != account.app_id.encode():
        raise EnvelopeError("密文里的 AppID 与本公众号不一致")
    return content[20:end]


def seal(account: Account, push: Push, *, timestamp: int, nonce: str) -> Sealed:
    """Query and body of one delivery, in the layout seen on the wire."""
    plain = render(push.fields)
    query = {
        "signature": sign(account.token, str(timestamp), nonce),
        "timestamp": str(timestamp),
        "nonce": nonce,
        "openid": push.openid,
    }
    if account.mode is Mode.PLAIN:
        return Sealed(query, plain)
    encrypted = encrypt(account, plain)
    query["encrypt_type"] = "aes"
    query["msg_signature"] = sign(account.token, str(timestamp), nonce, encrypted)
    shown = push.fields if account.mode is Mode.COMPATIBLE else push.fields[:1]
    lines = [f"    {render((field,), bare=True).decode()}\n" for field in shown]
    body = f"<xml>\n{''.join(lines)}    <Encrypt>{cdata(encrypted)}</Encrypt>\n</xml>\n"
    return Sealed(query, body.encode())


def echo(account: Account, *, timestamp: int, nonce: str, echostr: str) -> dict[str, str]:
    """The query of the URL verification (GET): not encrypted in any mode."""
    signature = sign(account.token, str(timestamp), nonce)
    return {"signature": signature, "timestamp": str(timestamp), "nonce": nonce, "echostr": echostr}


def unseal(account: Account, body: bytes) -> bytes:
    """The plain XML of a passive reply. Raises EnvelopeError: then the citizen sees "service unavailable"."""
    root = parse(body)
    encrypted = root.findtext("Encrypt")
    if encrypted is None:
        if account.mode is Mode.SAFE:
            raise EnvelopeError("安全模式下的回复没有加密")
        return body
    if account.mode is Mode.PLAIN:
        raise EnvelopeError("明文模式下的回复却加了密")
    signature, timestamp, nonce = (root.findtext(tag, "") for tag in ("MsgSignature", "TimeStamp", "Nonce"))
    if signature != sign(account.token, timestamp, nonce, encrypted):
        raise EnvelopeError("回复的 MsgSignature 不对")
    return decrypt(account, encrypted)


def parse(body: bytes) -> ElementTree.Element:
    """`body` as XML. Raises EnvelopeError; a DOCTYPE is refused, so no entity is ever expanded."""
    if b"<!DOCTYPE" in body or len(body) > 1_000_000:
        raise EnvelopeError("回复里有 DOCTYPE,或者太大")
    try:
        return ElementTree.fromstring(body)  # noqa: S314 - no DOCTYPE, limited size
    except ElementTree.ParseError as exc:
        raise EnvelopeError(f"回复不是合格的 XML:{exc}") from exc


def _cipher(account: Account) -> Cipher[CBC]:
    key = base64.b64decode(account.aes_key + "=")
    return Cipher(AES(key), CBC(key[:16]))
