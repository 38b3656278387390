"""What the engine makes of her words, with what they lean on."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from xiaoxiao.blocking import Blocking
from xiaoxiao.clock import Clock
from xiaoxiao.context import UNKNOWN, Context, context_before, may_lean
from xiaoxiao.engine import Engine, Reading, Reply
from xiaoxiao.store.conversation import Conversation, Message
from xiaoxiao.store.port import ConversationStore


@dataclass(frozen=True)
class Understanding:
    store: ConversationStore
    blocking: Blocking
    engine: Engine
    clock: Clock

    async def context(self, message: Message, text: str, payload: str | None = None) -> Context:
        """What was said before, for words short enough to lean on it."""
        if payload is not None or not may_lean(text):
            return UNKNOWN
        return await self.blocking.call(context_before, self.store, message, now=self.clock.now())

    async def reads(self, message: Message, text: str) -> Reading:
        """What `text` means; nothing is answered."""
        context = await self.context(message, text)
        metadata = context.metadata() if context.is_about_something else {}
        return await self.engine.read(text, metadata=metadata)

    async def replies(
        self,
        conversation: Conversation,
        message: Message,
        text: str,
        *,
        payload: str | None,
        withhold: Collection[str],
        seconds: float,
    ) -> Reply:
        """`text` is never taken for a command. asyncio.TimeoutError after `seconds` of the engine."""
        metadata = {
            "conversation_id": conversation.id,
            "message_id": message.id,
            "misunderstood": conversation.misunderstood,
            **(await self.context(message, text, payload)).metadata(),
        }
        turn = self.engine.respond(
            conversation.contact, text, payload=payload, metadata=metadata, withhold=withhold
        )
        return await asyncio.wait_for(turn, seconds)
