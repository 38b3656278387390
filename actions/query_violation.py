"""违章: read the plate back, point to the official app. Nothing is looked up and nothing kept."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from xiaoxiao.knowledge.normal_form import normalise
from xiaoxiao.queries.plates import find_plates


class ActionQueryViolation(Action):
    def name(self) -> str:
        return "action_query_violation"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        readings = find_plates(normalise(tracker.latest_message.get("text") or "").text)
        if not readings:
            dispatcher.utter_message(response="utter_query_violation")
        elif readings[0].suggestion:
            dispatcher.utter_message(response="utter_plate_doubtful", plate_suggestion=readings[0].suggestion)
        elif readings[0].plate and not readings[0].plate.supported:
            dispatcher.utter_message(
                response="utter_plate_unsupported", plate_kind=readings[0].plate.kind.value
            )
        elif plate := readings[0].plate:
            dispatcher.utter_message(
                response="utter_violation_plate", plate_masked=plate.masked, plate_kind=plate.kind.value
            )
        else:
            dispatcher.utter_message(response="utter_query_violation")
        return []
