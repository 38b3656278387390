"""The five columns of the menu: the cards of one, eight at a time, as buttons."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._services import services
from actions.turns import entity
from xiaoxiao.knowledge.cards import CATEGORIES, Card

PAGE = 8  # buttons that fit one phone screen


class ActionBrowseCategory(Action):
    def name(self) -> str:
        return "action_browse_category"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        category = entity(tracker, "category") or named_category(tracker.latest_message.get("text") or "")
        if category not in CATEGORIES:
            dispatcher.utter_message(response="utter_choose_category")
            return []
        cards = services().cards.of(category)
        pages = -(-len(cards) // PAGE)
        page = max(1, min(pages, whole(entity(tracker, "page"))))
        response = "utter_category" if cards else "utter_category_empty"
        dispatcher.utter_message(
            response=response,
            category_title=CATEGORIES[category],
            page=page,
            pages=pages,
            buttons=buttons(cards, category, page, pages),
        )
        return []


def named_category(text: str) -> str | None:
    """The column whose subject the citizen names: 公共卫生栏目 → health."""
    subjects = (
        (key, title.removesuffix("事件防控").removesuffix("防控")) for key, title in CATEGORIES.items()
    )
    return next((key for key, subject in subjects if subject[-4:] in text or subject in text), None)


def whole(value: str | None) -> int:
    return int(value) if value and str(value).isdigit() else 1


def buttons(cards: tuple[Card, ...], category: str, page: int, pages: int) -> list[dict[str, str]]:
    shown = cards[(page - 1) * PAGE : page * PAGE]
    listed = [{"title": card.title, "payload": f"/faq/{card.id}"} for card in shown]
    if page < pages:
        payload = f'/browse_category{{"category":"{category}","page":"{page + 1}"}}'
        listed.append({"title": "下一页", "payload": payload})
    return listed
