"""Not understood: did you mean …, or an honest no; the second no in a row, or the third question back, a person."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._services import services
from actions.handoff import hand_over
from actions.turns import parse, previous_actions
from xiaoxiao.knowledge.topics import title

#: As long as there is something to choose from, 小小 asks back this often: a person's silence can last until morning.
PATIENCE = 2


class ActionClarify(Action):
    def name(self) -> str:
        return "action_clarify"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        buttons = choices(parse(tracker, "clarify") or [])
        of_what = parse(tracker, "follows") is not None  # 那老人呢, and nothing said before
        if misunderstood_before(tracker, self.name()) >= (PATIENCE if buttons or of_what else 1):
            # not FollowupAction("action_handoff"): RulePolicy would repeat action_clarify after it
            hand_over(dispatcher, tracker.sender_id, reason="misunderstood")
            return []
        if buttons:
            dispatcher.utter_message(response="utter_did_you_mean", buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_follow_up_of_what" if of_what else "utter_fallback")
        return []


def misunderstood_before(tracker: Tracker, action: str) -> int:
    """How often in a row. The application counts, and starts anew when staff give back; `rasa shell` has only the
    dialogue to look at, where it is 0 or 1."""
    counted = (parse(tracker, "metadata") or {}).get("misunderstood")
    return int(action in previous_actions(tracker)) if counted is None else int(counted)


def choices(labels: list[str]) -> list[dict[str, str]]:
    named = ((label, title(label, services().cards, services().titles)) for label in labels)
    return [{"title": name, "payload": f"/{label}"} for label, name in named if name]
