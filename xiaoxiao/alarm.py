"""Danger, before anything else: the fixed answer at once, and staff are told."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from xiaoxiao.blocking import Blocking
from xiaoxiao.desk.conversations import Conversations
from xiaoxiao.hearing import told
from xiaoxiao.safety.answers import Answers
from xiaoxiao.safety.detector import Danger, Detector
from xiaoxiao.store.conversation import Answer, Conversation, Incoming, Message

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Alarm:
    detector: Detector
    fixed: Answers
    desk: Conversations
    blocking: Blocking

    async def raised(
        self, message: Message, incoming: Incoming, conversation: Conversation
    ) -> tuple[Danger, Answer] | None:
        """The danger she tells of and what is said to it; None: no danger."""
        danger = next(filter(None, map(self.detector.detect, told(incoming, conversation))), None)
        if danger is None:
            return None
        await self._alert(message, danger)
        return danger, self.fixed.answer(danger)

    async def _alert(self, message: Message, danger: Danger) -> None:
        try:
            await self.blocking.call(
                self.desk.alert,
                message.conversation_id,
                kind=danger.kind,
                evidence=danger.evidence,
                message_id=message.id,
            )
            if self.fixed.handover(danger):
                await self.blocking.call(
                    self.desk.hand_off, message.conversation_id, reason=f"danger: {danger.kind}"
                )
        except Exception:  # whatever broke: the answer must still go out
            log.exception("alert failed", extra={"message_id": message.id})
