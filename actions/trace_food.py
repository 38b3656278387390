"""食品追溯: 20 digits stand on meat receipts and on medicine boxes; ask which, then point to the official page."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turns import entity
from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.queries.trace_codes import nearly_codes

_KINDS = ("food", "medicine")


class ActionTraceFood(Action):
    def name(self) -> str:
        return "action_trace_food"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        kind = entity(tracker, "code_kind")
        if kind in _KINDS:
            dispatcher.utter_message(response=f"utter_trace_food_{kind}")
            return []
        wrong = nearly_codes(normalise(tracker.latest_message.get("text") or "").text)
        if wrong:
            dispatcher.utter_message(response="utter_trace_code_wrong", code_length=len(wrong[0].code))
        else:
            dispatcher.utter_message(response="utter_trace_food")
        return []
