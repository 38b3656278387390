"""The way of one message: store → safety check → who holds the conversation → engine → outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Protocol, TypeVar

from xiaoxiao.clock import Clock
from xiaoxiao.context import UNKNOWN, Context, context_before, may_lean
from xiaoxiao.delivery.composition import chosen
from xiaoxiao.desk.conversations import Conversations
from xiaoxiao.desk.orders import Orders
from xiaoxiao.engine import Engine, Reply
from xiaoxiao.gate import Gate
from xiaoxiao.menu import Menu
from xiaoxiao.notices import Notices
from xiaoxiao.pace import Pace
from xiaoxiao.safety.answers import Answers
from xiaoxiao.safety.detector import Danger, Detector
from xiaoxiao.store.conversation import (
    Answer,
    Author,
    Conversation,
    Delivery,
    Incoming,
    Message,
    Receipt,
    Status,
)
from xiaoxiao.store.port import Composer, ConversationStore

log = logging.getLogger(__name__)
T = TypeVar("T")

#: The engine reads no more than this; the whole text is stored.
LONGEST_TEXT = 1000
ENGINE_SECONDS = 20.0
RECOGNISER_SECONDS = 10.0
#: What is said to a message that is kept but not understood.
_KEPT_NOTICE = {
    "image": "image_kept",
    "video": "video_kept",
    "shortvideo": "video_kept",
    "location": "location_kept",
    "voice": "voice_kept",
    "link": "link_kept",
}
#: A person has it or is asked for: 小小 is silent.
HELD = frozenset({Status.PENDING, Status.OPEN, Status.SNOOZED})
_MORE = frozenset({"继续", "接着说", "往下说", "还有呢", "下一页", "更多"})


class Recogniser(Protocol):
    """Turns a voice message into text; plugged in by class path (XIAOXIAO_RECOGNISER)."""

    async def recognise(self, incoming: Incoming) -> str: ...


@dataclass(frozen=True)
class Outcome:
    """What one message leads to."""

    answers: tuple[tuple[Author, Answer], ...] = ()
    intent: str | None = None
    confidence: float | None = None
    topic: str | None = None
    danger: str | None = None
    understood: bool | None = None


@dataclass
class _Queue:
    """The turns of one contact: one has the lock, the others wait for it in their order."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    turns: int = 0


@dataclass
class Turns:
    """Runs the turns of this worker: each in a task of its own, one at a time per contact."""

    store: ConversationStore
    engine: Engine
    detector: Detector
    fixed: Answers
    notices: Notices
    menu: Menu
    desk: Conversations
    orders: Orders
    gate: Gate
    composer: Composer
    clock: Clock
    worker: str
    pace: Pace
    executor: Executor | None = None
    recogniser: Recogniser | None = None
    lapse: timedelta = timedelta(seconds=30)
    on_answered: Callable[[], None] = lambda: None
    engine_seconds: float = ENGINE_SECONDS
    recogniser_seconds: float = RECOGNISER_SECONDS
    _running: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _order: dict[str, _Queue] = field(default_factory=dict)
    _unsaved: dict[int, BaseException] = field(default_factory=dict)  #: why a turn's outcome is not stored
    _arriving: set[asyncio.Task[Receipt]] = field(default_factory=set)

    async def take(self, incoming: Incoming) -> Receipt:
        """Store the message and set its turn going. A repeated delivery joins the running work.

        Once begun it is done, even if the caller hangs up: a message in the database has its turn.
        """
        if self.executor is None:
            return await self._take(incoming)  # stores without a pause, so nothing can come between
        arriving = asyncio.get_running_loop().create_task(self._take(incoming))
        self._arriving.add(arriving)
        arriving.add_done_callback(self._arriving.discard)
        return await asyncio.shield(arriving)

    async def _take(self, incoming: Incoming) -> Receipt:
        receipt = await self.call(self.store.receive, incoming, worker=self.worker, now=self.clock.now())
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
        return await self.call(self.store.compose, message_id, self.composer, now=self.clock.now())

    async def resume(self) -> int:
        """Go on with what a stopped or lost worker left unhandled. Returns how many turns were started."""
        await self._renew()
        receipts = await self.call(self.store.unhandled, now=self.clock.now(), lapse=self.lapse)
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

    async def call(self, function: Callable[..., T], *args: object, **kwargs: object) -> T:
        """Run a blocking store call where it does not stall the event loop."""
        if self.executor is None:
            return function(*args, **kwargs)
        work = partial(function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self.executor, work)

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
        try:
            outcome = await self._decide(message, receipt.conversation)
        except Exception:
            # whatever broke, the citizen gets a number to call and staff get the message
            log.exception("turn failed", extra={"message_id": message.id})
            outcome = Outcome(((Author.SYSTEM, self.notices.answer("engine_down")),), understood=None)
        await self._save(message.id, outcome)
        self.on_answered()

    async def _save(self, message_id: int, outcome: Outcome) -> None:
        await self.call(
            self.store.answer,
            message_id,
            outcome.answers,
            now=self.clock.now(),
            intent=outcome.intent,
            confidence=outcome.confidence,
            danger=outcome.danger,
            topic=outcome.topic,
            understood=outcome.understood,
        )

    async def _decide(self, message: Message, conversation: Conversation) -> Outcome:
        incoming = await self._heard(message.incoming)
        danger = next(filter(None, map(self.detector.detect, _said(incoming, conversation))), None)
        if danger is not None:
            await self._alert(message, danger)
            return Outcome(((Author.SAFETY, self.fixed.answer(danger)),), danger=danger.kind)
        async with self._queue(incoming.contact):
            return await self._in_order(message, incoming)

    async def _in_order(self, message: Message, incoming: Incoming) -> Outcome:
        conversation = await self.call(self.store.conversation, message.conversation_id)
        if incoming.kind == "event":
            return await self._event(conversation, message, incoming)
        if conversation.status in HELD:
            return await self._for_a_person(conversation)
        if not self.pace.allows(incoming.contact, self.clock.now()):
            return self._say("too_fast")
        if incoming.kind != "text" and not incoming.text:
            return self._say(_KEPT_NOTICE.get(incoming.kind, "unknown_kept"), place=_place(incoming))
        return await self._spoken(conversation, message, incoming)

    async def _event(self, conversation: Conversation, message: Message, incoming: Incoming) -> Outcome:
        if incoming.event == "subscribe":
            return await self._welcome(conversation, message, incoming.payload)
        said = incoming.payload
        if incoming.event == "click":
            said = self.menu.clicked(str(incoming.fields.get("EventKey", "")))
            if said is None:
                return self._say("not_on_menu")
        if said is None:
            return Outcome()
        if conversation.status in HELD:
            return await self._for_a_person(conversation)
        if not self.pace.allows(incoming.contact, self.clock.now()):
            return self._say("too_fast")
        return await self._ask_engine(conversation, message, said, payload=said)

    async def _welcome(self, conversation: Conversation, message: Message, said: str | None) -> Outcome:
        """`said`: what the QR code stands for by which she came; it is answered below the welcome."""
        standing = await self.call(self.orders.standing)
        welcome = Outcome(((Author.SYSTEM, self.gate.welcome(standing)),))
        if said is None or conversation.status in HELD:
            return welcome
        outcome = await self._ask_engine(conversation, message, said, payload=said)
        return replace(outcome, answers=(*welcome.answers, *outcome.answers))

    async def _spoken(self, conversation: Conversation, message: Message, incoming: Incoming) -> Outcome:
        text = incoming.text.strip()
        if not any(character.isalnum() for character in text):  # "。。。", "?", a sticker: is it urgent?
            return self._say("blank")
        if text in _MORE:
            rows = await self.call(self.store.outgoing, conversation.id)
            if any(row.state in (Delivery.QUEUED, Delivery.HELD) for row in rows):
                return Outcome()
            if not (await self._leant_on(message, text)).is_about_something:
                return self._say("nothing_more")
        payload = _chosen(text, incoming, conversation)
        return await self._ask_engine(conversation, message, text[:LONGEST_TEXT], payload=payload)

    async def _ask_engine(
        self, conversation: Conversation, message: Message, text: str, *, payload: str | None
    ) -> Outcome:
        """`payload` is one of our own buttons or menu entries; `text` is never taken for a command."""
        metadata = {
            "conversation_id": conversation.id,
            "message_id": message.id,
            "misunderstood": conversation.misunderstood,
            **(await self._leant_on(message, text, payload)).metadata(),
        }
        standing = await self.call(self.orders.standing)
        withhold = self.gate.withheld(standing)
        turn = self.engine.respond(
            conversation.contact, text, payload=payload, metadata=metadata, withhold=withhold
        )
        reply = await asyncio.wait_for(turn, self.engine_seconds)
        return _outcome(self.gate.passed(reply, standing))

    async def _leant_on(self, message: Message, text: str, payload: str | None = None) -> Context:
        """What was said before, for words short enough to lean on it."""
        if payload is not None or not may_lean(text):
            return UNKNOWN
        return await self.call(context_before, self.store, message, now=self.clock.now())

    async def _for_a_person(self, conversation: Conversation) -> Outcome:
        """Staff have it: the message is kept for them; the citizen is told once."""
        if await self.call(self.desk.tell_once, conversation.id):
            return self._say("person_has_it")
        return Outcome()

    async def _alert(self, message: Message, danger: Danger) -> None:
        try:
            await self.call(
                self.desk.alert,
                message.conversation_id,
                kind=danger.kind,
                evidence=danger.evidence,
                message_id=message.id,
            )
            if self.fixed.handover(danger):
                await self.call(self.desk.hand_off, message.conversation_id, reason=f"danger: {danger.kind}")
        except Exception:  # whatever broke: the answer must still go out
            log.exception("alert failed", extra={"message_id": message.id})

    async def _heard(self, incoming: Incoming) -> Incoming:
        if incoming.kind != "voice" or incoming.text or self.recogniser is None:
            return incoming
        try:
            heard = self.recogniser.recognise(incoming)
            return replace(incoming, text=await asyncio.wait_for(heard, self.recogniser_seconds))
        except Exception:
            log.exception("speech recognition failed")
            return incoming

    def _say(self, notice: str, **facts: str) -> Outcome:
        return Outcome(((Author.SYSTEM, self.notices.answer(notice, **facts)),))

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
        for message_id in tuple(self._running):
            await self.call(
                self.store.lease,
                message_id,
                worker=self.worker,
                now=self.clock.now(),
                lapse=timedelta(0),
            )

    async def _lease(self, message: Message) -> bool:
        return await self.call(
            self.store.lease, message.id, worker=self.worker, now=self.clock.now(), lapse=self.lapse
        )

    async def _watch(self, message_id: int, seconds: float) -> bool:
        """Another worker has this message: look until it is done or its lease lapses."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (message := await self.call(self.store.message, message_id)).handled_at is None:
            if loop.time() >= end:
                return False
            await asyncio.sleep(0.1)
        return message.handled_at is not None


def _outcome(reply: Reply) -> Outcome:
    return Outcome(
        tuple((Author.BOT, answer) for answer in reply.answers),
        reply.intent,
        reply.confidence,
        reply.topic,
        understood=reply.understood,
    )


def _chosen(text: str, incoming: Incoming, conversation: Conversation) -> str | None:
    """The payload behind a tapped link or a typed number, if it is one we offered."""
    tapped = str(incoming.fields.get("bizmsgmenuid") or "") or None
    button = chosen(conversation.choices, text, tapped)
    return button.payload if button else None


def _said(incoming: Incoming, conversation: Conversation) -> tuple[str, ...]:
    """What may tell of danger: her words and the sentence behind an option ("2": 煤气中毒,有人叫不醒).

    A tap is our own title, not her words: what counts is the sentence it stands for.
    """
    text = incoming.text.strip()
    payload = _chosen(text, incoming, conversation) if text else None
    if payload is None:
        return (text,) if text else ()
    sentence = () if payload.startswith("/") else (payload,)
    return sentence if incoming.fields.get("bizmsgmenuid") else (*sentence, text)


def _place(incoming: Incoming) -> str:
    fields = incoming.fields
    label = str(fields.get("Label") or "").strip()
    return label or "{}, {}".format(fields.get("Location_X", "?"), fields.get("Location_Y", "?"))
