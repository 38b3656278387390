from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions._services import set_services
from actions.browse_category import ActionBrowseCategory
from actions.clarify import ActionClarify
from actions.handoff import ActionHandoff
from xiaoxiao.errors import NotFound
from xiaoxiao.knowledge.cards import load_cards


class Desk:
    """Remembers who was handed over; with nobody there it refuses."""

    def __init__(self, *, staffed: bool = True) -> None:
        self.staffed = staffed
        self.handed_over: list[tuple[str, str]] = []

    def hand_off_contact(self, contact: str, reason: str) -> None:
        if not self.staffed:
            raise NotFound
        self.handed_over.append((contact, reason))


class Twin:
    def __init__(self, desk: Desk) -> None:
        self.conversations = desk
        self.cards = load_cards(Path(__file__).parents[2] / "fixtures/knowledge")
        self.titles = {"query_alert": "查现在的预警"}


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    set_services(Twin(desk))
    yield desk
    set_services(None)


def said(
    action: Action, text: str = "", *, events: list[dict[str, Any]] | None = None, **brought: Any
) -> Any:
    message = {
        "text": text,
        "metadata": brought.pop("metadata", None),  # what rasa shell sends
        "intent": {"name": brought.pop("intent", None)},
        "clarify": brought.pop("clarify", []),
        "entities": [{"entity": name, "value": value} for name, value in brought.items()],
    }
    dispatcher = CollectingDispatcher()
    tracker = Tracker("openid", {}, message, events or [{"event": "user"}], False, None, {}, "action_listen")
    action.run(dispatcher, tracker, {})
    return [(m["response"], [b["payload"] for b in m["buttons"]], m) for m in dispatcher.messages]


def test_unsure_offers_what_has_a_name(desk: Desk) -> None:
    ((response, payloads, _),) = said(
        ActionClarify(), clarify=["faq/nosebleed", "query_alert", "greet", "faq/gone"]
    )
    assert (response, payloads) == ("utter_did_you_mean", ["/faq/nosebleed", "/query_alert"])


def test_no_idea_is_an_honest_no(desk: Desk) -> None:
    ((response, payloads, _),) = said(ActionClarify())
    assert (response, payloads) == ("utter_fallback", [])


def test_the_second_misunderstanding_in_a_row_brings_a_person(desk: Desk) -> None:
    before = [{"event": "user"}, {"event": "action", "name": "action_clarify"}, {"event": "user"}]
    ((response, _, _),) = said(ActionClarify(), events=before)
    assert response == "utter_handoff_misunderstood"
    assert desk.handed_over == [("openid", "misunderstood")]


def test_while_there_are_choices_a_person_comes_a_turn_later(desk: Desk) -> None:
    asked = [
        said(ActionClarify(), clarify=["faq/nosebleed"], metadata={"misunderstood": n}) for n in (0, 1, 2)
    ]
    assert ["utter_did_you_mean", "utter_did_you_mean", "utter_handoff_misunderstood"] == [
        a[0][0] for a in asked
    ]


def test_the_applications_count_goes_before_what_the_dialogue_shows(desk: Desk) -> None:
    before = [{"event": "user"}, {"event": "action", "name": "action_clarify"}, {"event": "user"}]
    given_back = said(ActionClarify(), events=before, metadata={"misunderstood": 0})
    assert ["utter_fallback"] == [response for response, _, _ in given_back]
    assert [] == desk.handed_over
    again = said(ActionClarify(), metadata={"misunderstood": 1})
    assert ["utter_handoff_misunderstood"] == [response for response, _, _ in again]


def test_an_answer_in_between_starts_the_count_anew(desk: Desk) -> None:
    before = [
        {"event": "user"},
        {"event": "action", "name": "action_clarify"},
        {"event": "user"},
        {"event": "action", "name": "utter_faq"},
        {"event": "user"},
    ]
    ((response, _, _),) = said(ActionClarify(), events=before)
    assert response == "utter_fallback"


def test_a_new_session_starts_the_count_anew(desk: Desk) -> None:
    before = [
        {"event": "user"},
        {"event": "action", "name": "action_clarify"},
        {"event": "session_started"},
        {"event": "user"},
    ]
    ((response, _, _),) = said(ActionClarify(), events=before)
    assert response == "utter_fallback"


def test_a_person_comes_when_asked_for(desk: Desk) -> None:
    ((response, _, _),) = said(ActionHandoff(), intent="request_human")
    assert response == "utter_handoff"
    assert desk.handed_over == [("openid", "request_human")]


def test_nobody_there_is_said(desk: Desk) -> None:
    desk.staffed = False
    ((response, _, _),) = said(ActionHandoff(), intent="request_human")
    assert response == "utter_handoff_unavailable"


def test_a_column_shows_its_cards(desk: Desk) -> None:
    ((response, payloads, message),) = said(ActionBrowseCategory(), category="natural")
    assert (response, payloads) == ("utter_category", ["/faq/landslide"])
    assert message["category_title"] == "自然灾害防控"


@pytest.mark.parametrize("page", ["9", "x", "0"])
def test_a_page_that_does_not_exist_is_the_nearest(desk: Desk, page: str) -> None:
    ((_, payloads, _),) = said(ActionBrowseCategory(), category="natural", page=page)
    assert payloads == ["/faq/landslide"]


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("公共卫生栏目", "utter_category_empty"),
        ("看看应急基础常识", "utter_category"),
        ("有哪些栏目", "utter_choose_category"),
    ],
)
def test_a_column_can_be_named_in_words(desk: Desk, text: str, response: str) -> None:
    assert response == said(ActionBrowseCategory(), text)[0][0]
