"""The simulated WeChat platform: one account, its citizens, and the way of a push to the account's server."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from xiaoxiao.clock import Clock, SystemClock
from xiaoxiao.simulator import envelope, passive
from xiaoxiao.simulator.account import Account
from xiaoxiao.simulator.api import Api
from xiaoxiao.simulator.bubbles import Side
from xiaoxiao.simulator.citizen import Citizen, openid_of
from xiaoxiao.simulator.feed import Feed
from xiaoxiao.simulator.media import Shelf
from xiaoxiao.simulator.menu import Menu
from xiaoxiao.simulator.push import Push, render
from xiaoxiao.simulator.trace import Exchange, Trace
from xiaoxiao.simulator.webhook import Response, Webhook, WebhookTimeout, WebhookUnreachable

DELIVERIES = 3  #: in all; every one carries the same MsgId
SERVICE_UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"


class Platform:
    """Give it an account and the account's webhook; ask it for citizens.

    `picture_base` is the address under which the server can fetch citizens' photos (PicUrl); on the real
    platform that is a picture host, in the web page it is the simulator's own address. `sleep` is waited for
    between deliveries that failed at once. With `fresh_signatures` every delivery is signed anew; whether
    WeChat does so is not documented, so a server must bear both.
    """

    def __init__(
        self,
        account: Account,
        webhook: Webhook,
        *,
        clock: Clock | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        retry_pause_seconds: float = 1.0,
        fresh_signatures: bool = False,
        picture_base: str = "http://mmbiz.qpic.cn/simulator",
        menu: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.account = account
        self.clock = clock or SystemClock()
        self.citizens: dict[str, Citizen] = {}
        self.feed = Feed()
        self.trace = Trace(listener=self._tell)
        self.shelf = Shelf()
        self.menu = Menu(fallback=menu)
        self.picture_base = picture_base.rstrip("/")
        self.api = Api(self)
        self._webhook = webhook
        self._sleep = sleep
        self._retry_pause = retry_pause_seconds
        self._fresh_signatures = fresh_signatures
        self._tasks: set[asyncio.Task[Any]] = set()
        self._sequence = int(self.clock.now().timestamp() * 1_000) * 1_000  # below 2⁵³, for the page

    def citizen(self, name: str, *, following: bool = True) -> Citizen:
        """The citizen of that name. The same name has the same openid, today and after a restart."""
        openid = openid_of(self.account.app_id, name)
        if openid not in self.citizens:
            self.citizens[openid] = Citizen(self, name, openid, following=following)
            self.feed.publish("citizen", openid, self.citizens[openid].to_json())
        return self.citizens[openid]

    def number(self) -> int:
        """A new id: never repeated, not even after a restart."""
        self._sequence += 1
        return self._sequence

    async def verify(self) -> bool:
        """接入: the GET that WeChat makes when the server's address is saved. True when the echo is right."""
        echostr = str(self.number())
        query = envelope.echo(self.account, timestamp=self._now(), nonce=_nonce(), echostr=echostr)
        try:
            response = await self._webhook.get(query)
        except (WebhookTimeout, WebhookUnreachable):
            return False
        return response.status == 200 and response.body == echostr.encode()

    async def deliver(self, push: Push) -> None:
        """Post up to three times until the server answers; show the reply, or that there is none."""
        sealed = self._seal(push)
        for attempt in range(1, DELIVERIES + 1):
            if attempt > 1 and self._fresh_signatures:
                sealed = self._seal(push)
            exchange = self._open(push, sealed, attempt)
            response, exchange = await self._post(sealed, exchange)
            if response is None:
                continue
            return self._receive(push, response, exchange)
        if push.shown:
            self._show_unavailable(push)
        return None

    def spawn(self, work: Awaitable[Any]) -> asyncio.Task[Any]:
        """Let something happen by itself (job reports, acts from the page); `settle` waits for it."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def settle(self) -> None:
        """Wait until nothing is under way any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def pause(self, seconds: float) -> None:
        await self._sleep(seconds)

    def knows_medium(self, media_id: str) -> bool:
        return self.shelf.get(media_id, now=self.clock.now()) is not None

    # --- one delivery ---------------------------------------------------------------------------------
    def _seal(self, push: Push) -> envelope.Sealed:
        return envelope.seal(self.account, push, timestamp=self._now(), nonce=_nonce())

    def _open(self, push: Push, sealed: envelope.Sealed, attempt: int) -> Exchange:
        plain = render(push.fields).decode("utf-8", "replace")
        return self.trace.add(
            at=self.clock.now(),
            openid=push.openid,
            kind="push",
            title=push.kind,
            query=sealed.query,
            sent=sealed.body.decode("utf-8", "replace"),
            plain=plain,
            attempt=attempt,
        )

    async def _post(self, sealed: envelope.Sealed, exchange: Exchange) -> tuple[Response | None, Exchange]:
        """One try; None when the platform will try again."""
        try:
            response = await self._webhook.post(sealed.query, sealed.body)
        except WebhookTimeout:
            return None, self._close(exchange, outcome="5 秒内没有回应,微信断开了连接")
        except WebhookUnreachable as exc:
            exchange = self._close(exchange, outcome=f"连接失败:{exc}")
        else:
            answer = response.body.decode("utf-8", "replace")
            exchange = self._close(exchange, status=response.status, answer=answer, outcome="已回应")
            if response.status < 500:
                return response, exchange
            exchange = self.trace.update(exchange, outcome=f"服务器出错(HTTP {response.status})")
        if exchange.attempt < DELIVERIES:
            await self.pause(self._retry_pause)
        return None, exchange

    def _close(self, exchange: Exchange, **details: Any) -> Exchange:
        took = int((self.clock.now() - exchange.at).total_seconds() * 1_000)
        return self.trace.update(exchange, milliseconds=took, **details)

    def _receive(self, push: Push, response: Response, exchange: Exchange) -> None:
        try:
            reply, plain = self._read(push, response)
        except (passive.Malformed, envelope.EnvelopeError) as exc:
            self.trace.update(exchange, outcome=f"回复不能用:{exc}")
            if push.shown:
                self._show_unavailable(push)
            return
        outcome = f"被动回复 {reply.kind}" if reply else "收下了(success),没有被动回复"
        self.trace.update(exchange, answer_plain=plain, outcome=outcome)
        hidden = not push.shown or reply is None or reply.kind.startswith("transfer_")
        citizen = self.citizens.get(push.openid)
        if reply and citizen and not hidden:
            citizen.show(Side.ACCOUNT, reply.kind, reply.text, reply.data, exchange=exchange.id)

    def _read(self, push: Push, response: Response) -> tuple[passive.Reply | None, str]:
        """Raises Malformed, EnvelopeError."""
        if response.status != 200:
            raise passive.Malformed(f"HTTP 状态 {response.status}")
        if response.body.strip() in (b"", b"success"):
            return None, response.body.decode()
        plain = envelope.unseal(self.account, response.body)
        reply = passive.read(plain, push=push, gh_id=self.account.gh_id, knows=self.knows_medium)
        return reply, plain.decode("utf-8", "replace")

    def _show_unavailable(self, push: Push) -> None:
        if push.openid in self.citizens:
            self.citizens[push.openid].show(Side.NOTICE, "notice", SERVICE_UNAVAILABLE)

    def _tell(self, exchange: Exchange) -> None:
        self.feed.publish("exchange", exchange.openid, exchange.to_json())

    def _now(self) -> int:
        return int(self.clock.now().timestamp())


def _nonce() -> str:
    return str(secrets.randbelow(9 * 10**8) + 10**8)
