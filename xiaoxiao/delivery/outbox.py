"""The job that empties the outbox: what no passive reply carried leaves as customer-service messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from xiaoxiao.clock import Clock
from xiaoxiao.delivery import quotas
from xiaoxiao.delivery.composition import LIMIT, first_part, render
from xiaoxiao.delivery.sender import Held, NoRight, Refused, Retry, Sender, TooLong, Uncertain
from xiaoxiao.errors import StoreUnavailable
from xiaoxiao.store.conversation import Author, Conversation, Delivery, Outgoing
from xiaoxiao.store.port import ConversationStore

log = logging.getLogger(__name__)

CARRIER = "customer_service"
#: a passive reply has this long to carry a row before the API does
SETTLE = timedelta(seconds=2)
#: longer than any call of a sender lasts: a row still in sending then was left by a dead worker
LAPSE = timedelta(seconds=60)
#: an account without the right is asked again after this
NO_RIGHT_FOR = timedelta(days=1)
#: waiting time before the next attempt, by the number of those made; after the last one the row is held
BACK_OFF = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 300))
_SHORTENINGS = 3

_Result = TypeVar("_Result")


class Outbox:
    """`run()` for good, or `run_once()` as often as wanted. Safe with any number of workers on one store."""

    def __init__(
        self,
        store: ConversationStore,
        sender: Sender,
        clock: Clock,
        *,
        settle: timedelta = SETTLE,
        concurrency: int = 8,
        poll_seconds: float = 1.0,
    ) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock
        self._settle = settle
        self._places = asyncio.Semaphore(concurrency)
        self._poll_seconds = poll_seconds
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is something to send now (from the event loop's own thread)."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. A database that is away is waited for."""
        while True:
            self._woken.clear()
            try:
                busy = await self.run_once()
            except StoreUnavailable:
                log.warning("outbox waits for the database", exc_info=True)
                busy = 0
            if not busy:
                await self._pause()

    async def run_once(self) -> int:
        """Send the first waiting row of each conversation; how many conversations there were."""
        now = self._clock.now()
        await self._call(self._store.recover, now=now, lapse=LAPSE)
        due = await self._call(self._store.due, now=now, settle=self._settle)
        await asyncio.gather(*(self._deliver(row, conversation, now) for row, conversation in due))
        return len(due)

    async def _deliver(self, row: Outgoing, conversation: Conversation, now: datetime) -> None:
        async with self._places:
            obstacle = await self._obstacle(row, conversation, now)
            if obstacle is not None:
                await self._settle_row(row, obstacle[0], at=now, error=obstacle[1])
                return
            window = quotas.window(conversation, self._clock.now())
            # the last look at who answers: a takeover drops the row, and a dropped row is not ours to send
            if await self._call(self._store.sending, row.id, now=self._clock.now(), window=window):
                await self._send(row, conversation, LIMIT)

    async def _obstacle(
        self, row: Outgoing, conversation: Conversation, now: datetime
    ) -> tuple[Delivery, str] | None:
        if not render(row.rest):
            return Delivery.DROPPED, "empty"
        if not conversation.following:
            return Delivery.FAILED, "not following"
        if quotas.window(conversation, self._clock.now()) is None:
            return Delivery.HELD, "no window"
        if await self._call(self._store.recall, _right(conversation), now=now) == "no":
            return Delivery.HELD, "no right"
        return None

    async def _send(self, row: Outgoing, conversation: Conversation, limit: int) -> None:
        part = first_part(row.rest, limit=limit)
        try:
            await self._sender.send(conversation, part.answer)
        except TooLong as error:
            if limit > LIMIT >> _SHORTENINGS:
                await self._send(row, conversation, limit // 2)
            else:
                await self._settle_row(row, Delivery.FAILED, error=repr(error))
        except Exception as error:
            await self._remedy(row, conversation, error)
        else:
            if part.last:
                await self._settle_row(row, Delivery.SENT, carrier=CARRIER)
            else:
                await self._settle_row(row, Delivery.QUEUED, carried=row.carried + part.taken)

    async def _remedy(self, row: Outgoing, conversation: Conversation, error: Exception) -> None:
        match error:
            case Held():
                await self._settle_row(row, Delivery.HELD, error=repr(error))
            case NoRight():
                await self._remember_no_right(conversation)
                await self._settle_row(row, Delivery.HELD, error=repr(error))
            case Refused():
                await self._settle_row(row, Delivery.FAILED, error=repr(error))
            case Retry():
                await self._try_again(row, error.after, repr(error))
            case _:
                await self._doubt(row, error)

    async def _doubt(self, row: Outgoing, error: Exception) -> None:
        """Nobody knows whether it arrived: not repeated, unless lives depend on it."""
        if not isinstance(error, Uncertain):
            log.error("a sender broke", exc_info=error, extra={"outgoing_id": row.id})
        if row.author is Author.SAFETY:
            await self._try_again(row, timedelta(0), repr(error))
        else:
            await self._settle_row(row, Delivery.UNCERTAIN, error=repr(error))

    async def _try_again(self, row: Outgoing, after: timedelta, error: str) -> None:
        if row.attempts >= len(BACK_OFF):
            await self._settle_row(row, Delivery.HELD, error=error)
            return
        wait = max(after, BACK_OFF[row.attempts])
        await self._settle_row(row, Delivery.QUEUED, error=error, next_attempt_at=self._clock.now() + wait)

    async def _remember_no_right(self, conversation: Conversation) -> None:
        now = self._clock.now()
        log.warning("account without customer-service messages", extra={"account": conversation.account})
        key = _right(conversation)
        await self._call(self._store.remember, key, "no", now=now, expires_at=now + NO_RIGHT_FOR)

    async def _settle_row(
        self, row: Outgoing, state: Delivery, *, at: datetime | None = None, **outcome: Any
    ) -> None:
        await self._call(self._store.settle, row.id, state, now=at or self._clock.now(), **outcome)

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), self._poll_seconds)
        except asyncio.TimeoutError:
            return

    async def _call(self, method: Callable[..., _Result], *args: Any, **kwargs: Any) -> _Result:
        return await asyncio.to_thread(method, *args, **kwargs)


def _right(conversation: Conversation) -> str:
    return f"customer_service:{conversation.account}"
