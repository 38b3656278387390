"""Reading the dialogue: what this message brought, and what the last answers were."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker


def entity(tracker: Tracker, name: str) -> str | None:
    """The value this very message brought; slots may be older."""
    return next(tracker.get_latest_entity_values(name), None)


def previous_actions(tracker: Tracker) -> list[str]:
    """Names of the actions that answered the message before this one, latest first."""
    names: list[str] = []
    users = 0
    for event in reversed(tracker.events):
        users += event["event"] == "user"
        if users > 1 or event["event"] in ("session_started", "restart"):
            break
        if users == 1 and event["event"] == "action":
            names.append(event["name"])
    return names


def parse(tracker: Tracker, key: str, default: Any = None) -> Any:
    """A property the pipeline added to this message."""
    return (tracker.latest_message or {}).get(key, default)


def said_lately(tracker: Tracker) -> str:
    """What she has before her: the answers that are still in view."""
    return "\n".join(event.get("text") or "" for event in tracker.events if event["event"] == "bot")
