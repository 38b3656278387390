"""Signatures and the AES envelope of message pushes.

Source: 消息推送 → 消息加解密说明 (/doc/oplatform/developers/dev/push/encryption.md). The initialisation
vector, the first half of the key, is not written there but in Tencent's sample code.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from connectors.wechat.characters import cdata
from connectors.wechat.errors import CryptoError, SignatureInvalid

BLOCK = 32  #: bytes; PKCS#7 as WeChat uses it, not AES's 16
PREFIX = 16  #: random bytes in front of the length
_WRONG_KEY = "The message cannot be decrypted: wrong EncodingAESKey?"


def signature(token: str, *parts: str) -> str:
    """sha1 over the token and the parts, sorted by their bytes, without separators; lower-case hex."""
    pieces = sorted(_bytes(part) for part in (token, *parts))
    return hashlib.sha1(b"".join(pieces)).hexdigest()  # noqa: S324 (WeChat's choice)


def verify(
    token: str,
    given: str,
    timestamp: str,
    nonce: str,
    *,
    now: float,
    freshness_seconds: float,
    encrypted: str | None = None,
) -> None:
    """Refuse what WeChat did not sign: SignatureInvalid.

    `given` is the query's `signature`, or `msg_signature` when the Encrypt text is passed as `encrypted`.
    `now` is Unix time. The hash has no separators, so digits could move between nonce and timestamp: the form
    of both is checked.
    """
    if not token:
        raise SignatureInvalid("No Token is configured: everybody could sign.")
    if not re.fullmatch(r"[0-9]{10}", timestamp):
        raise SignatureInvalid("The timestamp is not ten digits.")
    if not nonce:
        raise SignatureInvalid("The nonce is missing.")
    if encrypted == "":
        # its hash would equal the one of a plain push, which covers no body at all
        raise SignatureInvalid("The Encrypt element is empty.")
    parts = (timestamp, nonce) if encrypted is None else (timestamp, nonce, encrypted)
    expected = signature(token, *parts)
    if not hmac.compare_digest(_bytes(expected), _bytes(given)):
        raise SignatureInvalid(f"The signature {given[:6]!a}… should begin with {expected[:6]}: wrong Token?")
    if abs(now - int(timestamp)) > freshness_seconds:
        raise SignatureInvalid("The signature is too old or from the future: is this machine's clock right?")


def strip_blanks(encrypted: str) -> str:
    """The Encrypt text as it was signed: line breaks and blanks around or in it are not part of it."""
    return "".join(encrypted.split())


@dataclass(frozen=True)
class Opened:
    """A decrypted push and the key that opened it: the answer is encrypted with the same one."""

    message: bytes
    key: bytes = field(repr=False)


class Crypter:
    """Opens and seals messages of one account; during a change of keys the previous one still opens."""

    def __init__(
        self,
        token: str,
        app_id: str,
        aes_key: str,
        previous_key: str | None = None,
        *,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """Keys are EncodingAESKeys: 43 letters or digits. CryptoError when one is unusable."""
        if not token.strip():
            raise CryptoError("No Token is configured: everybody could sign.")
        if not app_id.strip():
            raise CryptoError("No AppID is configured: it is checked in every message.")
        self._token = token.strip()
        self._app_id = app_id.strip().encode()
        keys = [aes_key, previous_key] if previous_key and previous_key.strip() else [aes_key]
        self._keys = tuple(_decode_key(key) for key in keys)
        self._random_bytes = random_bytes

    def decrypt(self, encrypted: str) -> bytes:
        """The message inside an Encrypt text. The signature is to be verified before."""
        return self.open(encrypted).message

    def open(self, encrypted: str) -> Opened:
        """Like `decrypt`, but says which key fitted; CryptoError when none did."""
        blob = _decode_base64(encrypted)
        failure = CryptoError(_WRONG_KEY)
        for key in self._keys:
            try:
                return Opened(_unpack(_decipher(key, blob), self._app_id), key)
            except CryptoError as error:
                # "for another account" says more than "wrong key": that key did fit
                failure = error if str(failure) == _WRONG_KEY else failure
        raise failure

    def encrypt(self, message: str, *, timestamp: str, nonce: str, answering: Opened | None = None) -> str:
        """The XML envelope that answers a push: Encrypt, MsgSignature, TimeStamp, Nonce.

        `success` and the empty body are never encrypted. `answering` is the opened push this answers.
        """
        encrypted = self.seal(message, answering=answering)
        signed = signature(self._token, timestamp, nonce, encrypted)
        return (
            f"<xml>\n<Encrypt>{cdata(encrypted)}</Encrypt>\n<MsgSignature>{cdata(signed)}</MsgSignature>\n"
            f"<TimeStamp>{int(timestamp)}</TimeStamp>\n<Nonce>{cdata(nonce)}</Nonce>\n</xml>"
        )

    def seal(self, message: str, *, answering: Opened | None = None) -> str:
        """The Encrypt text of a message: random(16) + length in bytes(4) + message + AppID, padded to 32."""
        key = answering.key if answering else self._keys[0]
        content = _bytes(message)
        plain = self._random_bytes(PREFIX) + len(content).to_bytes(4, "big") + content + self._app_id
        pad = BLOCK - len(plain) % BLOCK
        encryptor = _cipher(key).encryptor()
        sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode("ascii")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _decode_key(encoded: str) -> bytes:
    encoded = encoded.strip()
    if not re.fullmatch(r"[A-Za-z0-9]{43}", encoded):
        raise CryptoError("EncodingAESKey must be 43 letters or digits.")
    return base64.b64decode(encoded + "=")


def _decode_base64(encrypted: str) -> bytes:
    try:
        blob = base64.b64decode(strip_blanks(encrypted), validate=True)
    except (binascii.Error, ValueError):
        raise CryptoError("The Encrypt element is not Base64.") from None
    if not blob or len(blob) % BLOCK:
        raise CryptoError("The Encrypt element is empty or cut off: not a multiple of 32 bytes.")
    return blob


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def _decipher(key: bytes, blob: bytes) -> bytes:
    decryptor = _cipher(key).decryptor()
    padded = decryptor.update(blob) + decryptor.finalize()
    pad = padded[-1]
    if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
        raise CryptoError(_WRONG_KEY)
    return padded[:-pad]


def _unpack(plain: bytes, app_id: bytes) -> bytes:
    start = PREFIX + 4
    end = start + int.from_bytes(plain[PREFIX:start], "big")
    if len(plain) < start or end > len(plain):
        raise CryptoError(_WRONG_KEY)
    if plain[end:] != app_id:
        raise CryptoError("The message is for another account: does AppID belong to this EncodingAESKey?")
    return plain[start:end]
