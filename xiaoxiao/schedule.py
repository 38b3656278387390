"""When a message has its turn: each in a task of its own, one at a time per contact, taken up again after a crash."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from xiaoxiao.blocking import Blocking
from xiaoxiao.clock import Clock
from xiaoxiao.contact_lock import ContactLock
from xiaoxiao.outcome import Outcome
from xiaoxiao.store.conversation import Incoming, Message, Receipt
from xiaoxiao.store.port import Composer, ConversationStore
from xiaoxiao.turn import Turn

log = logging.getLogger(__name__)


@dataclass
class _Queue:
    """The turns of one contact: one has the lock, the others wait for it in their order."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    turns: int = 0


@dataclass
class Turns:
    """Runs the turns of this worker."""

    turn: Turn
    store: ConversationStore
    composer: Composer
    clock: Clock
    worker: str
    blocking: Blocking
    lapse: timedelta = timedelta(seconds=30)
    on_answered: Callable[[], None] = lambda: None
    _running: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _order: dict[str, _Queue] = field(default_factory=dict)
    _unsaved: dict[int, BaseException] = field(default_factory=dict)  #: why a turn's outcome is not stored
    _others: ContactLock = field(init=False)
    _arriving: set[asyncio.Task[Receipt]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._others = ContactLock(self.store, self.blocking, self.clock, self.worker, self.lapse)

    async def take(self, incoming: Incoming) -> Receipt:
        """Store the message and set its turn going. A repeated delivery joins the running work.

        Once begun it is done, even if the caller hangs up: a message in the database has its turn.
        """
        if not self.blocking.may_pause:
            return await self._take(incoming)  # stores without a pause, so nothing can come between
        arriving = asyncio.get_running_loop().create_task(self._take(incoming))
        self._arriving.add(arriving)
        arriving.add_done_callback(self._arriving.discard)
        return await asyncio.shield(arriving)

    async def _take(self, incoming: Incoming) -> Receipt:
        receipt = await self.blocking.call(
            self.store.receive, incoming, worker=self.worker, now=self.clock.now()
        )
        message = receipt.message
        idle = message.handled_at is None and message.id not in self._running
        if idle and (receipt.is_new or await self._lease(message)):
            self._start(receipt)
        return receipt

    async def wait(self, message_id: int, *, seconds: float) -> bool:
        """Wait for the turn to end; the turn goes on when the waiting ends (also by cancellation).

        Raises what kept its outcome from being stored: then the message is still unhandled.
        """
        task = self._running.get(message_id)
        if task is None and message_id not in self._unsaved:
            return await self._watch(message_id, seconds)
        if task is not None:
            await asyncio.wait({task}, timeout=seconds)
        if (problem := self._unsaved.get(message_id)) is not None:
            raise problem
        return task is None or task.done()

    async def compose(self, message_id: int) -> str:
        """The passive reply to this message; "" when there is nothing to say."""
        return await self.blocking.call(self.store.compose, message_id, self.composer, now=self.clock.now())

    async def resume(self) -> int:
        """Go on with what a stopped or lost worker left unhandled. Returns how many turns were started."""
        await self._renew()
        receipts = await self.blocking.call(self.store.unhandled, now=self.clock.now(), lapse=self.lapse)
        started = 0
        for receipt in receipts:
            if receipt.message.id not in self._running and await self._lease(receipt.message):
                self._start(receipt)
                started += 1
        return started

    async def settle(self, *, seconds: float) -> None:
        """Let the running turns end (at shutdown)."""
        if self._running:
            await asyncio.wait(set(self._running.values()), timeout=seconds)

    # --- one turn -----------------------------------------------------------------------------------

    def _start(self, receipt: Receipt) -> None:
        self._unsaved.pop(receipt.message.id, None)
        task = asyncio.get_running_loop().create_task(self._run(receipt))
        self._running[receipt.message.id] = task
        task.add_done_callback(partial(self._ended, receipt.message.id))

    def _ended(self, message_id: int, task: asyncio.Task[None]) -> None:
        self._running.pop(message_id, None)
        if not task.cancelled() and (problem := task.exception()) is not None:
            # unhandled it stays: the next delivery or resume() takes it up again
            self._unsaved[message_id] = problem
            log.error("turn not stored", exc_info=problem, extra={"message_id": message_id})

    async def _run(self, receipt: Receipt) -> None:
        message = receipt.message
        incoming, danger = await self._looked_at(receipt)
        if danger is not None:
            await self._save(message.id, danger)
        else:
            # saved in its turn: the next message of hers finds what this one has changed
            async with self._queue(incoming.contact), self._others.alone(message.conversation_id):
                await self._save(message.id, await self._leads_to(message, incoming))
        self.on_answered()

    async def _looked_at(self, receipt: Receipt) -> tuple[Incoming, Outcome | None]:
        """What she said, and the answer when it tells of danger: that waits for no other message."""
        message, incoming = receipt.message, receipt.message.incoming
        try:
            incoming = await self.turn.heard(incoming)
            return incoming, await self.turn.danger(message, incoming, receipt.conversation)
        except Exception:
            return incoming, self._broken(message)

    async def _leads_to(self, message: Message, incoming: Incoming) -> Outcome:
        try:
            return await self.turn.leads_to(message, incoming)
        except Exception:
            return self._broken(message)

    def _broken(self, message: Message) -> Outcome:
        """Whatever broke, the citizen gets a number to call and staff get the message."""
        log.exception("turn failed", extra={"message_id": message.id})
        return self.turn.broken()

    async def _save(self, message_id: int, outcome: Outcome) -> None:
        await self.blocking.call(
            self.store.answer,
            message_id,
            outcome.answers,
            now=self.clock.now(),
            intent=outcome.intent,
            confidence=outcome.confidence,
            danger=outcome.danger,
            topic=outcome.topic,
            understood=outcome.understood,
            form=outcome.form,
        )

    # --- who may work -------------------------------------------------------------------------------

    @asynccontextmanager
    async def _queue(self, contact: str) -> AsyncIterator[None]:
        """One turn of a contact at a time, in the order they came; forgotten with the last of them."""
        queue = self._order.setdefault(contact, _Queue())
        queue.turns += 1
        try:
            async with queue.lock:
                yield
        finally:
            queue.turns -= 1
            if not queue.turns:
                del self._order[contact]

    async def _renew(self) -> None:
        """Tell the other workers that what runs here is alive, however long it waits for its turn."""
        if not self.lapse:
            return  # there are no others
        await self._others.renew()
        for message_id in tuple(self._running):
            await self.blocking.call(
                self.store.lease,
                message_id,
                worker=self.worker,
                now=self.clock.now(),
                lapse=timedelta(0),
            )

    async def _lease(self, message: Message) -> bool:
        return await self.blocking.call(
            self.store.lease, message.id, worker=self.worker, now=self.clock.now(), lapse=self.lapse
        )

    async def _watch(self, message_id: int, seconds: float) -> bool:
        """Another worker has this message: look until it is done or its lease lapses."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (message := await self.blocking.call(self.store.message, message_id)).handled_at is None:
            if loop.time() >= end:
                return False
            await asyncio.sleep(0.1)
        return message.handled_at is not None
