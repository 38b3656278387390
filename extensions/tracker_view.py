"""What stays in view of a conversation: the last turns, and the state that everything before them led to."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

#: What NLU adds for the turn at hand and no later turn reads: nine tenths of a stored message
_RANKINGS = frozenset({"intent_ranking", "ranking", "text_tokens"})


def fold(tracker: DialogueStateTracker, keep_turns: int) -> list[Event]:
    """The events to keep: the last turns, preceded by a session start that restores the state before them."""
    events = list(tracker.events)
    boundary = _boundary(events, keep_turns)
    if boundary == 0:
        return events
    before = tracker.init_copy()
    before._reset()
    for event in events[:boundary]:
        before.update(event)
    return [*_session_start(before, events[boundary - 1].timestamp), *events[boundary:]]


def _boundary(events: list[Event], keep_turns: int) -> int:
    """Index of the first event kept: where a citizen speaks, for a turn is kept whole or not at all.

    Before it stands an action_listen, unless the bot was paused or broke off: then folding puts one there.
    """
    spoken = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    return spoken[-keep_turns] if len(spoken) > keep_turns else 0


def _session_start(before: DialogueStateTracker, timestamp: float) -> Iterable[Event]:
    yield ActionExecuted(ACTION_SESSION_START_NAME, timestamp=timestamp)
    yield SessionStarted(timestamp=timestamp)
    for slot in before.slots.values():
        if slot.value != slot.initial_value:
            yield SlotSet(slot.name, slot.value, timestamp=timestamp)
    if before.active_loop_name:
        yield ActiveLoop(before.active_loop_name, timestamp=timestamp)
        if before.is_active_loop_rejected:
            yield ActionExecutionRejected(before.active_loop_name, timestamp=timestamp)
    if before.is_paused():
        yield ConversationPaused(timestamp=timestamp)
    yield ActionExecuted(ACTION_LISTEN_NAME, timestamp=timestamp)


def serialise(events: Iterable[Event]) -> str:
    return json.dumps([_lean(event.as_dict()) for event in events], ensure_ascii=False, separators=(",", ":"))


def deserialise(text: str) -> list[Event]:
    return [_event_class(fields["event"])._from_parameters(fields) for fields in json.loads(text)]


@functools.cache
def _event_class(type_name: str) -> type[Event]:
    """Rasa walks through all subclasses of Event for every single event."""
    return Event.resolve_by_type(type_name)


def _lean(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lean(inner) for key, inner in value.items() if key not in _RANKINGS}
    return value
