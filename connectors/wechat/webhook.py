"""The webhook: what WeChat posts comes in, a passive reply goes out. Knows HTTP only as query, body, status."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from connectors.wechat import replies
from connectors.wechat.body import MAX_BYTES, read_fields
from connectors.wechat.crypto import Crypter, Opened, strip_blanks, verify
from connectors.wechat.errors import CryptoError, MessageMalformed, Refused, SignatureInvalid
from connectors.wechat.incoming import incoming
from connectors.wechat.messages import TextMessage, VoiceMessage, from_fields
from connectors.wechat.push import Message
from xiaoxiao.clock import Clock
from xiaoxiao.delivery.composition import render
from xiaoxiao.menu import Menu
from xiaoxiao.notices import Notices
from xiaoxiao.safety.answers import Answers
from xiaoxiao.safety.detector import Detector
from xiaoxiao.schedule import Turns

log = logging.getLogger(__name__)

#: WeChat hangs up after 5 s (被动回复用户消息); this leaves room for the way back.
DEADLINE_SECONDS = 4.5
#: An account that cannot push lets the first deliveries time out, so that a later one carries the answer.
HOLD_SECONDS = 6.0
#: WeChat delivers at 0, 5 and 10 s: what arrives later than this is the last delivery.
LAST_DELIVERY_SECONDS = 9.0


#: Events whose passive reply WeChat shows. The others are kept and acknowledged: LOCATION comes every 5 s.
ANSWERED_EVENTS = frozenset({"subscribe", "scan", "click", "scancode_waitmsg"})


class Right(Protocol):
    def may_push(self) -> bool:
        """Whether answers can leave as customer-service messages (right granted, secret configured)."""


@dataclass(frozen=True)
class Response:
    status: int
    body: str
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Account:
    """What is needed to believe and answer the pushes of one account."""

    token: str
    app_id: str = ""
    crypter: Crypter | None = None
    safe_only: bool = False  #: refuse pushes whose body is not encrypted
    freshness_seconds: float = 300

    def __post_init__(self) -> None:
        if not self.token.strip():
            raise SignatureInvalid("No Token is configured: everybody could sign.")


@dataclass(frozen=True)
class Push:
    message: Message
    opened: Opened | None  #: set when it came encrypted: the reply is encrypted with the same key
    nonce: str


@dataclass
class Webhook:
    account: Account
    turns: Turns
    right: Right
    menu: Menu
    notices: Notices
    detector: Detector
    fixed: Answers
    clock: Clock
    deadline_seconds: float = DEADLINE_SECONDS
    hold_seconds: float = HOLD_SECONDS

    def handshake(self, query: Mapping[str, str]) -> Response:
        """GET: prove that we know the Token by giving the echostr back (接入指南)."""
        echo = query.get("echostr", "")
        try:
            self._verify(query)
        except SignatureInvalid as problem:
            return _refuse(403, problem)
        return Response(200, echo)

    async def post(self, query: Mapping[str, str], body: bytes) -> Response:
        """POST: one delivery of one message or event."""
        try:
            push = self._open(query, body)
        except (SignatureInvalid, CryptoError) as problem:
            return _refuse(403, problem)
        except MessageMalformed as problem:
            return _refuse(413 if len(body) > MAX_BYTES else 400, problem)
        text: str | None
        try:
            text = await self._answer(push.message)
        except Exception:
            # the store is down: WeChat delivers again, but someone in danger must not wait for that
            log.exception("message could not be stored")
            text = self._emergency(push.message)
            if text is None:
                return Response(500, "")
        return self._reply(push, text)

    # --- in -----------------------------------------------------------------------------------------

    def _open(self, query: Mapping[str, str], body: bytes) -> Push:
        if query.get("encrypt_type", "raw") in ("raw", ""):
            if self.account.safe_only:
                raise SignatureInvalid("Only encrypted pushes are accepted (WECHAT_MODE=safe).")
            self._verify(query)
            return Push(from_fields(read_fields(body)), None, query.get("nonce", ""))
        # safe and compatible mode: only what is inside Encrypt is signed, so only that is read
        if self.account.crypter is None:
            raise CryptoError("The push is encrypted but WECHAT_AES_KEY is not configured.")
        if len(body) > MAX_BYTES:
            raise MessageMalformed(f"The body is larger than {MAX_BYTES} bytes.")
        encrypted = read_fields(body).get("Encrypt")
        if not isinstance(encrypted, str) or not encrypted.strip():
            raise MessageMalformed("The push says it is encrypted but has no Encrypt element.")
        self._verify(query, encrypted)
        opened = self.account.crypter.open(encrypted)
        return Push(from_fields(read_fields(opened.message)), opened, query.get("nonce", ""))

    def _verify(self, query: Mapping[str, str], encrypted: str | None = None) -> None:
        verify(
            self.account.token,
            query.get("signature" if encrypted is None else "msg_signature", ""),
            query.get("timestamp", ""),
            query.get("nonce", ""),
            now=self.clock.now().timestamp(),
            freshness_seconds=self.account.freshness_seconds,
            encrypted=None if encrypted is None else strip_blanks(encrypted),
        )

    # --- the turn -----------------------------------------------------------------------------------

    async def _answer(self, message: Message) -> str:
        said = incoming(message, account=self.account.app_id, menu=self.menu)
        arrived, began = self.clock.now(), asyncio.get_running_loop().time()
        # a database that hangs must not keep the fixed answer from someone in danger
        receipt = await asyncio.wait_for(self.turns.take(said), self.deadline_seconds)
        stored = receipt.message
        if said.event and said.event not in ANSWERED_EVENTS:
            return ""
        left = max(0.0, began + self.deadline_seconds - asyncio.get_running_loop().time())
        if stored.handled_at is not None or await self.turns.wait(stored.id, seconds=left):
            return await self.turns.compose(stored.id)
        if (fixed := self._emergency(message)) is not None:
            return fixed  # it comes again from the outbox: twice is better than late
        if self.right.may_push():
            return ""
        if (arrived - stored.received_at).total_seconds() >= LAST_DELIVERY_SECONDS:
            return self.notices.text("busy")
        # until WeChat hangs up and delivers again; should the answer come too late for this connection, the
        # next one carries the same text
        if await self.turns.wait(stored.id, seconds=self.hold_seconds - self.deadline_seconds):
            return await self.turns.compose(stored.id)
        return ""

    def _emergency(self, message: Message) -> str | None:
        """The fixed answer straight to the citizen when nothing can be stored."""
        if not isinstance(message, TextMessage | VoiceMessage):
            return None
        said = message.content if isinstance(message, TextMessage) else message.recognition
        danger = self.detector.detect(said)
        return render(self.fixed.answer(danger)) if danger else None

    # --- out ----------------------------------------------------------------------------------------

    def _reply(self, push: Push, text: str) -> Response:
        if not text:
            return Response(200, replies.SUCCESS)
        now = int(self.clock.now().timestamp())
        xml = replies.TextReply(text).render(push.message.openid, push.message.account, now)
        if push.opened is not None and self.account.crypter is not None:
            nonce = push.nonce or str(now)
            xml = self.account.crypter.encrypt(xml, timestamp=str(now), nonce=nonce, answering=push.opened)
        return Response(200, xml, "text/xml; charset=utf-8")


def _refuse(status: int, problem: Refused) -> Response:
    # one line for the operator; nothing about the reason for a stranger
    log.warning("push refused: %s", problem)
    return Response(status, "")
