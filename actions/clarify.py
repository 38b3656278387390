"""Not understood: did you mean …, then an honest no, the second time in a row a person."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._services import services
from actions.handoff import hand_over
from actions.turns import parse, previous_actions
from xiaoxiao.knowledge.topics import title


class ActionClarify(Action):
    def name(self) -> str:
        return "action_clarify"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if misunderstood_before(tracker, self.name()):
            # not FollowupAction("action_handoff"): RulePolicy would repeat action_clarify after it
            hand_over(dispatcher, tracker.sender_id, reason="misunderstood")
            return []
        buttons = choices(parse(tracker, "clarify") or [])
        if buttons:
            dispatcher.utter_message(response="utter_did_you_mean", buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_fallback")
        return []


def misunderstood_before(tracker: Tracker, action: str) -> bool:
    """The application counts, and starts anew when staff give back; `rasa shell` has only the dialogue to look at."""
    counted = (parse(tracker, "metadata") or {}).get("misunderstood")
    return action in previous_actions(tracker) if counted is None else counted > 0


def choices(labels: list[str]) -> list[dict[str, str]]:
    named = ((label, title(label, services().cards, services().titles)) for label in labels)
    return [{"title": name, "payload": f"/{label}"} for label, name in named if name]
