"""What an act changes in a conversation: pure rules, the same for every store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from xiaoxiao.store.conversation import (
    Author,
    Conversation,
    Delivery,
    Incoming,
    Outgoing,
    Status,
    Trigger,
    Window,
)

#: a person has it: what 小小 would say is withheld
HELD_BY_STAFF = frozenset({Status.OPEN, Status.SNOOZED})
#: a person has it or is asked for: the citizen's words start the waiting clock
AWAITS_STAFF = frozenset({Status.PENDING, Status.OPEN, Status.SNOOZED})
#: rows that still have to leave
UNSENT = frozenset({Delivery.QUEUED, Delivery.HELD})
#: states a settlement may end; the others are final
UNSETTLED = frozenset({Delivery.QUEUED, Delivery.SENDING, Delivery.UNCERTAIN})

_SAID = frozenset({Trigger.MESSAGE, Trigger.MENU})


def legible(text: str) -> str:
    """Without what no database stores: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def content_free(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a line of the audit trail says without the citizen's own words."""
    return {name: value for name, value in data.items() if name not in ("evidence", "text", "note")}


def outlives_erasure(state: Delivery, author: Author, message_id: int | None) -> bool:
    """What is on its way, the answer to danger, and what staff have posted: her words do not go along."""
    awaited = message_id is None or author is Author.SAFETY
    return state in UNSETTLED - UNSENT or (state in UNSENT and awaited)


def unfollows(incoming: Incoming) -> bool:
    return incoming.event == "unsubscribe"


def after_receiving(conversation: Conversation, incoming: Incoming, now: datetime) -> Conversation:
    """Windows, following, and who answers, once this act of hers is known."""
    if unfollows(incoming):
        left = after_transition(conversation, Status.RESOLVED, now)
        return replace(left, following=False, message_window_at=None, click_window_at=None)
    changed = replace(conversation, updated_at=now)
    if incoming.trigger is Trigger.NONE:
        return replace(changed, following=True) if incoming.event == "subscribe" else changed
    changed = replace(changed, following=True, **_window(incoming.trigger, now))
    if changed.status is Status.RESOLVED:
        return after_transition(changed, Status.BOT, now)
    if incoming.trigger in _SAID and changed.status in AWAITS_STAFF:
        status = Status.OPEN if changed.status is Status.SNOOZED else changed.status
        return replace(changed, status=status, waiting_since=changed.waiting_since or now)
    return changed


def after_transition(
    conversation: Conversation, status: Status, now: datetime, assignee: str | None = None
) -> Conversation:
    changed = replace(conversation, status=status, updated_at=now, assignee=assignee or conversation.assignee)
    if status is Status.BOT:
        return replace(changed, misunderstood=0, waiting_since=None, assignee=None)
    if status is Status.PENDING:
        return replace(changed, waiting_since=changed.waiting_since or now)
    if status is Status.RESOLVED:
        return replace(changed, waiting_since=None)
    return changed


def after_answering(conversation: Conversation, understood: bool | None, topic: str | None) -> Conversation:
    misunderstood = conversation.misunderstood
    if understood is not None:
        misunderstood = 0 if understood else misunderstood + 1
    return replace(conversation, misunderstood=misunderstood, topic=topic or conversation.topic)


def after_posting(conversation: Conversation, author: Author) -> Conversation:
    """A word from staff ends her waiting."""
    if author is Author.STAFF and conversation.status is not Status.PENDING:
        return replace(conversation, waiting_since=None)
    return conversation


def spent(conversation: Conversation, window: Window | None, count: int) -> Conversation:
    """`count` messages taken from a window (negative: given back, never below none)."""
    if window is None:
        return conversation
    name = f"{window.value}_window_used"
    return replace(conversation, **{name: max(0, getattr(conversation, name) + count)})


def first_state(author: Author, status: Status) -> Delivery:
    return Delivery.DROPPED if author is Author.BOT and status in HELD_BY_STAFF else Delivery.QUEUED


def posted_state(author: Author, conversation: Conversation) -> Delivery:
    """A notice for somebody who does not follow waits for her return; what staff say fails, so that they see it."""
    waits = author is Author.SYSTEM and not conversation.following
    return Delivery.HELD if waits else first_state(author, conversation.status)


def settled_state(state: Delivery, conversation: Conversation, since: datetime) -> Delivery:
    """HELD becomes QUEUED when she acted after `since` (the attempt, or the decision to hold): the
    window is new.
    """
    acts = (conversation.message_window_at, conversation.click_window_at)
    reopened = any(act is not None and act > since for act in acts)
    return Delivery.QUEUED if state is Delivery.HELD and reopened else state


def gives_back(state: Delivery, carried: int | None) -> bool:
    """Whether an attempt that ends so took nothing of the platform's quota."""
    return state is Delivery.HELD or (state is Delivery.QUEUED and carried is None)


def passive_order(rows: Sequence[Outgoing], message_id: int) -> list[Outgoing]:
    """SAFETY, STAFF, the message's own answers, the rest; each in the order of their making."""

    def precedence(row: Outgoing) -> tuple[int, int]:
        if row.author is Author.SAFETY:
            return 0, row.id
        if row.author is Author.STAFF:
            return 1, row.id
        return (2, row.id) if row.message_id == message_id else (3, row.id)

    return sorted(rows, key=precedence)


def transition_data(
    before: Conversation, after: Conversation, reason: str, dropped: int
) -> Mapping[str, Any]:
    return {
        "from": before.status.value,
        "to": after.status.value,
        "reason": reason,
        "assignee": after.assignee,
        "dropped": dropped,
    }


def _window(trigger: Trigger, now: datetime) -> dict[str, Any]:
    if trigger is Trigger.MESSAGE:
        return {"message_window_at": now, "message_window_used": 0}
    return {"click_window_at": now, "click_window_used": 0}
