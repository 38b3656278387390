"""A person is asked for: at once, without conditions."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._services import services
from xiaoxiao.errors import XiaoxiaoError

_ANSWERS = {"request_human": "utter_handoff", "misunderstood": "utter_handoff_misunderstood"}


class ActionHandoff(Action):
    def name(self) -> str:
        return "action_handoff"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        hand_over(dispatcher, tracker.sender_id, reason="request_human")
        return []


def hand_over(dispatcher: CollectingDispatcher, contact: str, *, reason: str) -> None:
    """Tell staff, then the citizen; when staff cannot be told, she hears that and gets a number instead."""
    try:
        services().conversations.hand_off_contact(contact, reason)
    except XiaoxiaoError:
        dispatcher.utter_message(response="utter_handoff_unavailable")
    else:
        dispatcher.utter_message(response=_ANSWERS[reason])
