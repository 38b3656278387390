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
from xiaoxiao.knowledge.render import donts_line, hotline_line

_OF_SOMEBODY_ILL = ("basics", "health")
_AMBULANCE = "120"
_SILENT = ("utter_follow_up_silent", "utter_follow_up_silent_health")
_NOTHING_MORE = "utter_follow_up_nothing_more"
_OFFERED = 2


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
        response, words = answered(card, leaning, said_lately(tracker), whole=bool(follows.get("whole")))
        silent = response in _SILENT
        buttons = elsewhere(parse(tracker, "kin") or [], leaning) if silent else []
        # nobody is asked whether an honest no was useful
        told = {"silent": True} if silent or response == _NOTHING_MORE else None
        dispatcher.utter_message(
            response=response, buttons=buttons, json_message=told, card_title=card.title, **words
        )
        return []


def answered(card: Card, leaning: Leaning, read: str, *, whole: bool = False) -> tuple[str, dict[str, str]]:
    """The response and its words. `whole`: the card itself is an answer, when no sentence of it stands out."""
    numbers = hotline_line(services().hotlines.resolve(card.hotlines))
    if NUMBERS in leaning.sought and numbers:
        return "utter_follow_up_hotlines", {"hotlines": numbers}
    if passages := fitting(card, leaning, read):
        return "utter_follow_up", {"passages": paragraphs(passages)}
    if REST in leaning.sought:
        return _NOTHING_MORE, {}
    if whole:
        return f"utter_faq/{card.id}", {}
    ill = card.category in _OF_SOMEBODY_ILL or card.hotlines[:1] == (_AMBULANCE,)
    response = "utter_follow_up_silent_health" if ill else "utter_follow_up_silent"
    # 能回去拿手机吗 may be forbidden in other words (回屋拿东西): what must not be done is always said
    first = "\n".join(filter(None, (card.lead, donts_line(card))))
    return response, {"lead": first, "hotlines": numbers or "☎ 12345"}


def elsewhere(kin: list[str], leaning: Leaning) -> list[dict[str, str]]:
    """Cards about nearly the same that do speak of it, as buttons."""
    if not (leaning.swaps or len(leaning.content) > 1):  # 多久: every card speaks of some time
        return []
    cards = [card for card in map(services().cards.get, kin) if card]
    speaking = [card for card in cards if any(p.section is not Section.LEAD for p in fitting(card, leaning))]
    return [{"title": card.title, "payload": f"/faq/{card.id}"} for card in speaking[:_OFFERED]]


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
