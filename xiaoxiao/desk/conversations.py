"""Who answers a citizen: from 小小 to a person and back, and what staff say. Every change leaves an Event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xiaoxiao.clock import Clock
from xiaoxiao.errors import Conflict, InvalidRequest
from xiaoxiao.store.conversation import Answer, Author, Conversation, Event, Message, Outgoing, Status
from xiaoxiao.store.port import ConversationStore

_HELD_BY_STAFF = (Status.OPEN, Status.SNOOZED)
_AWAITS_STAFF = (Status.PENDING, *_HELD_BY_STAFF)


@dataclass(frozen=True)
class Thread:
    """All that staff see of a conversation, each list oldest first."""

    conversation: Conversation
    messages: list[Message]
    outgoing: list[Outgoing]
    events: list[Event]


class Conversations:
    def __init__(self, store: ConversationStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def hand_off(self, conversation_id: int, reason: str, *, actor: str = "bot") -> Conversation:
        """A person is asked for: PENDING, and the waiting clock starts. Asked again, nothing changes."""
        free = (Status.BOT, Status.RESOLVED)
        return self._unless_done(conversation_id, Status.PENDING, actor, reason, expected=free)

    def hand_off_contact(self, contact: str, reason: str) -> Conversation:
        """The same for whoever knows only the openid (the dialogue engine's actions). NotFound without one."""
        return self.hand_off(self._store.find(contact).id, reason)

    def alert(self, conversation_id: int, *, kind: str, evidence: Sequence[str], message_id: int) -> Event:
        """Somebody is in danger: staff see it in the conversation and in the list."""
        return self._store.record(
            conversation_id,
            actor="system",
            name="danger",
            now=self._clock.now(),
            kind=kind,
            evidence=list(evidence),
            message_id=message_id,
        )

    def tell_once(self, conversation_id: int) -> bool:
        """True the first time since 小小 gave the conversation away, unless staff have spoken: then she knows."""
        for event in reversed(self._store.events(conversation_id)):
            if event.name == "told" or (event.name == "post" and event.data.get("author") == "staff"):
                return False
            if event.name == "transition" and event.data.get("from") in ("bot", "resolved"):
                break
        self._store.record(conversation_id, actor="system", name="told", now=self._clock.now())
        return True

    def take_over(self, conversation_id: int, actor: str) -> Conversation:
        """`actor` answers from now on; what 小小 has not said yet is dropped. Conflict when somebody else
        has it.
        """
        expected = tuple(status for status in Status if status is not Status.OPEN)
        try:
            return self._change(conversation_id, Status.OPEN, actor, "take_over", expected, assignee=actor)
        except Conflict:
            present = self._store.conversation(conversation_id)
            if present.status is Status.OPEN and present.assignee == actor:
                return present
            raise

    def reply(self, conversation_id: int, actor: str, text: str) -> Outgoing:
        """Queue what staff say, taking over first unless a person has it. InvalidRequest when the text
        is empty.
        """
        if not text.strip():
            raise InvalidRequest("回复不能为空。")
        if self._store.conversation(conversation_id).status is not Status.OPEN:
            self.take_over(conversation_id, actor)
        return self._store.post(
            conversation_id, Author.STAFF, Answer(text.strip()), actor=actor, now=self._clock.now()
        )

    def release(self, conversation_id: int, actor: str, reason: str = "release") -> Conversation:
        """Give the conversation back to 小小."""
        return self._unless_done(conversation_id, Status.BOT, actor, reason, expected=_AWAITS_STAFF)

    def resolve(self, conversation_id: int, actor: str, reason: str = "resolve") -> Conversation:
        """Done; her next message goes to 小小."""
        expected = tuple(status for status in Status if status is not Status.RESOLVED)
        return self._unless_done(conversation_id, Status.RESOLVED, actor, reason, expected=expected)

    def snooze(self, conversation_id: int, actor: str, reason: str = "snooze") -> Conversation:
        """Staff keep it and wait for something; her next message wakes it. Conflict unless staff have it."""
        return self._change(conversation_id, Status.SNOOZED, actor, reason, _HELD_BY_STAFF)

    def show(self, conversation_id: int, actor: str, *, limit: int = 200) -> Thread:
        """The conversation as `actor` sees it, which is written down."""
        self.seen(conversation_id, actor)
        return Thread(
            self._store.conversation(conversation_id),
            self._store.messages(conversation_id, limit=limit),
            self._store.outgoing(conversation_id, limit=limit),
            self._store.events(conversation_id, limit=limit),
        )

    def seen(self, conversation_id: int, actor: str, what: str = "conversation") -> Event:
        """Who looked at what of whom."""
        return self._store.record(conversation_id, actor=actor, name="seen", now=self._clock.now(), what=what)

    def waiting(self, *, limit: int = 50) -> list[Conversation]:
        """Those a person was asked for, longest waiting first."""
        return self._store.conversations(status=Status.PENDING, limit=limit)

    def _unless_done(
        self, conversation_id: int, status: Status, actor: str, reason: str, *, expected: tuple[Status, ...]
    ) -> Conversation:
        """Change it from the expected statuses; from the others it is as wanted already (or is for
        others to say).
        """
        try:
            return self._change(conversation_id, status, actor, reason, expected)
        except Conflict:
            return self._store.conversation(conversation_id)

    def _change(
        self,
        conversation_id: int,
        status: Status,
        actor: str,
        reason: str,
        expected: tuple[Status, ...],
        assignee: str | None = None,
    ) -> Conversation:
        return self._store.transition(
            conversation_id,
            status,
            actor=actor,
            reason=reason,
            now=self._clock.now(),
            assignee=assignee,
            expected=expected,
        )
