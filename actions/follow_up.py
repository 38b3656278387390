"""What is asked further about the card answered last: its own sentences that speak to it, or an honest no."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._services import services
from actions.turns import parse, said_lately
from xiaoxiao.knowledge.cards import Card
from xiaoxiao.knowledge.follow_ups import Form, Leaning
from xiaoxiao.knowledge.passages import NUMBERS, REST, Passage, Section, fitting
from xiaoxiao.knowledge.render import hotline_line

_OF_SOMEBODY_ILL = ("basics", "health")
_AMBULANCE = "120"


class ActionFollowUp(Action):
    def name(self) -> str:
        return "action_follow_up"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        follows = parse(tracker, "follows") or {}
        card = services().cards.get(follows.get("card"))
        if card is None:
            dispatcher.utter_message(response="utter_follow_up_of_what")
            return []
        leaning = Leaning(
            Form(follows["form"]), tuple(follows["kinds"]), tuple(follows["sought"]), follows["content"]
        )
        response, words = answered(card, leaning, said_lately(tracker))
        dispatcher.utter_message(response=response, card_title=card.title, **words)
        return []


def answered(card: Card, leaning: Leaning, read: str) -> tuple[str, dict[str, str]]:
    """The response and its words."""
    numbers = hotline_line(services().hotlines.resolve(card.hotlines))
    if NUMBERS in leaning.sought and numbers:
        return "utter_follow_up_hotlines", {"hotlines": numbers}
    if passages := fitting(card, leaning, read):
        return "utter_follow_up", {"passages": paragraphs(passages)}
    if REST in leaning.sought:
        return "utter_follow_up_nothing_more", {}
    ill = card.category in _OF_SOMEBODY_ILL or _AMBULANCE in card.hotlines
    response = "utter_follow_up_silent_health" if ill else "utter_follow_up_silent"
    return response, {"lead": card.lead, "hotlines": numbers or "☎ 12345"}


def paragraphs(passages: tuple[Passage, ...]) -> str:
    """A line each; sentences of the background are one text."""
    lines: list[str] = []
    before = None
    for passage in passages:
        if lines and passage.section is before is Section.BACKGROUND:
            lines[-1] += passage.shown
        else:
            lines.append(passage.shown)
        before = passage.section
    return "\n".join(lines)
