"""A person is asked for: at once, without conditions."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._services import services
from xiaoxiao.errors import XiaoxiaoError


class ActionHandoff(Action):
    def name(self) -> str:
        return "action_handoff"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        wanted = tracker.get_intent_of_latest_message() == "request_human"
        try:
            services().conversations.hand_off(tracker.sender_id, "request_human" if wanted else "misunderstood")
        except XiaoxiaoError:
            dispatcher.utter_message(response="utter_handoff_unavailable")
            return []
        dispatcher.utter_message(response="utter_handoff" if wanted else "utter_handoff_misunderstood")
        return []
