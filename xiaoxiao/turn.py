"""What one message leads to: danger → who holds the conversation → an open form → the engine."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial

from xiaoxiao.alarm import Alarm
from xiaoxiao.blocking import Blocking
from xiaoxiao.clock import Clock
from xiaoxiao.desk.conversations import Conversations
from xiaoxiao.desk.orders import Orders
from xiaoxiao.engine import Reply
from xiaoxiao.forms.alarms import open_form
from xiaoxiao.forms.dialogue import Forms
from xiaoxiao.forms.evidence import LOOSE, Evidence
from xiaoxiao.forms.opinion import Opinion
from xiaoxiao.forms.progress import Step, waits
from xiaoxiao.forms.said import LONGEST, Said, said
from xiaoxiao.gate import Gate
from xiaoxiao.hearing import Hearing, choice
from xiaoxiao.menu import Menu
from xiaoxiao.notices import Notices
from xiaoxiao.outcome import Outcome, answered, stepped
from xiaoxiao.pace import Pace
from xiaoxiao.receipt import receipt
from xiaoxiao.store.conversation import (
    Author,
    Conversation,
    Delivery,
    Incoming,
    Message,
    Status,
)
from xiaoxiao.store.form_state import NO_FORM, FormState
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.understanding import Understanding

ENGINE_SECONDS = 20.0
#: A person has it or is asked for: 小小 is silent.
HELD = frozenset({Status.PENDING, Status.OPEN, Status.SNOOZED})
_MORE = frozenset({"继续", "接着说", "往下说", "还有呢", "下一页", "更多"})


@dataclass
class Turn:
    """Decides; when and how often is not its business (schedule.py). Turns of one contact never overlap."""

    store: ConversationStore
    blocking: Blocking
    understanding: Understanding
    forms: Forms
    evidence: Evidence
    opinion: Opinion
    alarm: Alarm
    notices: Notices
    menu: Menu
    desk: Conversations
    orders: Orders
    gate: Gate
    clock: Clock
    pace: Pace
    hearing: Hearing
    engine_seconds: float = ENGINE_SECONDS

    async def heard(self, incoming: Incoming) -> Incoming:
        return await self.hearing.words(incoming)

    async def danger(
        self, message: Message, incoming: Incoming, conversation: Conversation
    ) -> Outcome | None:
        """The fixed answer, whoever holds the conversation and whatever form is open; None: no danger."""
        raised = await self.alarm.raised(message, incoming, conversation)
        if raised is None:
            return None
        danger, answer = raised
        return Outcome(((Author.SAFETY, answer),), danger=danger.kind)

    def broken(self) -> Outcome:
        return self._say("engine_down")

    async def leads_to(self, message: Message, incoming: Incoming) -> Outcome:
        conversation = await self.blocking.call(self.store.conversation, message.conversation_id)
        if incoming.kind == "event":
            return await self._event(conversation, message, incoming)
        if conversation.status in HELD and not self._counts_anyway(conversation, incoming):
            return await self._for_a_person(conversation)
        if not self.pace.allows(incoming.contact, self.clock.now()):
            return self._say("too_fast")
        if incoming.kind != "text" and not incoming.text:
            return await self._sent(conversation, message, incoming)
        return await self._spoken(conversation, message, incoming)

    async def _sent(self, conversation: Conversation, message: Message, incoming: Incoming) -> Outcome:
        """No words: a photo, a place … An open form may take it."""
        things = said(incoming, message.id, self.clock.now())
        kept = receipt(self.notices, incoming, things)
        state = await self._form(message)
        step = await self._in_form(state, things, message) if state.is_open else None
        if step is None and (not state.is_open or waits(state)):
            step = await self._loose(things)
        if step is None and state.is_open:
            step = await self.forms.beside(state, Reply((replace(kept, buttons=()),)), things)
        return stepped(step) if step else Outcome(((Author.SYSTEM, kept),))

    async def _loose(self, things: Said) -> Step | None:
        """A photo, a video, a place for no form: more for the case just registered, or a new one?"""
        if things.kind not in LOOSE:
            return None
        added = await self.evidence.later(things)
        if added is not None:
            return Step(added, NO_FORM)
        standing = await self.blocking.call(self.orders.standing)
        return await self.forms.open("report", things, closed=self.gate.withheld(standing))

    def _counts_anyway(self, conversation: Conversation, incoming: Incoming) -> bool:
        """A tap on a mark or on the erasure of her data."""
        tapped = incoming.kind == "text" and incoming.fields.get("bizmsgmenuid")
        return bool(tapped) and self.forms.counts_while_held(choice(incoming.text, incoming, conversation))

    async def _event(self, conversation: Conversation, message: Message, incoming: Incoming) -> Outcome:
        if incoming.event == "subscribe":
            return await self._welcome(conversation, message, incoming)
        says = incoming.payload
        if incoming.event == "click":
            says = self.menu.clicked(str(incoming.fields.get("EventKey", "")))
            if says is None:
                return self._say("not_on_menu")
        if says is None:
            return Outcome()
        if conversation.status in HELD:
            return await self._for_a_person(conversation)
        if not self.pace.allows(incoming.contact, self.clock.now()):
            return self._say("too_fast")
        return await self._answer(
            conversation, message, incoming, payload=says, state=await self._form(message)
        )

    async def _welcome(self, conversation: Conversation, message: Message, incoming: Incoming) -> Outcome:
        """What the QR code stands for by which she came is answered below the welcome."""
        says = incoming.payload
        standing = await self.blocking.call(self.orders.standing)
        welcome = Outcome(((Author.SYSTEM, self.gate.welcome(standing)),))
        if says is None or conversation.status in HELD:
            return welcome
        state = await self._form(message)
        outcome = await self._answer(conversation, message, incoming, payload=says, state=state)
        return replace(outcome, answers=(*welcome.answers, *outcome.answers))

    async def _spoken(self, conversation: Conversation, message: Message, incoming: Incoming) -> Outcome:
        text = incoming.text.strip()
        if not any(character.isalnum() for character in text):  # "。。。", "?", a sticker: is it urgent?
            return self._say("blank")
        state = await self._form(message)
        if text in _MORE:
            rows = await self.blocking.call(self.store.outgoing, conversation.id)
            if any(row.state in (Delivery.QUEUED, Delivery.HELD) for row in rows):
                return Outcome()
            if not state.is_open and not (await self.understanding.context(message, text)).is_about_something:
                return self._say("nothing_more")
        payload = choice(text, incoming, conversation) or self.menu.typed(text)
        return await self._answer(conversation, message, incoming, payload=payload, state=state)

    async def _answer(
        self,
        conversation: Conversation,
        message: Message,
        incoming: Incoming,
        *,
        payload: str | None,
        state: FormState,
    ) -> Outcome:
        """The open form's, or the engine's. `payload` is one of our own buttons or menu entries."""
        command = payload if payload and payload.startswith("/") else None
        words = said(
            incoming,
            message.id,
            self.clock.now(),
            text="" if command else payload,
            payload=command,
        )
        standing = await self.blocking.call(self.orders.standing)
        withhold = self.gate.withheld(standing)
        if state.is_open:
            intent = self.forms.intent(state)
            if intent is not None and intent in withhold:
                return stepped(self.forms.close(state, self.gate.refusal(intent)))
            if (step := await self._in_form(state, words, message)) is not None:
                return stepped(step)
        if (form := self.forms.tapped(command)) is not None:
            reply = self._tapped(form, withhold)
        else:
            text = incoming.text.strip()[:LONGEST]
            reply = await self.understanding.replies(
                conversation,
                message,
                text,
                payload=payload,
                withhold=withhold,
                seconds=self.engine_seconds,
            )
            reply = self.gate.passed(reply, standing)
        if (
            state.is_open
            and (await self.blocking.call(self.store.conversation, conversation.id)).status in HELD
        ):
            return answered(reply, None)  # she asked for a person: the open question waits
        beside = self.forms.beside(state, reply, words, closed=withhold)
        step = await asyncio.wait_for(beside, self.engine_seconds)
        if step is None and standing.emergency is None:
            reply = await self.opinion.asked(message, reply)
        return answered(reply, step)

    def _tapped(self, form: str, withhold: Collection[str]) -> Reply:
        """A button of ours for a form: what is said if it cannot be opened."""
        known = self.forms.book.get(form)
        if known is not None and known.intent in withhold:
            return Reply((self.gate.refusal(known.intent),), known.intent)
        instead = known.elsewhere if known and known.elsewhere else "not_on_menu"
        return Reply((self.notices.filled(instead),), known.intent if known else None, form=form)

    async def _form(self, message: Message) -> FormState:
        return await open_form(self.store, self.blocking, self.forms, message)

    async def _in_form(self, state: FormState, words: Said, message: Message) -> Step | None:
        understand = partial(self.understanding.reads, message)
        return await asyncio.wait_for(self.forms.step(state, words, understand), self.engine_seconds)

    async def _for_a_person(self, conversation: Conversation) -> Outcome:
        """Staff have it: the message is kept for them; the citizen is told once."""
        if await self.blocking.call(self.desk.tell_once, conversation.id):
            return self._say("person_has_it")
        return Outcome()

    def _say(self, notice: str, **facts: str) -> Outcome:
        return Outcome(((Author.SYSTEM, self.notices.answer(notice, **facts)),))
